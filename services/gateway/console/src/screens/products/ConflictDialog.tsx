import type { Patch } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { type Conflict, writtenOf } from "./saving";
import { NAMES, valueText } from "./values";

export interface Clash {
  seen: Product;
  patch: Patch;
  conflict: Conflict;
}

interface Props {
  clash: Clash;
  busy: boolean;
  onTheirs: (current: Product) => void;
  /** Saves what was wanted, seen what is there now. */
  onMine: (current: Product, patch: Patch) => void;
}

/** Two people changed the same field: the second one chooses, seeing both. */
export function ConflictDialog({ clash: { patch, conflict }, busy, onTheirs, onMine }: Props) {
  const { current, fields } = conflict;
  const now = writtenOf(current);
  const mine = { ...now, ...patch };
  return (
    <Dialog title={t("conflict.title")} isOpen onClose={() => onTheirs(current)}>
      <p className="muted conflict-of">{current.title}</p>
      <table className="conflict">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("conflict.theirs")}</th>
            <th scope="col">{t("conflict.yours")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <th scope="row">{t(NAMES[field])}</th>
              <td>{valueText(now, field)}</td>
              <td>{valueText(mine, field)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <footer className="dialog-foot">
        <Button onPress={() => onTheirs(current)}>{t("conflict.keep-theirs")}</Button>
        <Button kind="primary" isPending={busy} onPress={() => onMine(current, patch)}>{t("conflict.keep-yours")}</Button>
      </footer>
    </Dialog>
  );
}
