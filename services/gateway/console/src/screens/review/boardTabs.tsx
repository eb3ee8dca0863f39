// The parts of the Board, by themselves, for a LIVE that is over.

import { useBoard, useMetrics, useProductNames } from "../../api/queries";
import type { Board, Session } from "../../api/types";
import type { ReactNode } from "react";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Audience } from "../board/Audience";
import { Channels } from "../board/Channels";
import { ProductTable } from "../board/ProductTable";
import { Trends } from "../board/Trends";

interface Props {
  session: Session;
}

function WithBoard({ session, children }: Props & { children: (board: Board) => ReactNode }) {
  const board = useBoard(session.session_id);
  if (board.isPending) return <Skeleton lines={8} />;
  if (!board.data) return <ProblemNote error={board.error} retry={() => void board.refetch()} />;
  return <>{children(board.data)}</>;
}

export function MinutesTab({ session }: Props) {
  const metrics = useMetrics();
  const names = useProductNames(session.session_id);
  return <WithBoard session={session}>{(board) => <Trends board={board} metrics={metrics} names={names} running={false} />}</WithBoard>;
}

export function ProductsTab({ session }: Props) {
  const metrics = useMetrics();
  return <ProductTable sessionId={session.session_id} metrics={metrics} currency={session.currency} running={false} />;
}

export function AudienceTab({ session }: Props) {
  const metrics = useMetrics();
  return (
    <WithBoard session={session}>
      {(board) => (
        <div className="review-pair">
          <Audience sessionId={session.session_id} running={false} />
          <Channels board={board} metrics={metrics} />
        </div>
      )}
    </WithBoard>
  );
}
