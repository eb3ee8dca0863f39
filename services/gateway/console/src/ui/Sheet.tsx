import X from "lucide-react/icons/x";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { t } from "../i18n";
import { Button } from "./Button";
import "./Dialog.css";
import "./Sheet.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** Where it comes from: the side for details beside a list, the bottom on a phone. */
  from?: "side" | "bottom";
  children: ReactNode;
  /** Buttons that stay in sight while the rest scrolls. */
  foot?: ReactNode;
}

export function Sheet({ title, isOpen, onClose, from = "side", children, foot }: Props) {
  return (
    <ModalOverlay className="overlay sheet-overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={`sheet sheet-${from}`}>
        <Dialog className="sheet-dialog">
          <header className="dialog-head sheet-head">
            <Heading slot="title">{title}</Heading>
            <Button kind="quiet" small className="icon-button" aria-label={t("action.close")} onPress={onClose} icon={<X aria-hidden />} />
          </header>
          <div className="sheet-body">{children}</div>
          {foot && <footer className="dialog-foot sheet-foot">{foot}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
