import { useState } from "react";
import { sessions } from "../../../api/calls";
import { useBoard } from "../../../api/queries";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import { clock } from "../../../lib/format";
import { Button } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { notify } from "../../../ui/notices";
import { playedUntil } from "../../board/TopBar";
import { useChange } from "../useChange";

interface Props {
  session: Session;
  onLive: () => void;
  onRefused: (error: unknown) => void;
}

/** Practise, go on air, end: what the session's state allows. */
export function Lifecycle({ session, onLive, onRefused }: Props) {
  const id = session.session_id;
  const practise = useChange(id, () => sessions.startPractice(id));
  const stop = useChange(id, () => sessions.endPractice(id));
  const goLive = useChange(id, () => sessions.goLive(id).catch((error: unknown) => {
    onRefused(error);
    throw error;
  }), onLive);
  if (session.state === "live") return <EndLive id={id} />;
  return (
    <>
      {session.state === "practice" ? (
        <Button isPending={stop.isPending} onPress={() => stop.mutate()}>
          <span aria-hidden="true" className="icon icon-power" /> {t("practice.end")}
        </Button>
      ) : (
        <Button isPending={practise.isPending} onPress={() => practise.mutate()}>
          {t("practice.start")}
        </Button>
      )}
      <Button kind="primary" isPending={goLive.isPending} onPress={() => goLive.mutate()}>
        {t("live.go")}
      </Button>
    </>
  );
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
          end={() => sessions.end(id, quiet)}
        />
      )}
      <End id={id} text={t("live.end-confirm")} end={() => sessions.end(id)} />
    </>
  );
}

/** Ends a replay whose player has gone away, at the moment that it has reached. */
export function EndReplay({ id }: { id: string }) {
  const board = useBoard(id).data;
  const end = () => sessions.end(id, board && playedUntil(board));
  return <End id={id} text={t("replay.end-confirm")} end={end} />;
}

function End({ id, text, end: send, name = t("live.end") }: { id: string; text: string; end: () => Promise<unknown>; name?: string }) {
  const [ending, setEnding] = useState(false);
  const end = useChange(id, send, () => {
    setEnding(false);
    notify(t("live.over"));
  });
  return (
    <>
      <Button kind="danger" onPress={() => setEnding(true)}>
        <span aria-hidden="true" className="icon icon-power" /> {name}
      </Button>
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
