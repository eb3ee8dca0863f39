import CameraOff from "lucide-react/icons/video-off";
import { useEffect, useRef } from "react";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import type { Start } from "./start";
import { StartWindow } from "./StartWindow";
import type { Capture } from "./useCapture";

interface Props {
  session: Session;
  capture: Capture;
  /** This window put the session on air. */
  ours: boolean;
  /** How it stands to the time of its event, if it has one. */
  start: Start | undefined;
}

/** The centre screen: the picture of this window's camera, or why there is none. */
export function Screen({ session, capture, ours, start }: Props) {
  const { state } = session;
  return (
    <div className={`screen screen-${state}`}>
      {capture.stream ? <Picture stream={capture.stream} /> : !start && (
        <p className="screen-off">
          <CameraOff size={30} strokeWidth={1.5} aria-hidden />
          {offText(session, capture, ours)}
        </p>
      )}
      {start && <StartWindow session={session} start={start} />}
      {(state === "practice" || state === "live") && (
        <p className={`screen-label screen-label-${state}`} role="status">
          {state === "live" && <span className="dot" aria-hidden="true" />}
          <strong>{t(state === "live" ? "feed.on-air" : "practice.on")}</strong>
          {state === "practice" && <span>{t("practice.hint")}</span>}
        </p>
      )}
    </div>
  );
}

function offText({ state, source }: Session, capture: Capture, ours: boolean): string {
  if (state === "ended") return t("live.over");
  if (source !== "live") return t("feed.recording");
  if (capture.on) return t("feed.starting");
  if (state === "live" && !ours) return t("feed.elsewhere");
  return t("feed.off");
}

function Picture({ stream }: { stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  // Silent here: a microphone heard through its own loudspeaker howls.
  return <video ref={video} className="screen-picture" aria-label={t("feed.preview")} autoPlay playsInline muted />;
}
