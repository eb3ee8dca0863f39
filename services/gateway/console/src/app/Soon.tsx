import { Link } from "@tanstack/react-router";
import Clock from "lucide-react/icons/calendar-clock";
import Right from "lucide-react/icons/arrow-right";
import { useEffect } from "react";
import { useComing } from "../api/events";
import { t } from "../i18n";
import { duration } from "../lib/format";
import { useNow } from "../lib/now";
import { notify } from "../ui/notices";
import { useSeats } from "./seats";
import { isSoon, TOLD_BEFORE_MS } from "./soonest";
import "./onair.css";

const MOST = 3;
const told = new Set<string>();

/** On every page, from ten minutes before an event of one's accounts until it is on air: how long it is, and the way there. */
export function Soon({ session: here }: { session?: string }) {
  const coming = useComing();
  const now = useNow(coming.length > 0);
  const { work } = useSeats();
  const rows = coming.filter((event) => isSoon(event, now) && event.sessions?.at(-1)?.session_id !== here);
  const [fresh] = rows.filter((event) => Date.parse(event.start_time) > now && !told.has(event.event_id + event.start_time));
  useEffect(() => {
    if (!fresh) return;
    told.add(fresh.event_id + fresh.start_time);
    if (Date.parse(fresh.start_time) - Date.now() > TOLD_BEFORE_MS) notify(t("soon.notice", { title: fresh.title }));
  }, [fresh]);
  // An agency looks on; it has no control room.
  if (rows.length === 0 || work === "partner") return null;
  return (
    <nav className="soon" aria-label={t("soon")}>
      <Clock size={16} aria-hidden />
      {rows.slice(0, MOST).map((event) => {
        const left = Date.parse(event.start_time) - now;
        return (
          <Link key={event.event_id} to="/live/$sessionId/air" params={{ sessionId: event.sessions!.at(-1)!.session_id }} className="on-air-one">
            <span className="tabular">{left > 0 ? t("soon.in", { time: duration(Math.ceil(left / 1000)) }) : t("soon.now")}</span>
            <strong className="on-air-title">{event.title}</strong>
            <span className="soon-go">{t("on-air.room")}<Right size={16} aria-hidden /></span>
          </Link>
        );
      })}
    </nav>
  );
}
