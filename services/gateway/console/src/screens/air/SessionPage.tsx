import { useParams, useSearch } from "@tanstack/react-router";
import { useSession } from "../../api/queries";
import { useTitle } from "../../lib/title";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { Shell } from "../../app/Shell";
import { Room } from "./Room";

export function SessionPage() {
  const { sessionId = "" } = useParams({ strict: false });
  const { own = false, camera = false } = useSearch({ strict: false });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  // What was read stays in sight while a later read fails; the bar says that the connection is lost.
  if (session.data) return <Room key={sessionId} session={session.data} own={own} cameraOn={camera} />;
  return (
    <Shell>
      {session.isPending && <Skeleton lines={10} />}
      {session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
    </Shell>
  );
}
