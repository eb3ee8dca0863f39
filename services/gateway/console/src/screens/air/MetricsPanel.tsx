import { type Registry, useTrend } from "../../api/queries";
import type { Board } from "../../api/types";
import { t } from "../../i18n";
import { isStrings, useStored } from "../../lib/stored";
import { Tile } from "./MetricTile";
import { Fresh } from "../board/TopBar";
import { overUntil, pointsOver } from "../board/whole";
import { Columns } from "../live/Columns";
import { Sparkline } from "../../ui/Sparkline";

const FIRST = ["gmv", "viewers_now", "orders", "units_sold", "ctr", "ctor", "new_followers"];
const MOST = 8;
/** So many minutes, the newest ones, are drawn. */
const LONGEST = 60;
/** Those two get their course drawn: they are what a host steers by. */
const DRAWN = ["gmv", "viewers_now"];

/** The numbers that the host has chosen to keep in sight. */
export function MetricsPanel({ board, metrics, stale }: { board: Board; metrics: Registry; stale: boolean }) {
  const [chosen, setChosen] = useStored("desk-metrics", FIRST, isStrings);
  const { session } = board;
  const shown = metrics.size ? chosen.filter((name) => metrics.has(name)) : chosen;
  const counted = session.start_time && session.source !== "import";
  const drawn = useTrend(session.session_id, { metrics: counted ? DRAWN : [] }, session.state === "live").data;
  const over = drawn && pointsOver(drawn, overUntil(drawn, session, true));
  const course = (name: string) =>
    (drawn?.series.find((one) => one.metric === name)?.points.slice(0, over) ?? []).slice(-LONGEST).map((point) => point.value ?? null);
  return (
    <section className={stale ? "room-metrics room-metrics-stale" : "room-metrics"} aria-label={t("desk.metrics")}>
      <div className="tiles">
        {shown.map((name) => (
          <div key={name} className="room-tile">
            <Tile metric={metrics.get(name)} name={name} board={board} />
            {DRAWN.includes(name) && <Sparkline values={course(name)} />}
          </div>
        ))}
      </div>
      <div className="room-metrics-tools">
        <Columns metrics={metrics} chosen={shown} onChange={setChosen} label={t("trends.metrics")} most={MOST} />
        <Fresh board={board} />
      </div>
    </section>
  );
}
