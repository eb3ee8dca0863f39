import { t } from "../../i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/CopyField";
import { Dialog } from "../../ui/Dialog";

/** A credential is shown this once, so only its own button closes it. */
export function Credential({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <Dialog title={t("integrations.new-credential")} isOpen onClose={onClose} stays>
      <Banner tone="warn"><p>{t("integrations.once")}</p></Banner>
      <CopyField label={t("integrations.credential")} text={text} />
      <p className="muted small">{t("integrations.send-as")}</p>
      <footer className="dialog-foot"><Button kind="primary" onPress={onClose}>{t("integrations.kept")}</Button></footer>
    </Dialog>
  );
}
