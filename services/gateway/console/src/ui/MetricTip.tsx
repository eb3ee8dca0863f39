import { useMetrics } from "../api/queries";
import type { Metric } from "../api/types";
import { t } from "../i18n";
import { formulaText } from "../lib/formula";
import { HelpTip } from "./HelpTip";

/** The "?" beside a number: what the registry says about it. */
export function MetricTip({ metric }: { metric: Metric | undefined }) {
  const metrics = useMetrics();
  if (!metric) return null;
  const formula = formulaText(metric.formula, (name) => metrics.get(name)?.title);
  return (
    <HelpTip
      label={t("metric.explain", { title: metric.title })}
      text={
        <>
          <strong>{metric.title}</strong>
          <span>{metric.definition}</span>
          <span className="help-tip-formula">{t("metric.formula", { formula })}</span>
        </>
      }
    />
  );
}
