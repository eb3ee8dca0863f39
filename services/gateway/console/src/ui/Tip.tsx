import type { ReactNode } from "react";
import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import { useMetrics } from "../api/queries";
import type { Metric } from "../api/types";
import { t } from "../i18n";
import { formulaText } from "../lib/formula";

interface TipProps {
  /** What the button is called for a screen reader. */
  label: string;
  text: ReactNode;
  children: ReactNode;
  className?: string;
}

/** Something that explains itself on hover and on focus. */
export function Tip({ label, text, children, className = "tip" }: TipProps) {
  return (
    <TooltipTrigger delay={200} closeDelay={50}>
      <Button className={className} aria-label={label}>
        {children}
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** The "?" beside a number: what the registry says about it. */
export function MetricTip({ metric }: { metric: Metric | undefined }) {
  const metrics = useMetrics();
  if (!metric) return null;
  return (
    <Tip
      label={t("metric.explain", { title: metric.title })}
      className="tip tip-question"
      text={
        <>
          <strong>{metric.title}</strong>
          <span>{metric.definition}</span>
          <span className="tooltip-formula">{t("metric.formula", { formula: formulaText(metric.formula, (name) => metrics.get(name)?.title) })}</span>
        </>
      }
    >
      <span aria-hidden="true">?</span>
    </Tip>
  );
}
