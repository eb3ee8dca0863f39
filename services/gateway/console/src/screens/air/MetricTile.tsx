import { memo } from "react";
import type { Board, Metric } from "../../api/types";
import { named } from "../../i18n";
import { DASH, reading } from "../../lib/format";
import { HelpTip } from "../../ui/HelpTip";
import { MetricTip } from "../../ui/MetricTip";
import { freshness, freshnessHint } from "../board/TopBar";

interface Props {
  name: string;
  metric: Metric | undefined;
  board: Board;
}

/** One number with its definition, and how fresh it is. */
export const Tile = memo(function Tile({ name, metric, board }: Props) {
  const value = board.core.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", board.session.currency);
  const why = named("missing", value?.missing || "not_yet");
  return (
    <div className="tile" data-metric={name} title={freshnessHint(board)}>
      <p className="tile-name">
        {metric?.title ?? name}
        <MetricTip metric={metric} />
      </p>
      <p className="tile-value">
        {text === DASH ? (
          <HelpTip label={why} text={why}>
            {DASH}
          </HelpTip>
        ) : (
          text
        )}
      </p>
      <p className="visually-hidden">{freshness(board)}</p>
    </div>
  );
});
