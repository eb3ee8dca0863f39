import type { ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog, type DialogProps } from "./Dialog";

interface Props extends Omit<DialogProps, "children" | "wide"> {
  /** What is to be filled in with it. */
  children?: ReactNode;
  /** What follows from it. */
  text: ReactNode;
  action: string;
  busy: boolean;
  onConfirm: () => void;
  /** It can be taken back: the button is no warning. */
  harmless?: boolean;
}

/** Asks before something that is not easily taken back. */
export function ConfirmDialog({ text, action, busy, onConfirm, harmless = false, children, ...rest }: Props) {
  return (
    <Dialog {...rest}>
      <p>{text}</p>
      {children}
      <footer className="dialog-foot">
        <Button onPress={rest.onClose}>{t("action.cancel")}</Button>
        <Button kind={harmless ? "primary" : "danger"} isPending={busy} onPress={onConfirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
