import { useState } from "react";
import { useAudience } from "../../api/queries";
import type { AudienceSlice } from "../../api/types";
import { named, t } from "../../i18n";
import { count, DASH, percent, region } from "../../lib/format";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";

const DIMENSIONS = ["follower", "gender", "age_band", "region"] as const;
type Dimension = (typeof DIMENSIONS)[number];

function sliceName(dimension: Dimension, value: string): string {
  if (dimension === "region" && /^[A-Z]{2}$/.test(value)) return region(value);
  return named(`audience.${dimension}`, value, named("audience.value", value.replaceAll(" ", "_"), value));
}

export function Audience({ sessionId, running }: { sessionId: string; running: boolean }) {
  const [dimension, setDimension] = useState<Dimension>("follower");
  const audience = useAudience(sessionId, running);
  const data = audience.data;
  const slices = (data?.slices ?? []).filter((slice) => slice.dimension === dimension);
  const total = (value: number | null | undefined) => (value == null ? DASH : count(value));
  return (
    <section className="panel" aria-labelledby="audience-title">
      <header className="panel-head">
        <h2 id="audience-title">{t("audience")}</h2>
        <SegmentedControl
          label={t("audience.by")}
          value={dimension}
          onChange={setDimension}
          choices={DIMENSIONS.map((id) => ({ id, text: t(`audience.${id}`) }))}
        />
      </header>
      {audience.isPending && <Skeleton />}
      {audience.error && <ProblemNote error={audience.error} />}
      {data && (
        <>
          <dl className="totals">
            <div><dt>{t("audience.viewers")}</dt><dd>{total(data.viewers)}</dd></div>
            <div><dt>{t("audience.buyers")}</dt><dd>{total(data.buyers)}</dd></div>
            <div><dt>{t("audience.first-time")}</dt><dd>{total(data.first_time_buyers)}</dd></div>
          </dl>
          {slices.length === 0 ? <EmptyState title={t("audience.none")} /> : <Slices dimension={dimension} slices={slices} />}
        </>
      )}
    </section>
  );
}

function Slices({ dimension, slices }: { dimension: Dimension; slices: AudienceSlice[] }) {
  const viewers = slices.reduce((sum, slice) => sum + slice.viewers, 0);
  const share = (part: number) => (viewers ? part / viewers : 0);
  return (
    <table className="table table-tight">
      <thead>
        <tr>
          <th scope="col">{t(`audience.${dimension}`)}</th>
          <th scope="col">{t("audience.share")}</th>
          <th scope="col" className="number">{t("audience.viewers")}</th>
          <th scope="col" className="number">{t("audience.buyers")}</th>
        </tr>
      </thead>
      <tbody>
        {slices.slice(0, 12).map((slice) => (
          <tr key={slice.value}>
            <th scope="row">{sliceName(dimension, slice.value)}</th>
            <td className="cell-bar">
              <span className="bar" aria-hidden="true">
                <span className="bar-fill" style={{ inlineSize: `${share(slice.viewers) * 100}%` }} />
              </span>
              <span className="tabular bar-text">{viewers ? percent(share(slice.viewers)) : DASH}</span>
            </td>
            <td className="number">{count(slice.viewers)}</td>
            <td className="number">{count(slice.buyers)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
