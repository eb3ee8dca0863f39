import { useState } from "react";
import { type Registry, useAudience } from "../../api/queries";
import type { AudienceSlice } from "../../api/types";
import { named, t } from "../../i18n";
import { count, DASH, percent, region } from "../../lib/format";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import type { Freshness } from "./asOf";
import { PanelHead } from "./PanelHead";
import type { RangeState } from "./useRange";

const DIMENSIONS = ["follower", "gender", "age_band", "region"] as const;
type Dimension = (typeof DIMENSIONS)[number];

function sliceName(dimension: Dimension, value: string): string {
  if (dimension === "region" && /^[A-Z]{2}$/.test(value)) return region(value);
  return named(`audience.${dimension}`, value, named("audience.value", value.replaceAll(" ", "_"), value));
}

interface Props {
  freshness: Freshness;
  metrics: Registry;
  range: RangeState;
  running: boolean;
}

/** Who watched and who bought, in the part that is shown. */
export function Audience({ freshness, metrics, range, running }: Props) {
  const [dimension, setDimension] = useState<Dimension>("follower");
  const audience = useAudience(freshness.board.session.session_id, running, range.query);
  const data = audience.data;
  const slices = (data?.slices ?? []).filter((slice) => slice.dimension === dimension);
  const total = (value: number | null | undefined) => (value == null ? DASH : count(value));
  return (
    <section className="panel" aria-labelledby="audience-title">
      <PanelHead id="audience-title" title={t("audience")} freshness={freshness} metric={metrics.get("unique_viewers")} range={range} />
      {audience.isPending && <Skeleton />}
      {audience.error && <ProblemNote error={audience.error} />}
      {data && (
        <>
          <dl className="totals">
            <div><dt>{t("audience.viewers")}</dt><dd>{total(data.viewers)}</dd></div>
            <div><dt>{t("audience.buyers")}</dt><dd>{total(data.buyers)}</dd></div>
            <div><dt>{t("audience.first-time")}</dt><dd>{total(data.first_time_buyers)}</dd></div>
          </dl>
          <SegmentedControl
            label={t("audience.by")}
            value={dimension}
            onChange={setDimension}
            choices={DIMENSIONS.map((id) => ({ id, text: t(`audience.${id}`) }))}
          />
          {data.buyers_only && <p className="muted small">{t("audience.buyers-only")}</p>}
          {slices.length === 0 && <EmptyState title={t(data.buyers_only ? "audience.none-then" : "audience.none")} />}
          {slices.length > 0 && <Slices dimension={dimension} slices={slices} of={data.buyers_only ? "buyers" : "viewers"} />}
        </>
      )}
    </section>
  );
}

interface SlicesProps {
  dimension: Dimension;
  slices: AudienceSlice[];
  /** Whose shares are drawn; viewers are not known everywhere. */
  of: "viewers" | "buyers";
}

const MOST_SLICES = 12;

function Slices({ dimension, slices, of }: SlicesProps) {
  const total = slices.reduce((sum, slice) => sum + slice[of], 0);
  const share = (part: number) => (total ? part / total : 0);
  return (
    <div className="table-frame table-plain" role="group" aria-labelledby="audience-title" tabIndex={0}>
      <table className="table table-tight">
        <thead>
          <tr>
            <th scope="col">{t(`audience.${dimension}`)}</th>
            <th scope="col">{t(of === "viewers" ? "audience.share" : "audience.share-buyers")}</th>
            {of === "viewers" && <th scope="col" className="number">{t("audience.viewers")}</th>}
            <th scope="col" className="number">{t("audience.buyers")}</th>
          </tr>
        </thead>
        <tbody>
          {slices.slice(0, MOST_SLICES).map((slice) => (
            <tr key={slice.value}>
              <th scope="row">{sliceName(dimension, slice.value)}</th>
              <td className="cell-bar">
                <span className="bar" aria-hidden="true">
                  <span className="bar-fill" style={{ inlineSize: `${share(slice[of]) * 100}%` }} />
                </span>
                <span className="tabular bar-text">{total ? percent(share(slice[of])) : DASH}</span>
              </td>
              {of === "viewers" && <td className="number">{count(slice.viewers)}</td>}
              <td className="number">{count(slice.buyers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
