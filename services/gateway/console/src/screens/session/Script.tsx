import { type FormEvent, useState } from "react";
import { sessions } from "../../api/calls";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Fields";
import { notify } from "../../ui/notices";
import { useChange } from "./useChange";

export function Script({ session }: { session: Session }) {
  const [draft, setDraft] = useState<{ script: string; version: number } | null>(null);
  const save = useChange(
    session.session_id,
    (next: { script: string; version: number }) => sessions.setScript(session.session_id, next.script, next.version),
    () => {
      setDraft(null);
      notify(t("script.saved"));
    },
  );
  const kept = session.script ?? "";
  if (session.state === "ended") return kept ? <p className="script">{kept}</p> : <p className="muted">{t("script.none")}</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft) save.mutate(draft);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextField
        label={t("script.label")}
        lines={14}
        maxLength={20_000}
        value={draft?.script ?? kept}
        onChange={(script) => setDraft({ script, version: draft?.version ?? session.version })}
      />
      <div className="row">
        <Button kind="primary" type="submit" isPending={save.isPending} isDisabled={!draft}>
          {t("action.save")}
        </Button>
        {draft && <Button onPress={() => setDraft(null)}>{t("action.discard")}</Button>}
      </div>
    </form>
  );
}
