import { type FormEvent, useState } from "react";
import { sessions } from "../../api/calls";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Fields";
import { useChange } from "./useChange";

export function Title({ session }: { session: Session }) {
  // What was seen when editing began: a change by someone else meanwhile is refused, not overwritten.
  const [draft, setDraft] = useState<{ title: string; version: number } | null>(null);
  const rename = useChange(
    session.session_id,
    (next: { title: string; version: number }) => sessions.rename(session.session_id, next.title.trim(), next.version),
    () => setDraft(null),
  );
  if (!draft) {
    return (
      <h1 className="session-title">
        {session.title}
        {session.state !== "ended" && (
          <Button
            kind="quiet"
            small
            aria-label={t("session.rename")}
            onPress={() => setDraft({ title: session.title, version: session.version })}
          >
            <span aria-hidden="true" className="icon icon-edit" />
          </Button>
        )}
      </h1>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(draft);
  };
  return (
    <form className="row" onSubmit={submit}>
      <TextField
        label={t("new-live.title")}
        hideLabel
        autoFocus
        isRequired
        maxLength={120}
        value={draft.title}
        onChange={(title) => setDraft({ ...draft, title })}
      />
      <Button kind="primary" type="submit" isPending={rename.isPending} isDisabled={!draft.title.trim()}>
        {t("action.save")}
      </Button>
      <Button onPress={() => setDraft(null)}>{t("action.cancel")}</Button>
    </form>
  );
}
