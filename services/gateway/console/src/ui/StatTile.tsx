import Down from "lucide-react/icons/trending-down";
import Up from "lucide-react/icons/trending-up";
import type { ReactNode } from "react";
import { t } from "../i18n";
import { HelpTip } from "./HelpTip";
import "./StatTile.css";

interface Props {
  name: string;
  /** Formatted; a dash where there is none. */
  value: string;
  /** Why there is no value: told on hover, on focus and by touch. */
  missing?: string;
  /** Formatted change, such as "+12.5%", and whether it is for the better. */
  delta?: { text: string; direction: "up" | "down" | "level"; good?: boolean; against?: string };
  /** When it was true: "14:51:05". */
  asOf?: string;
  /** The question mark beside the name: a HelpTip or MetricTip. */
  help?: ReactNode;
  /** A Sparkline. */
  chart?: ReactNode;
  size?: "compact" | "medium" | "large";
}

/** A number that is looked at: name, value, change, and when it was true. */
export function StatTile({ name, value, missing, delta, asOf, help, chart, size = "medium" }: Props) {
  return (
    <div className={`stat stat-${size}`} role="group" aria-label={name}>
      <p className="stat-name"><span>{name}</span>{help}</p>
      <p className="stat-value">
        {missing ? <HelpTip label={`${value} ${missing}`} text={missing}>{value}</HelpTip> : value}
      </p>
      {(delta || asOf) && (
        <p className="stat-foot">
          {delta && <Delta {...delta} />}
          {asOf && <span className="stat-as-of">{t("fresh.time", { time: asOf })}</span>}
        </p>
      )}
      {chart && <div className="stat-chart">{chart}</div>}
    </div>
  );
}

function Delta({ text, direction, good, against }: NonNullable<Props["delta"]>) {
  const tone = good === undefined || direction === "level" ? "" : good ? " delta-good" : " delta-bad";
  return (
    <span className={`delta${tone}`}>
      {direction === "up" && <Up size={13} aria-hidden />}
      {direction === "down" && <Down size={13} aria-hidden />}
      {text}
      {against && <span className="delta-against">{against}</span>}
    </span>
  );
}
