import X from "lucide-react/icons/x";
import { type MouseEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import { t } from "../i18n";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Stays in sight while the rest scrolls. */
  foot?: ReactNode;
}

/** What comes up from the bottom of a phone, and stands in the middle of anything larger. */
export function Sheet({ title, onClose, children, foot }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => shown.close(); // so that the focus goes back to where it was
  }, []);
  const beside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className="bsheet"
      aria-label={title}
      onClick={beside}
      // At a second Escape in a row a browser closes without asking. A sheet that was taken away has no ref any more.
      onClose={() => dialog.current && onClose()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="bsheet-box">
        <header className="bsheet-head">
          <h2>{title}</h2>
          <button type="button" className="round" aria-label={t("action.close")} onClick={onClose}><X size={20} aria-hidden /></button>
        </header>
        <div className="bsheet-body">{children}</div>
        {foot && <footer className="bsheet-foot">{foot}</footer>}
      </div>
    </dialog>
  );
}
