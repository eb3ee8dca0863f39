import { useState } from "react";
import { sessions } from "../../api/calls";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Dialog";
import { notify } from "../../ui/notices";
import { useChange } from "./useChange";

/** Practise, go on air, end: what the session's state allows. A recording is led by whoever plays it. */
export function Lifecycle({ session }: { session: Session }) {
  const id = session.session_id;
  const [ending, setEnding] = useState(false);
  const practise = useChange(id, () => sessions.startPractice(id));
  const stop = useChange(id, () => sessions.endPractice(id));
  const goLive = useChange(id, () => sessions.goLive(id), () => notify(t("live.on")));
  const end = useChange(id, () => sessions.end(id), () => {
    setEnding(false);
    notify(t("live.over"));
  });

  if (session.state === "ended" || session.source !== "live") return null;
  return (
    <>
      {session.state === "prepared" && (
        <Button isPending={practise.isPending} onPress={() => practise.mutate()}>
          {t("practice.start")}
        </Button>
      )}
      {session.state === "practice" && (
        <Button isPending={stop.isPending} onPress={() => stop.mutate()}>
          {t("practice.end")}
        </Button>
      )}
      {session.state === "live" ? (
        <Button kind="danger" onPress={() => setEnding(true)}>
          {t("live.end")}
        </Button>
      ) : (
        <Button kind="primary" isPending={goLive.isPending} onPress={() => goLive.mutate()}>
          {t("live.go")}
        </Button>
      )}
      <Confirm
        title={t("live.end")}
        text={t("live.end-confirm")}
        action={t("live.end")}
        busy={end.isPending}
        isOpen={ending}
        onClose={() => setEnding(false)}
        onConfirm={() => end.mutate()}
      />
    </>
  );
}
