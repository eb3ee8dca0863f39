import { type Registry, useBoard, useMetrics, useProductNames } from "../../api/queries";
import { SessionProblem } from "../../ui/SessionProblem";
import { NotKnown } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import type { Freshness } from "./asOf";
import { Audience } from "./Audience";
import "./board.css";
import { Channels } from "./Channels";
import { ProductTable } from "./ProductTable";
import { Timeline } from "./Timeline";
import { type RangeState, useRange } from "./useRange";

export interface PanelProps {
  freshness: Freshness;
  metrics: Registry;
  range: RangeState;
  running: boolean;
}

/** The minutes of a session, and what products, channels and the audience did in the part that is marked there. */
export function MinutePanels({ freshness, metrics, range, running }: PanelProps) {
  const { session } = freshness.board;
  const names = useProductNames(session.session_id);
  const shared = { freshness, metrics, range, running };
  return (
    <>
      <Timeline {...shared} names={names} />
      <ProductTable {...shared} />
      <div className="board-pair">
        <Channels {...shared} />
        <Audience {...shared} />
      </div>
    </>
  );
}

/** The same by itself, for the review of a session that has ended. */
export function Minutes({ sessionId }: { sessionId: string }) {
  const board = useBoard(sessionId);
  const metrics = useMetrics();
  const running = board.data !== undefined && board.data.session.state !== "ended";
  const range = useRange(board.data, running);
  if (board.isPending) return <Skeleton lines={8} />;
  if (!board.data) return <SessionProblem error={board.error} retry={() => void board.refetch()} />;
  if (board.data.session.source === "import") return <NotKnown />;
  const freshness: Freshness = { board: board.data, readAt: board.dataUpdatedAt, current: false };
  return <div className="board-main"><MinutePanels freshness={freshness} metrics={metrics} range={range} running={running} /></div>;
}
