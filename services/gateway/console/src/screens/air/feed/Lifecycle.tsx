import Power from "lucide-react/icons/power";
import Radio from "lucide-react/icons/radio";
import { useState } from "react";
import type { How } from "../../../api/client";
import { sessions } from "../../../api/calls";
import { useBoard } from "../../../api/queries";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import { clock, dayMonth, minute } from "../../../lib/format";
import { Button } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { Dialog } from "../../../ui/Dialog";
import { notify, TOLD_IN_PLACE } from "../../../ui/notices";
import { playedUntil } from "../../board/TopBar";
import { useCommand } from "../useCommand";
import type { Check } from "./preflight";
import type { Start } from "./start";

interface Props {
  session: Session;
  /** How it stands to the time of its event, if it has one. */
  start: Start | undefined;
  /** What is not there yet: told before anything goes on air. */
  missing: readonly Check[];
  onLive: () => void;
  onRefused: (error: unknown) => void;
}

/** Practise, go on air, end: what the session's state allows. */
export function Lifecycle({ session, start, missing, onLive, onRefused }: Props) {
  const id = session.session_id;
  const [asking, setAsking] = useState(false);
  const practise = useCommand(id, { what: () => t("practice.start"), send: (_, how) => sessions.startPractice(id, how) });
  const stop = useCommand(id, { what: () => t("practice.end"), send: (_, how) => sessions.endPractice(id, how) });
  const goLive = useCommand(id, {
    what: () => t("live.go"),
    send: (_, how) => sessions.goLive(id, how).catch((error: unknown) => {
      setAsking(false);
      onRefused(error);
      throw error;
    }),
    done: () => {
      setAsking(false);
      onLive();
    },
    meta: TOLD_IN_PLACE,
  });
  if (session.state === "live") return <EndLive id={id} />;
  // Too early is told by the service, whose clock counts; what is missing does not matter yet.
  const isEarly = start?.phase === "before" || start?.phase === "setting-up";
  return (
    <>
      {session.state === "practice" ? (
        <Button isPending={stop.isPending} icon={<Power className="icon-power" aria-hidden />} onPress={() => stop.mutate()}>
          {t("practice.end")}
        </Button>
      ) : (
        <Button isPending={practise.isPending} onPress={() => practise.mutate()}>{t("practice.start")}</Button>
      )}
      <Button
        kind={isEarly ? "secondary" : "primary"}
        className={isEarly ? "" : "go-live"}
        icon={<Radio aria-hidden />}
        isPending={goLive.isPending && !asking}
        onPress={() => (missing.length && !isEarly ? setAsking(true) : goLive.mutate())}
      >
        {nameOf(start)}
      </Button>
      <Dialog title={t("live.go-without")} isOpen={asking} onClose={() => setAsking(false)}>
        <ul className="missing">
          {missing.map((check) => <li key={check}>{t(`preflight.without-${check}`)}</li>)}
        </ul>
        <footer className="dialog-foot">
          <Button onPress={() => setAsking(false)}>{t("live.not-yet")}</Button>
          <Button kind="primary" className="go-live" isPending={goLive.isPending} onPress={() => goLive.mutate()}>{t("live.go-anyway")}</Button>
        </footer>
      </Dialog>
    </>
  );
}

const DAY_MS = 86_400_000;

/** What the button does, and from when on. */
function nameOf(start: Start | undefined): string {
  if (start?.phase === "again") return t("live.go-again");
  if (start?.phase !== "before" && start?.phase !== "setting-up") return t("live.go");
  const far = start.start - Date.now() > DAY_MS / 2;
  return t("live.go-from", { time: far ? `${dayMonth(new Date(start.start).toISOString())}, ${minute(start.start)}` : minute(start.start) });
}

/** Ends a LIVE now; one that was left running also at its last sign of life. */
function EndLive({ id }: { id: string }) {
  const quiet = useBoard(id).data?.session.no_sign_of_life_since;
  return (
    <>
      {quiet && (
        <End
          id={id}
          name={t("live.end-quiet", { time: clock(quiet) })}
          text={t("live.end-quiet-confirm", { time: clock(quiet) })}
          end={(how) => sessions.end(id, quiet, how)}
        />
      )}
      <End id={id} text={t("live.end-confirm")} end={(how) => sessions.end(id, undefined, how)} />
    </>
  );
}

/** Ends a replay whose player has gone away, at the moment that it has reached. */
export function EndReplay({ id }: { id: string }) {
  const board = useBoard(id).data;
  const end = (how: How) => sessions.end(id, board && playedUntil(board), how);
  return <End id={id} text={t("replay.end-confirm")} end={end} />;
}

interface EndProps {
  id: string;
  text: string;
  end: (how: How) => Promise<unknown>;
  name?: string;
}

function End({ id, text, end: send, name = t("live.end") }: EndProps) {
  const [ending, setEnding] = useState(false);
  const end = useCommand(id, {
    what: () => name,
    send: (_, how) => send(how),
    done: () => {
      setEnding(false);
      notify(t("live.over"));
    },
  });
  return (
    <>
      <Button kind="danger" icon={<Power className="icon-power" aria-hidden />} onPress={() => setEnding(true)}>{name}</Button>
      <ConfirmDialog
        title={name}
        text={text}
        action={name}
        busy={end.isPending}
        isOpen={ending}
        onClose={() => setEnding(false)}
        onConfirm={() => end.mutate()}
      />
    </>
  );
}
