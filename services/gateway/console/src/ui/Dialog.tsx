import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { t } from "../i18n";
import { Button } from "./Button";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, wide = false, children }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={wide ? "modal modal-wide" : "modal"}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button kind="quiet" small aria-label={t("action.close")} onPress={onClose}>
              ×
            </Button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps extends Omit<Props, "children" | "wide"> {
  text: string;
  action: string;
  busy: boolean;
  onConfirm: () => void;
}

export function Confirm({ text, action, busy, onConfirm, ...rest }: ConfirmProps) {
  return (
    <Dialog {...rest}>
      <p>{text}</p>
      <footer className="dialog-foot">
        <Button onPress={rest.onClose}>{t("action.cancel")}</Button>
        <Button kind="danger" isPending={busy} onPress={onConfirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
