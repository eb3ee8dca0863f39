import type { Metric } from "../../api/types";
import { t } from "../../i18n";
import { Badge } from "../../ui/Badge";
import { type Freshness, useAsOf } from "./asOf";
import { rangeText } from "./RangeTools";
import type { RangeState } from "./useRange";

interface Props {
  id: string;
  title: string;
  freshness: Freshness;
  /** How fresh the panel is, is how fresh this one is. */
  metric: Metric | undefined;
  range: RangeState;
}

/** The head of a panel that shows what is marked in the charts: says which part, and how fresh it is. */
export function PanelHead({ id, title, freshness, metric, range }: Props) {
  const asOf = useAsOf(freshness, metric);
  return (
    <header className="panel-head">
      <h2 id={id}>{title}</h2>
      <span className="row">
        {range.shown && <Badge tone="accent">{rangeText(range.shown)}</Badge>}
        {asOf && <span className="tile-fresh">{t("fresh.time", { time: asOf })}</span>}
      </span>
    </header>
  );
}
