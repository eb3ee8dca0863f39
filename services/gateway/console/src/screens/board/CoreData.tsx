import { memo } from "react";
import type { Registry } from "../../api/queries";
import type { Board, Metric } from "../../api/types";
import { named, t } from "../../i18n";
import { DASH, reading } from "../../lib/format";
import { HelpTip } from "../../ui/HelpTip";
import { MetricTip } from "../../ui/MetricTip";
import { GROUPS } from "../live/Columns";
import { PresenceNote } from "./PresenceNote";
import { Fresh, freshness, freshnessHint } from "./TopBar";

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
              <header className="core-head">
                <h3 id={`core-${group}`}>{named("group", group)}</h3>
                {group === "traffic" && <PresenceNote source={board.presence_source} />}
                <Fresh board={board} />
              </header>
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
