import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { difference } from "./difference";
import type { Draft } from "./useDraft";

/** Somebody else changed the text that is being edited: shows what, and lets the person keep theirs or take the other. */
export function Conflict({ draft }: { draft: Draft }) {
  if (draft.theirs === null) return null;
  const { gone, come } = difference(draft.base, draft.theirs);
  return (
    <div className="conflict" role="alert">
      <p><strong>{t("conflict")}</strong> {t("conflict.hint")}</p>
      <div className="conflict-lines">
        {gone.filter(Boolean).map((line, row) => <del key={`-${row}`} dir="auto">{line}</del>)}
        {come.map((line, row) => <ins key={`+${row}`} dir="auto">{line || t("conflict.emptied")}</ins>)}
      </div>
      <p className="row">
        <Button small onPress={draft.keepMine} isPending={draft.isSaving}>{t("conflict.keep")}</Button>
        <Button small onPress={draft.discard}>{t("conflict.take")}</Button>
      </p>
    </div>
  );
}
