import type { FormEvent } from "react";
import { sessions } from "../../api/calls";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { SCRIPT, taken } from "../../lib/text";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/TextArea";
import { EmptyState } from "../../ui/EmptyState";
import { notify } from "../../ui/notices";
import { Conflict } from "./Conflict";
import { useDraft } from "./useDraft";

const scriptOf = (session: Session) => session.script ?? "";

export function Script({ session }: { session: Session }) {
  const kept = scriptOf(session);
  const send = (script: string, version: number) => sessions.setScript(session.session_id, script, version);
  const draft = useDraft(session, scriptOf, send, () => notify(t("script.saved")));
  if (session.state === "ended") {
    return kept ? <p className="script">{kept}</p> : <EmptyState title={t("script.none")} />;
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.save();
  };
  return (
    <form className="script-form" onSubmit={submit}>
      <Conflict draft={draft} />
      <TextArea label={t("script.label")} lines={10} rule={SCRIPT} value={draft.value ?? kept} onChange={draft.edit} />
      <div className="row">
        <Button kind="primary" type="submit" isPending={draft.isSaving} isDisabled={draft.value === null || !taken(draft.value, SCRIPT) || draft.theirs !== null}>
          {t("action.save")}
        </Button>
        {draft.value !== null && <Button onPress={draft.discard}>{t("action.discard")}</Button>}
      </div>
    </form>
  );
}
