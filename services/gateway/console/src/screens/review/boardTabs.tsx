// The parts of the Board, by themselves, for a LIVE that is over.

import type { ReactNode } from "react";
import { useBoard, useMetrics } from "../../api/queries";
import type { Session } from "../../api/types";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Audience } from "../board/Audience";
import "../board/board.css";
import { Channels } from "../board/Channels";
import { Minutes, type PanelProps } from "../board/Minutes";
import { ProductTable } from "../board/ProductTable";
import { useRange } from "../board/useRange";
import "../../words/board";
import "../../words/orders";
import "../../words/sessions";

interface Props {
  session: Session;
}

/** Gives the parts the whole of a session. */
function Whole({ session, children }: Props & { children: (parts: PanelProps) => ReactNode }) {
  const board = useBoard(session.session_id);
  const metrics = useMetrics();
  const range = useRange(board.data, false);
  if (board.isPending) return <Skeleton lines={8} />;
  if (!board.data) return <ProblemNote error={board.error} retry={() => void board.refetch()} />;
  const freshness = { board: board.data, readAt: board.dataUpdatedAt, current: false };
  return <>{children({ freshness, metrics, range, running: false })}</>;
}

export const MinutesTab = ({ session }: Props) => <Minutes sessionId={session.session_id} />;

export const ProductsTab = ({ session }: Props) => <Whole session={session}>{(parts) => <ProductTable {...parts} />}</Whole>;

export function AudienceTab({ session }: Props) {
  return (
    <Whole session={session}>
      {(parts) => (
        <div className="review-pair">
          <Audience {...parts} />
          <Channels {...parts} />
        </div>
      )}
    </Whole>
  );
}
