import type { Registry } from "../../api/queries";
import type { Board } from "../../api/types";
import { named, t } from "../../i18n";
import { count, DASH, percent } from "../../lib/format";
import { EmptyState } from "../../ui/EmptyState";
import { MetricTip } from "../../ui/MetricTip";
import { Fresh } from "./TopBar";

export function Channels({ board, metrics }: { board: Board; metrics: Registry }) {
  const channels = board.channels ?? [];
  return (
    <section className="panel" aria-labelledby="channels-title">
      <header className="panel-head">
        <h2 id="channels-title">{t("channels")}</h2>
        <Fresh board={board} />
      </header>
      {channels.length === 0 ? (
        <EmptyState title={t("channels.none")} />
      ) : (
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
      )}
    </section>
  );
}
