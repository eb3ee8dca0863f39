import Archive from "lucide-react/icons/archive";
import Restore from "lucide-react/icons/archive-restore";
import Layers from "lucide-react/icons/layers";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";

interface Props {
  chosen: readonly Product[];
  archived: boolean;
  onArchive: () => Promise<void>;
  onRestore: () => Promise<void>;
  onAddToSet: () => void;
  onClear: () => void;
}

/** What can be done with the selected rows; stays in sight while there are some. */
export function SelectionBar({ chosen, archived, onArchive, onRestore, onAddToSet, onClear }: Props) {
  if (chosen.length === 0) return null;
  return (
    <div className="selection" role="toolbar" aria-label={t("products.selection")}>
      <span className="selection-count" role="status">{t("products.selected", { n: chosen.length })}</span>
      {archived ? (
        <Button small icon={<Restore size={14} aria-hidden />} onPress={onRestore}>{t("products.restore")}</Button>
      ) : (
        <>
          <Button small icon={<Layers size={14} aria-hidden />} onPress={onAddToSet}>{t("products.to-set")}</Button>
          <Button small icon={<Archive size={14} aria-hidden />} onPress={onArchive}>{t("products.archive")}</Button>
        </>
      )}
      <Button small kind="quiet" onPress={onClear}>{t("products.unselect")}</Button>
    </div>
  );
}
