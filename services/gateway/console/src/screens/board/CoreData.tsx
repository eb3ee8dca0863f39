import { memo } from "react";
import type { Registry } from "../../api/queries";
import type { Board, Metric } from "../../api/types";
import { named, t } from "../../i18n";
import { count, DASH, reading, zoned } from "../../lib/format";
import { MetricTip, Tip } from "../../ui/Tip";
import { GROUPS } from "../sessions/Columns";
import { freshness } from "./TopBar";

export function CoreData({ board, metrics }: { board: Board; metrics: Registry }) {
  return (
    <section className="panel" aria-labelledby="core-title">
      <header className="panel-head">
        <h2 id="core-title">{t("core")}</h2>
      </header>
      <div className="core">
        {GROUPS.map((group) => {
          const names = board.core.map((one) => one.metric).filter((name) => metrics.get(name)?.group === group);
          if (names.length === 0) return null;
          return (
            <section key={group} className="core-group" aria-labelledby={`core-${group}`}>
              <h3 id={`core-${group}`}>{named("group", group)}</h3>
              <div className="tiles">
                {names.map((name) => (
                  <Tile key={name} name={name} metric={metrics.get(name)} board={board} />
                ))}
              </div>
            </section>
          );
        })}
      </div>
    </section>
  );
}

interface TileProps {
  name: string;
  metric: Metric | undefined;
  board: Board;
}

/** One number with its definition, and how fresh it is. */
export const Tile = memo(function Tile({ name, metric, board }: TileProps) {
  const value = board.core.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", board.session.currency);
  const why = named("missing", value?.missing || "not_yet");
  return (
    <div className="tile" data-metric={name}>
      <p className="tile-name">
        {metric?.title ?? name}
        <MetricTip metric={metric} />
      </p>
      <p className="tile-value">
        {text === DASH ? (
          <Tip label={why} text={why} className="tip tip-dash">
            {DASH}
          </Tip>
        ) : (
          text
        )}
      </p>
      <p className="tile-fresh" title={freshnessHint(board)}>
        {freshness(board)}
      </p>
    </div>
  );
});

function freshnessHint(board: Board): string {
  const { watermark } = board;
  if (!watermark) return "";
  const facts = t("fresh.facts", { n: count(watermark.position) });
  const signals = watermark.signals_time
    ? t("fresh.signals", { time: zoned(watermark.signals_time) })
    : t("fresh.no-signals");
  return `${facts} ${signals}`;
}
