import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { eventKeys, events, type LiveEvent } from "../../api/events";
import { keys } from "../../api/queries";
import { t } from "../../i18n";
import { taken, TITLE, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";
import { DESCRIPTION } from "./rules";

/** The name of an event, before it has begun, and what it is about. */
export function EditDialog({ event, onClose }: { event: LiveEvent; onClose: () => void }) {
  const cache = useQueryClient();
  const [title, setTitle] = useState(event.title);
  const [description, setDescription] = useState(event.description ?? "");
  const begun = event.state === "live" || event.state === "paused" || event.state === "running_over";
  const whole = taken(title, TITLE) && taken(description, DESCRIPTION);
  const save = useMutation({
    mutationFn: () =>
      events.update(
        event.event_id,
        {
          ...(trimmed(title) !== event.title && { title: trimmed(title) }),
          ...(trimmed(description) !== (event.description ?? "") && { description: trimmed(description) }),
        },
        event.version,
      ),
    meta: TOLD_IN_PLACE,
    onSuccess: async ({ event: now }) => {
      cache.setQueryData(eventKeys.one(now.event_id), now);
      await Promise.all([eventKeys.all, keys.sessions].map((queryKey) => cache.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  const submit = (form: FormEvent) => {
    form.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <Dialog title={t("event.edit-title")} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {save.error && <p className="form-problem" role="alert">{problemText(save.error)}</p>}
        <TextField label={t("event.title")} isRequired rule={TITLE} isDisabled={begun} autoFocus={!begun} value={title} onChange={setTitle} />
        <TextArea label={t("event.description")} hint={t("event.description-hint")} rule={DESCRIPTION} lines={5} value={description} onChange={setDescription} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isPending={save.isPending} isDisabled={!whole}>{t("action.save")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
