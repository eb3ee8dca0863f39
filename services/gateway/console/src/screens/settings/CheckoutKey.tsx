import { useState } from "react";
import type { CheckoutKey } from "../../api/settings";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/CopyField";
import { Dialog } from "../../ui/Dialog";
import { RadioGroup } from "../../ui/RadioGroup";

/** A key is shown this once, so only its own button closes it. */
export function CheckoutKeyDialog({ made, onClose }: { made: CheckoutKey; onClose: () => void }) {
  const waits = Date.parse(made.signs_from_time) > Date.now();
  return (
    <Dialog title={t("checkout.new-key")} isOpen onClose={onClose} stays>
      <Banner tone="warn"><p>{t("integrations.once")}</p></Banner>
      <CopyField label={t("checkout.key")} text={made.key} />
      <CopyField label={t("checkout.key-id")} text={made.key_id} />
      <p className="muted small">{waits ? t("checkout.signs-from", { time: moment(made.signs_from_time) }) : t("checkout.signs-now")}</p>
      <footer className="dialog-foot"><Button kind="primary" onPress={onClose}>{t("integrations.kept")}</Button></footer>
    </Dialog>
  );
}

/** How the next key takes over. */
export function NewKey({ busy, onClose, onMake }: { busy: boolean; onClose: () => void; onMake: (atOnce: boolean) => void }) {
  const [how, setHow] = useState<"later" | "once">("later");
  const HOW = (["later", "once"] as const).map((id) => ({ id, text: t(`checkout.${id}`), hint: t(`checkout.${id}.hint`) }));
  return (
    <Dialog title={t("checkout.rotate.title")} isOpen onClose={onClose}>
      <div className="stack">
        <RadioGroup label={t("checkout.when")} value={how} onChange={setHow} choices={HOW} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind={how === "once" ? "danger" : "primary"} isPending={busy} onPress={() => onMake(how === "once")}>{t("checkout.rotate")}</Button>
        </footer>
      </div>
    </Dialog>
  );
}
