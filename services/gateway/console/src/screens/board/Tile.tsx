import { memo } from "react";
import type { Metric, Reading } from "../../api/types";
import { named } from "../../i18n";
import { DASH, reading } from "../../lib/format";
import { MetricTip } from "../../ui/MetricTip";
import { StatTile } from "../../ui/StatTile";
import { type Freshness, useAsOf } from "./asOf";

interface Props {
  name: string;
  metric: Metric | undefined;
  freshness: Freshness;
}

/** Why a reading has no value, in words. */
export const whyMissing = (value: Reading | undefined) => named("missing", value?.missing || "not_yet");

/** One number in little room: its name with its definition, its value or why there is none, and its own "as of". */
export const Tile = memo(function Tile({ name, metric, freshness }: Props) {
  const { board } = freshness;
  const value = board.core.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", board.session.currency);
  const asOf = useAsOf(freshness, metric);
  return (
    <div className="metric-tile" data-metric={name}>
      <StatTile
        size="compact"
        name={metric?.title ?? name}
        value={text}
        missing={text === DASH ? whyMissing(value) : undefined}
        help={<MetricTip metric={metric} />}
        asOf={asOf}
      />
    </div>
  );
});
