import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "../../../api/client";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import { openLive } from "../../../lib/windows";
import { Button } from "../../../ui/Button";
import { problemText } from "../../../ui/Notes";
import { notify } from "../../../ui/notices";
import { EndReplay, Lifecycle } from "./Lifecycle";
import { Level } from "./Level";
import { Screen } from "./Screen";
import { Settings } from "./Settings";
import { useCapture } from "./useCapture";

interface Props {
  session: Session;
  /** This page is the LIVE's own window. */
  own: boolean;
  /** The camera was on in the window that opened this one. */
  cameraOn: boolean;
}

/** The centre of the session page: the picture, and practise, go on air, end. */
export function LiveFeed({ session, own, cameraOn }: Props) {
  const [ours, setOurs] = useState(own);
  const [blocked, setBlocked] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const hosted = session.source === "live" && session.state !== "ended";
  const capture = useCapture(cameraOn, hosted);

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

  return (
    <section className="pane live-feed" aria-labelledby="live-feed-title">
      <header className="pane-head">
        <h2 id="live-feed-title">{t("feed")}</h2>
        {hosted && (
          <Button small aria-pressed={capture.on} onPress={() => capture.turn(!capture.on)}>
            <span aria-hidden="true" className="icon icon-camera" /> {t(capture.on ? "feed.turn-off" : "feed.turn-on")}
          </Button>
        )}
      </header>
      <Screen session={session} capture={capture} ours={ours} />
      {session.source === "replay" && session.state === "live" && (
        <div className="row feed-actions"><EndReplay id={session.session_id} /></div>
      )}
      {hosted && (
        <>
          <div className="row feed-actions">
            <Lifecycle session={session} onLive={started} onRefused={setRefusal} />
            {session.state === "live" && !own && <Button onPress={moveOut}>{t("feed.own-window")}</Button>}
            {capture.stream && <Level stream={capture.stream} />}
          </div>
          {blocked && <p className="form-problem" role="alert">{t("feed.blocked")}</p>}
          {capture.problem && <p className="form-problem" role="alert">{t(`feed.problem.${capture.problem}`)}</p>}
          {session.state !== "live" && <Refused error={refusal} />}
          <Settings capture={capture} />
        </>
      )}
    </section>
  );
}

/** One LIVE per account at a time: says so where the button is, and leads to the one that runs. */
function Refused({ error }: { error: unknown }) {
  if (!(error instanceof Problem) || error.code !== "ANOTHER_LIVE_RUNNING") return null;
  const running = (error.details["metadata"] as Record<string, string> | undefined)?.["running_session_id"];
  return (
    <p className="form-problem" role="alert">
      {problemText(error)}{" "}
      {running && (
        <Link to="/live/$sessionId" params={{ sessionId: running }}>
          {t("feed.running")}
        </Link>
      )}
    </p>
  );
}
