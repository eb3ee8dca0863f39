import type { ComponentType } from "react";
import { t } from "../i18n";
import { later as laterPart } from "../lib/later";
import { Sheet } from "./Sheet";

interface Closes {
  onClose: () => void;
}

/** A sheet whose code comes when it is wanted: a press opens it at once, and code that did not come can be asked for again. */
export const later = <Props extends Closes>(load: () => Promise<ComponentType<Props>>) =>
  laterPart<Props>(load, {
    waiting: ({ onClose }) => <Sheet title={t("loading")} onClose={onClose}><div className="sheet-waits" aria-busy="true" /></Sheet>,
    failed: ({ again, props: { onClose } }) => (
      <Sheet title={t("loading")} onClose={onClose}>
        <p className="wrong" role="alert">{t("refusal.UNREACHABLE")}</p>
        <button type="button" className="cta cta-wide" onClick={again}>{t("watch.again")}</button>
      </Sheet>
    ),
  });
