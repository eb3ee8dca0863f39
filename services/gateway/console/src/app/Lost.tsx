// Pages that stand where a screen cannot: a screen that failed, somebody who works nowhere.

import Broken from "lucide-react/icons/unplug";
import Store from "lucide-react/icons/store";
import { useMe } from "../api/queries";
import { t } from "../i18n";
import { useTitle } from "../lib/title";
import { Button } from "../ui/Button";
import { CopyField } from "../ui/CopyField";
import { EmptyState } from "../ui/EmptyState";
import { problemText } from "../ui/Notes";
import { useSeats } from "./seats";
import "./lost.css";

/** Without the frame, which may be what failed. */
export function Failed({ error, reset }: { error: unknown; reset: () => void }) {
  useTitle(t("failed"));
  return (
    <main className="lost lost-alone">
      <EmptyState isPage icon={<Broken aria-hidden />} title={t("failed")}>
        <p role="alert">{problemText(error)}</p>
        <div className="row">
          <Button onPress={reset}>{t("action.retry")}</Button>
          <Button kind="primary" onPress={() => location.reload()}>{t("failed.reload")}</Button>
        </div>
      </EmptyState>
    </main>
  );
}

/** Whether it is known that somebody works for nobody and was granted nothing. */
export function useIsNowhere(): boolean {
  const me = useMe().data;
  const { seats, isPending } = useSeats();
  return me !== undefined && !isPending && seats.length === 0 && me.accounts.length === 0;
}

/** The first page of somebody whom nobody has given a role yet. */
export function Nowhere() {
  const me = useMe().data;
  return (
    <div className="lost">
      <EmptyState isPage icon={<Store aria-hidden />} title={t("nowhere", { name: me?.user.name ?? "" })}>
        <p>{t("nowhere.hint")}</p>
        {me && <div className="lost-id"><CopyField label={t("nowhere.id")} text={me.user.user_id} /></div>}
        <Button onPress={() => location.reload()}>{t("failed.reload")}</Button>
      </EmptyState>
    </div>
  );
}
