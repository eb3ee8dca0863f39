import Copy from "lucide-react/icons/copy";
import Pencil from "lucide-react/icons/pencil";
import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { Sheet } from "../../ui/Sheet";
import { TextField } from "../../ui/TextField";
import { NAMES, WORDS } from "./samples";

type Opened = "dialog" | "confirm" | "side" | "bottom" | null;

export function Over() {
  const [open, setOpen] = useState<Opened>(null);
  const [done, setDone] = useState<string>(WORDS.none);
  const close = () => setOpen(null);
  const act = (text: string) => () => setDone(text);
  return (
    <Card title={NAMES.over} hint={done}>
      <div className="row">
        <Menu
          label={WORDS.menuName}
          trigger={<Button>{WORDS.menu}</Button>}
          actions={[
            { id: "edit", text: WORDS.edit, icon: <Pencil aria-hidden />, keys: "E", onAction: act(WORDS.edit) },
            { id: "copy", text: WORDS.copy, icon: <Copy aria-hidden />, onAction: act(WORDS.copy) },
            { id: "off", text: WORDS.off, isDisabled: true, onAction: act(WORDS.off) },
            { id: "archive", text: WORDS.archive, icon: <Trash aria-hidden />, danger: true, apart: true, onAction: act(WORDS.archive) },
          ]}
        />
        <Popover label={WORDS.popoverName} trigger={<Button>{WORDS.popover}</Button>}>
          <p className="design-pad">{WORDS.popoverText}</p>
        </Popover>
        <Button onPress={() => setOpen("dialog")}>{WORDS.dialog}</Button>
        <Button onPress={() => setOpen("confirm")}>{WORDS.confirm}</Button>
        <Button onPress={() => setOpen("side")}>{WORDS.sheet}</Button>
        <Button onPress={() => setOpen("bottom")}>{WORDS.bottom}</Button>
      </div>
      <Dialog title={WORDS.dialogTitle} isOpen={open === "dialog"} onClose={close}>
        <TextField label={WORDS.title} autoFocus defaultValue={WORDS.here} />
        <footer className="dialog-foot"><Button kind="primary" onPress={close}>{WORDS.save}</Button></footer>
      </Dialog>
      <ConfirmDialog title={WORDS.confirmTitle} text={WORDS.confirmText} action={WORDS.confirm} busy={false} isOpen={open === "confirm"} onClose={close} onConfirm={close} />
      {(["side", "bottom"] as const).map((from) => (
        <Sheet key={from} title={WORDS.sheetTitle} from={from} isOpen={open === from} onClose={close} foot={<Button kind="primary" onPress={close}>{WORDS.save}</Button>}>
          <TextField label={WORDS.title} defaultValue={WORDS.sheetTitle} />
          <p>{WORDS.helpText}</p>
        </Sheet>
      ))}
    </Card>
  );
}
