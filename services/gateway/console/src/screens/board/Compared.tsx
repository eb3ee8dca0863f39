import { type Registry, useComparison } from "../../api/queries";
import { t } from "../../i18n";
import { change, DASH } from "../../lib/format";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { MetricTip } from "../../ui/MetricTip";
import { Value } from "../live/SessionTable";

interface Props {
  sessionId: string;
  metrics: Registry;
  currency: string;
}

/** While on air what cannot be compared at the same elapsed time is left out: it would be a row of dashes. */
const comparable = ({ average }: { average: { missing?: string } }) => average.missing !== "not_known";

/** The session beside the account's average. */
export function Compared({ sessionId, metrics, currency }: Props) {
  const { data, isPending, error } = useComparison(sessionId);
  return (
    <section className="panel" aria-labelledby="compared-title">
      <header className="panel-head">
        <h2 id="compared-title">{t("compared")}</h2>
        {data && data.sessions > 0 && (
          <span className="muted small">
            {data.elapsed_minutes == null
              ? t("compared.over", { n: data.sessions })
              : t("compared.over-elapsed", { n: data.sessions, minutes: data.elapsed_minutes })}
          </span>
        )}
      </header>
      {isPending && <Skeleton />}
      {error && <ProblemNote error={error} />}
      {data && data.sessions === 0 && <EmptyState title={t("compared.none")} />}
      {data && data.sessions > 0 && (
        <div className="compare">
          {data.comparisons.filter((one) => data.elapsed_minutes == null || comparable(one)).map(({ reading, average, difference }) => {
            const metric = metrics.get(reading.metric);
            const unit = metric?.unit ?? "count";
            return (
              <div key={reading.metric} className="compare-item">
                <p className="tile-name">
                  {metric?.title ?? reading.metric}
                  <MetricTip metric={metric} />
                </p>
                <p className="compare-value">
                  <Value value={reading} unit={unit} currency={currency} />
                  <span className="compare-change" data-sign={Math.sign(difference ?? 0)}>
                    {difference == null ? DASH : change(difference)}
                  </span>
                </p>
                <p className="muted small">
                  {t("compared.average")} <Value value={average} unit={unit} currency={currency} />
                </p>
              </div>
            );
          })}
        </div>
      )}
    </section>
  );
}
