import type { FormEvent } from "react";
import { sessions } from "../../api/calls";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { taken, TITLE, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { Conflict } from "./Conflict";
import { useDraft } from "./useDraft";

const titleOf = (session: Session) => session.title;

export function Title({ session }: { session: Session }) {
  const send = (title: string, version: number) => sessions.rename(session.session_id, trimmed(title), version);
  const draft = useDraft(session, titleOf, send);
  if (draft.value === null) {
    return (
      <h1 className="session-title">
        <span title={session.title}>{session.title}</span>
        {session.state !== "ended" && (
          <Button kind="quiet" small aria-label={t("session.rename")} onPress={() => draft.edit(session.title)}>
            <span aria-hidden="true" className="icon icon-edit" />
          </Button>
        )}
      </h1>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(draft.value ?? "", TITLE)) draft.save();
  };
  return (
    <form className="title-form" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && draft.discard()}>
      <h1 className="visually-hidden">{session.title}</h1>
      <div className="row">
        <TextField
          label={t("new-live.title")}
          hideLabel
          autoFocus
          isRequired
          rule={TITLE}
          value={draft.value}
          onChange={draft.edit}
        />
        <Button kind="primary" small type="submit" isPending={draft.isSaving} isDisabled={!taken(draft.value, TITLE) || draft.theirs !== null}>
          {t("action.save")}
        </Button>
        <Button small onPress={draft.discard}>{t("action.cancel")}</Button>
      </div>
      <Conflict draft={draft} />
    </form>
  );
}
