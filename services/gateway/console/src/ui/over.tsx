// How the windows over a page (dialogs, sheets, menus) are loaded: with the first press, or before it when nothing else is to do.

import Loader from "lucide-react/icons/loader-circle";
import type { ComponentType } from "react";
import { t } from "../i18n";
import { later } from "../lib/later";
import { Button } from "./Button";
import "./NotLoaded.css";

interface Window {
  isOpen: boolean;
  onClose: () => void;
}

/** A window over the page. Pressed before it is loaded, it opens as soon as it is. */
export const over = <P extends Window>(load: () => Promise<ComponentType<P>>) => later<P>(load, { waiting: Comes, failed: Failed });

/** Longer than a blink, and it says that it comes. */
function Comes({ isOpen }: Window) {
  if (!isOpen) return null;
  return (
    <p className="window-late window-comes" role="status">
      <Loader className="button-busy" size={16} aria-hidden /> {t("loading")}
    </p>
  );
}

function Failed({ again, props: { isOpen, onClose } }: { again: () => void; props: Window }) {
  if (!isOpen) return null;
  return (
    <div className="window-late" role="alertdialog" aria-label={t("later.failed")}>
      <p>{t("later.failed-hint")}</p>
      <div className="row">
        <Button small onPress={onClose}>{t("action.cancel")}</Button>
        <Button small kind="primary" autoFocus onPress={again}>{t("action.retry")}</Button>
      </div>
    </div>
  );
}
