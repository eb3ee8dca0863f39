import Play from "lucide-react/icons/play";
import Sound from "lucide-react/icons/volume-2";
import Muted from "lucide-react/icons/volume-x";
import { type ReactNode, useRef, useState } from "react";
import type { Playback, Session } from "../../api/types";
import { t } from "../../i18n";
import { usePlayer } from "./usePlayer";

/** The picture of the LIVE: its stream, or what stands in its place. */
export function Player({ session }: { session: Session }) {
  const playback = session.playback;
  // The page's policy names what was set when it was opened: another address needs the page anew.
  const [opened] = useState(origins(playback));
  if (session.state === "live" && playback?.url) {
    if (origins(playback) === opened) return <Stream playback={playback} title={session.title} />;
    return (
      <Poster session={session} poster="">
        <button type="button" className="cta" onClick={() => location.reload()}>{t("watch.picture-ready")}</button>
      </Poster>
    );
  }
  return <Poster session={session} poster={origins(playback) === opened ? (playback?.poster_url ?? "") : ""} />;
}

const origins = (playback: Playback | null | undefined) =>
  [playback?.url, playback?.poster_url].map((one) => (one ? new URL(one).origin : "")).join(" ");

/** Stands where no stream is: the shop's picture, else the LIVE's name. */
function Poster({ session, poster, children }: { session: Session; poster: string; children?: ReactNode }) {
  const [broken, setBroken] = useState(false);
  return (
    <div className="poster">
      {poster && !broken ? (
        <img src={poster} alt="" onError={() => setBroken(true)} />
      ) : (
        session.state === "live" && (
          <div className="poster-words">
            <p className="poster-title" dir="auto">{session.title}</p>
            <p>{t(session.source === "replay" ? "watch.replay" : "watch.no-picture")}</p>
          </div>
        )
      )}
      {children}
    </div>
  );
}

function Stream({ playback, title }: { playback: Playback; title: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const shown = usePlayer(video, playback);
  const [muted, setMuted] = useState(true);
  const sound = () => {
    video.current!.muted = !muted;
    setMuted(!muted);
  };
  return (
    <div className="stream" data-shown={shown}>
      {/* The words of a LIVE are in its chat; nobody writes captions of it. */}
      <video ref={video} muted autoPlay playsInline poster={playback.poster_url || undefined} aria-label={title} />
      {shown === "away" && <p className="stream-word" role="status">{t("watch.back-soon")}</p>}
      {shown === "loading" && <p className="stream-word" role="status">{t("watch.picture-comes")}</p>}
      {shown === "paused" && (
        <button type="button" className="cta stream-play" onClick={() => void video.current!.play().catch(() => undefined)}>
          <Play size={20} aria-hidden />
          {t("watch.play")}
        </button>
      )}
      {shown === "playing" && (
        <button type="button" className={muted ? "sound sound-off" : "sound"} aria-label={muted ? undefined : t("watch.sound-off")} onClick={sound}>
          {muted ? <Muted size={20} aria-hidden /> : <Sound size={20} aria-hidden />}
          {muted && t("watch.sound-on")}
        </button>
      )}
    </div>
  );
}
