import Camera from "lucide-react/icons/video";
import CameraOff from "lucide-react/icons/video-off";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "../../../api/client";
import type { Board, Session } from "../../../api/types";
import { t } from "../../../i18n";
import { moment } from "../../../lib/format";
import { openLive } from "../../../lib/windows";
import { Button } from "../../../ui/Button";
import { part } from "../../../ui/part";
import { problemText } from "../../../ui/Notes";
import { notify } from "../../../ui/notices";
import { EndReplay, Lifecycle } from "./Lifecycle";
import { Level } from "./Level";
import { NowShowing } from "./NowShowing";
import { Preflight } from "./Preflight";
import { missingOf } from "./preflight";
import { Screen } from "./Screen";
import type { SettingsProps } from "./Settings";
import { useStart } from "./StartWindow";
import { useCapture } from "./useCapture";

const Settings = part<SettingsProps>(() => import("./Settings").then((file) => file.Settings), () => <p className="feed-settings feed-settings-head">{t("feed.settings")}</p>);

interface Props {
  session: Session;
  board: Board | undefined;
  /** This window is the one that steers the LIVE: no other has the camera. */
  here: boolean;
  /** This page is the LIVE's own window. */
  own: boolean;
  /** The camera was on in the window that opened this one. */
  cameraOn: boolean;
}

/** The centre of the room: the picture, what is shown now, and practise, go on air, end. */
export function Programme({ session, board, here, own, cameraOn }: Props) {
  const [ours, setOurs] = useState(own);
  const [blocked, setBlocked] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const hosted = session.source === "live" && session.state !== "ended";
  const onAir = session.state === "live";
  const capture = useCapture(cameraOn, hosted && here);
  const start = useStart(session);

  const moveOut = () => {
    const moved = openLive(session.session_id, capture.on);
    setBlocked(!moved);
    setOurs(!moved);
    // One window at a time holds the camera.
    if (moved) capture.turn(false);
  };
  const started = () => {
    setRefusal(null);
    notify(t("live.on"));
    if (!own) moveOut();
  };
  const CameraMark = capture.on ? CameraOff : Camera;

  return (
    <section className="pane programme live-feed" aria-labelledby="live-feed-title">
      <header className="pane-head">
        <h2 id="live-feed-title">{t("feed")}</h2>
        {hosted && (
          <Button small aria-pressed={capture.on} icon={<CameraMark aria-hidden />} onPress={() => capture.turn(!capture.on)}>
            {t(capture.on ? "feed.turn-off" : "feed.turn-on")}
          </Button>
        )}
      </header>
      <Screen session={session} capture={capture} ours={ours} start={start} />
      {onAir && <NowShowing session={session} board={board} />}
      {hosted && !onAir && <Preflight session={session} capture={capture} />}
      {session.source === "replay" && onAir && (
        <div className="row feed-actions"><EndReplay id={session.session_id} /></div>
      )}
      {hosted && (
        <>
          <div className="row feed-actions">
            {onAir && !own && <Button onPress={moveOut}>{t("feed.own-window")}</Button>}
            {onAir && capture.stream && <Level stream={capture.stream} />}
            <Lifecycle session={session} start={start} missing={missingOf(session, capture)} onLive={started} onRefused={setRefusal} />
          </div>
          {blocked && <p className="form-problem" role="alert">{t("feed.blocked")}</p>}
          {capture.problem && <p className="form-problem" role="alert">{t(`feed.problem.${capture.problem}`)}</p>}
          {!onAir && <Refused error={refusal} />}
          <Settings key={String(onAir)} capture={capture} folded={onAir} />
        </>
      )}
    </section>
  );
}

/** Why the LIVE did not start, where the button is. One LIVE per account at a time: leads to the one that runs. */
function Refused({ error }: { error: unknown }) {
  if (!error) return null;
  const metadata = error instanceof Problem ? (error.details["metadata"] as Record<string, string> | undefined) : undefined;
  const running = metadata?.["running_session_id"];
  const start = metadata?.["not_before_time"];
  return (
    <p className="form-problem" role="alert">
      {start ? t("start.too-early", { time: moment(start) }) : problemText(error)}{" "}
      {running && (
        <Link to="/live/$sessionId" params={{ sessionId: running }}>
          {t("feed.running")}
        </Link>
      )}
    </p>
  );
}
