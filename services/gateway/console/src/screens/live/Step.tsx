import { Navigate, useParams } from "@tanstack/react-router";
import { useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";

/** Which step of a LIVE fits how it stands: it is planned, then on air, then looked back on. */
function stepOf(state: Session["state"], looksOn: boolean) {
  if (state === "ended") return "/live/$sessionId/review";
  if (looksOn && state === "live") return "/live/$sessionId/board";
  return state === "prepared" ? "/live/$sessionId/plan" : "/live/$sessionId/air";
}

/** A LIVE's address without a step leads to the one that fits. */
export function Step() {
  const { sessionId } = useParams({ from: "/live/$sessionId" });
  const session = useSession(sessionId);
  const looksOn = useSeats().work === "partner";
  if (session.data) return <Navigate to={stepOf(session.data.state, looksOn)} params={{ sessionId }} replace />;
  return (
    <Shell>
      {session.isPending && <Skeleton lines={10} />}
      {session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
    </Shell>
  );
}
