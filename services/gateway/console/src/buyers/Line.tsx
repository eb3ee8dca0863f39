import Off from "lucide-react/icons/wifi-off";
import { useSyncExternalStore } from "react";
import { t } from "../i18n";
import { useNow } from "../lib/now";
import type { StreamStatus } from "../live/stream";

const subscribe = (listener: () => void) => {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
};

interface Props {
  live: StreamStatus;
  /** The last look into the room was not answered. */
  lost: boolean;
  joined: boolean;
  onRetry: () => void;
}

/** Whether what is shown is current. Seen only when it is not. */
export function Line({ live, lost, joined, onRetry }: Props) {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const away = online && (joined ? live.state === "reconnecting" || (live.state === "off" && live.problem !== null) : lost);
  const now = useNow(away);
  if (online && !away) return joined && live.state === "live" ? <p className="visually-hidden" role="status">{t("connection.live")}</p> : null;
  const seconds = live.retryAt ? Math.max(0, Math.ceil((live.retryAt - now) / 1000)) : 0;
  return (
    <div className="line" role="status">
      <Off size={18} aria-hidden />
      <p>{!online ? t("watch.offline") : seconds > 0 ? t("watch.away-for", { n: seconds }) : t("watch.away")}</p>
      {online && <button type="button" onClick={onRetry}>{t("watch.now")}</button>}
    </div>
  );
}
