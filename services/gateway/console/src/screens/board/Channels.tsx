import { type Registry, useTrend } from "../../api/queries";
import { named, t } from "../../i18n";
import { count, DASH, percent } from "../../lib/format";
import { EmptyState } from "../../ui/EmptyState";
import { MetricTip } from "../../ui/MetricTip";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import type { Freshness } from "./asOf";
import { PanelHead } from "./PanelHead";
import type { RangeState } from "./useRange";

interface Props {
  freshness: Freshness;
  metrics: Registry;
  range: RangeState;
  running: boolean;
}

/** Where viewers came from, in the part that is shown. */
export function Channels({ freshness, metrics, range, running }: Props) {
  const { board } = freshness;
  const asked = range.shown !== undefined;
  const part = useTrend(board.session.session_id, { metrics: asked ? ["views"] : [], ...range.query }, running);
  const channels = (asked ? part.data?.channels : board.channels) ?? [];
  const known = !asked || part.data !== undefined;
  return (
    <section className="panel" aria-labelledby="channels-title">
      <PanelHead id="channels-title" title={t("channels")} freshness={freshness} metric={metrics.get("views")} range={range} />
      {asked && part.isLoading && <Skeleton />}
      {asked && part.error && <ProblemNote error={part.error} />}
      {known && channels.length === 0 && <EmptyState title={t(asked ? "channels.none-then" : "channels.none")} />}
      {channels.length > 0 && (
        <div className="table-frame table-plain" role="group" aria-labelledby="channels-title" tabIndex={0}>
          <table className="table table-tight">
            <thead>
              <tr>
                <th scope="col">{t("channels.channel")}</th>
                <th scope="col">{t("channels.share")}</th>
                <th scope="col" className="number">
                  {metrics.get("views")?.title} <MetricTip metric={metrics.get("views")} />
                </th>
                <th scope="col" className="number">
                  {metrics.get("impressions")?.title} <MetricTip metric={metrics.get("impressions")} />
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map((row) => (
                <tr key={row.channel}>
                  <th scope="row">{named("channel", row.channel)}</th>
                  <td className="cell-bar">
                    <span className="bar" aria-hidden="true">
                      <span className="bar-fill" style={{ inlineSize: `${(row.share ?? 0) * 100}%` }} />
                    </span>
                    <span className="tabular bar-text">{row.share == null ? DASH : percent(row.share)}</span>
                  </td>
                  <td className="number">{count(row.views)}</td>
                  <td className="number">{count(row.impressions)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
