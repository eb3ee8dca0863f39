import { Link } from "@tanstack/react-router";
import Right from "lucide-react/icons/arrow-right";
import { useOnAir } from "../api/queries";
import type { SessionRow } from "../api/types";
import { t } from "../i18n";
import { count, money } from "../lib/format";
import { useNow } from "../lib/now";
import { useSeats } from "./seats";
import "./onair.css";

/** "0:14": hours and minutes since a LIVE began. */
export function since(start: string | null | undefined, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(start ?? "")) / 60_000)) || 0;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

function facts({ session, readings }: SessionRow, now: number): string {
  const value = (name: string) => readings.find((one) => one.metric === name)?.value ?? undefined;
  const [viewers, gmv] = [value("viewers_now"), value("gmv")];
  return [
    since(session.start_time, now),
    viewers !== undefined && t("on-air.viewers", { n: viewers, shown: count(viewers) }),
    gmv !== undefined && money(gmv, session.currency, true),
  ].filter(Boolean).join(" · ");
}

interface Props {
  /** The LIVE that the page is about. */
  session?: string;
  /** The page is that LIVE's room, so that only others are told of. */
  inRoom?: boolean;
}

const MOST = 3;

/** On every page, while an account of yours is on air: how each LIVE stands, and one press back to it. */
export function OnAir({ session: here, inRoom = false }: Props) {
  const all = useOnAir().data?.sessions ?? [];
  const rows = inRoom ? all.filter((row) => row.session.session_id !== here) : all;
  const now = useNow(rows.length > 0);
  const { work } = useSeats();
  if (rows.length === 0) return null;
  // An agency looks on; it has no control room.
  const to = work === "partner" ? "/live/$sessionId/board" : "/live/$sessionId/air";
  const [first] = rows;
  if (rows.length === 1 && first)
    return (
      <Link to={to} params={{ sessionId: first.session.session_id }} className="on-air">
        <span className="dot" aria-hidden="true" />
        <strong>{t("on-air")}</strong> <span className="tabular">{facts(first, now)}</span>
        <span className="on-air-title">{first.session.session_id === here ? t("on-air.this") : first.session.title}</span>
        <span className="on-air-go">{t(work === "partner" ? "on-air.board" : "on-air.room")}<Right size={16} aria-hidden /></span>
      </Link>
    );
  return (
    <nav className="on-air" aria-label={t("on-air.choose")}>
      <span className="dot" aria-hidden="true" />
      <strong>{t("on-air")}</strong>
      {rows.slice(0, MOST).map((row) => (
        <Link key={row.session.session_id} to={to} params={{ sessionId: row.session.session_id }} className="on-air-one">
          <span className="on-air-title">{row.session.session_id === here ? t("on-air.this") : row.session.title}</span>
          <span className="tabular">{since(row.session.start_time, now)}</span>
        </Link>
      ))}
      {rows.length > MOST && <Link to="/live/on-air" className="on-air-one">{t("on-air.more", { n: rows.length - MOST })}</Link>}
    </nav>
  );
}
