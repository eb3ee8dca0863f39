import { t } from "../i18n";
import { Button } from "./Button";
import "./NotLoaded.css";

/** Stands where a part of the page could not be loaded. */
export function NotLoaded({ again }: { again: () => void }) {
  return (
    <div className="not-loaded" role="alert">
      <p>{t("later.failed-hint")}</p>
      <Button small onPress={again}>{t("action.retry")}</Button>
    </div>
  );
}
