import { useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSession } from "../../api/queries";
import { t } from "../../i18n";
import { useTitle } from "../../lib/title";
import { useOneRoom } from "../../live/useOneRoom";
import { part } from "../../ui/part";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { Elsewhere } from "./Elsewhere";
import { Room } from "./Room";
import "../../words/activity";
import "../../words/air";
import "../../words/bag";
import "../../words/desk";
import "../../words/feed";
import "../../words/orders";
import "../../words/talk";

/** The frame of other pages: only where there is no room to show. */
const Shell = part<{ children: ReactNode }>(() => import("../../app/Shell").then((file) => file.Shell));

export function SessionPage() {
  const { sessionId = "" } = useParams({ strict: false });
  const { own = false, camera = false } = useSearch({ strict: false });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  const steered = session.data?.source === "live" && session.data.state !== "ended";
  const { hold, take } = useOneRoom(sessionId, steered, own);
  // What was read stays in sight while a later read fails; the bar says that the connection is lost.
  if (session.data) {
    const here = hold === "ours";
    const known = here || hold === "taken";
    return (
      <>
        {known ? <Room key={sessionId} session={session.data} here={here} own={own} cameraOn={camera} /> : <Waiting />}
        <Elsewhere sessionId={sessionId} taken={hold === "taken"} isOpen={!here && hold !== "asking"} onTake={take} />
      </>
    );
  }
  if (session.isPending) return <Waiting />;
  return <Shell><SessionProblem error={session.error} retry={() => void session.refetch()} /></Shell>;
}

/** The shape of the room that is coming. */
function Waiting() {
  return (
    <main className="control-room" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      <div className="room-bar" aria-hidden="true" />
      <div className="room-metrics" aria-hidden="true" />
      <div className="room-body" aria-hidden="true">
        {["run-of-show", "programme", "stream"].map((pane) => <div key={pane} className={`pane ${pane}`}><Skeleton lines={8} /></div>)}
      </div>
    </main>
  );
}
