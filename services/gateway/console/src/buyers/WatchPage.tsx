import { useEffect, useRef } from "react";
import { Problem } from "../api/client";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { useTitle } from "../lib/title";
import { newerWatch } from "../live/newer";
import { useAsked } from "./asked";
import { Announced, Failed, Waiting } from "./Notes";
import { Room } from "./Room";

const EVERY_MS = 10_000;

const isGone = (error: unknown) => error instanceof Problem && (error.status === 404 || error.field === "session_id");

export function WatchPage({ sessionId }: { sessionId: string }) {
  const room = useAsked(() => watch.get(sessionId), EVERY_MS, newerWatch);
  const waited = useRef(false);
  useTitle(room.data?.session.title ?? t("watch"));
  const gone = !room.data && isGone(room.error);
  const announced = room.data?.session.state === "prepared";
  if (gone || announced) waited.current = true;
  // The policy of a page that waited was made before there was an address for the picture.
  const anew = waited.current && Boolean(room.data?.session.playback);
  useEffect(() => {
    if (anew) location.reload();
  }, [anew]);
  if (room.data && announced) return <Announced session={room.data.session} />;
  if (room.data && !anew) return <Room room={room} seen={room.data} />;
  if (gone) return <Waiting />;
  if (room.error !== undefined) return <Failed error={room.error} onRetry={room.again} />;
  return (
    <main id="main" className="live live-empty" aria-busy="true">
      <p className="visually-hidden" role="status">{t("loading")}</p>
      <div className="live-picture skeleton-dark" />
    </main>
  );
}
