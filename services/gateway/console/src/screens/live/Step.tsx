import { Navigate, useParams } from "@tanstack/react-router";
import { useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { Shell } from "../../app/Shell";

/** Which step of a LIVE fits how it stands: it is planned, then on air, then looked back on. */
function stepOf(state: Session["state"]) {
  if (state === "ended") return "/live/$sessionId/review";
  return state === "prepared" ? "/live/$sessionId/plan" : "/live/$sessionId/air";
}

/** A LIVE's address without a step leads to the one that fits. */
export function Step() {
  const { sessionId } = useParams({ from: "/live/$sessionId" });
  const session = useSession(sessionId);
  if (session.data) return <Navigate to={stepOf(session.data.state)} params={{ sessionId }} replace />;
  return (
    <Shell>
      {session.isPending && <Skeleton lines={10} />}
      {session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
    </Shell>
  );
}
