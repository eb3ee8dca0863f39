import Lost from "lucide-react/icons/wifi-off";
import Radio from "lucide-react/icons/radio";
import type { Session } from "../api/types";
import { t } from "../i18n";
import { moment } from "../lib/format";
import { LIST } from "./paths";
import { told } from "./told";

/** A LIVE that is not on air, or that there is not: nobody may know which. */
export function Waiting() {
  return (
    <main id="main" className="live live-empty">
      <div className="note">
        <Radio size={40} aria-hidden />
        <h1>{t("watch.gone")}</h1>
        <p role="status">{t("watch.gone-hint")}</p>
        <a className="cta" href={LIST}>{t("watch.all")}</a>
      </div>
    </main>
  );
}

/** A LIVE that is announced: its event tells its name and its start, and nothing is on air. */
export function Announced({ session }: { session: Session }) {
  const start = session.not_before_time;
  const ahead = start && Date.parse(start) > Date.now();
  return (
    <main id="main" className="live live-empty">
      <div className="note">
        <Radio size={40} aria-hidden />
        <h1 dir="auto">{session.title}</h1>
        <p role="status">{ahead ? t("watch.starts", { when: moment(start) }) : t("watch.starts-now")}</p>
        <p>{t("watch.starts-hint")}</p>
        <a className="cta" href={LIST}>{t("watch.all")}</a>
      </div>
    </main>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main id="main" className="live live-empty">
      <div className="note" role="alert">
        <Lost size={40} aria-hidden />
        <h1>{t("watch.failed")}</h1>
        <p>{told(error)}</p>
        <button type="button" className="cta" onClick={onRetry}>{t("action.retry")}</button>
      </div>
    </main>
  );
}
