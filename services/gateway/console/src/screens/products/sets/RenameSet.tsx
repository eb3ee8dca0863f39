import { type FormEvent, useState } from "react";
import type { ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { taken, trimmed } from "../../../lib/text";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { TextField } from "../../../ui/TextField";
import { SET_NAME } from "../rules";

export interface RenameSetProps {
  set: ProductSet;
  isOpen: boolean;
  onClose: () => void;
  onName: (name: string) => void;
}

export function RenameSet({ set, isOpen, onClose, onName }: RenameSetProps) {
  const [name, setName] = useState(set.name);
  const ready = taken(name, SET_NAME);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    if (trimmed(name) !== set.name) onName(trimmed(name));
    onClose();
  };
  return (
    <Dialog title={t("sets.rename")} isOpen={isOpen} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextField label={t("sets.name")} isRequired autoFocus rule={SET_NAME} value={name} onChange={setName} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isDisabled={!ready}>{t("action.save")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
