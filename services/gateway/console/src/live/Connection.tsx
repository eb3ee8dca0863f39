import { t } from "../i18n";
import { useNow } from "../lib/now";
import type { Live } from "./useLive";

/** Says whether what is on the screen is current. */
export function Connection({ live }: { live: Pick<Live, "state" | "retryAt"> }) {
  const waiting = live.state === "reconnecting";
  const now = useNow(waiting);
  if (live.state === "off") return null;
  const seconds = live.retryAt ? Math.max(0, Math.ceil((live.retryAt - now) / 1000)) : 0;
  return (
    <span className={`connection connection-${live.state}`} role="status">
      <span className="dot" aria-hidden="true" />
      {seconds > 0 ? t("connection.retry", { n: seconds }) : t(`connection.${live.state}`)}
    </span>
  );
}
