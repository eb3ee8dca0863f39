import { t } from "../i18n";
import "./Skeleton.css";

/** Lines that stand for what is being loaded. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}
