import { Link, useNavigate } from "@tanstack/react-router";
import { useOnAir } from "../api/queries";
import type { SessionRow } from "../api/types";
import { t } from "../i18n";
import { count, money } from "../lib/format";
import { useNow } from "../lib/now";
import { Button } from "../ui/Button";
import { Menu } from "../ui/Menu";
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

/** On every page, while an account of yours is on air: how it stands, and one press back to it. */
export function OnAir() {
  const rows = useOnAir().data?.sessions ?? [];
  const now = useNow(rows.length > 0);
  const navigate = useNavigate();
  const [first] = rows;
  if (!first) return null;
  if (rows.length === 1)
    return (
      <Link to="/live/$sessionId/air" params={{ sessionId: first.session.session_id }} className="on-air">
        <span className="dot" aria-hidden="true" />
        <strong>{t("on-air")}</strong> <span className="tabular">{facts(first, now)}</span>
      </Link>
    );
  return (
    <div className="on-air">
      <span className="dot" aria-hidden="true" />
      <strong>{t("on-air")}</strong>
      <Menu
        label={t("on-air.choose")}
        trigger={<Button kind="quiet" small className="on-air-menu">{t("on-air.count", { n: rows.length })}</Button>}
        actions={rows.map((row) => ({
          id: row.session.session_id,
          text: `${row.session.title} · ${facts(row, now)}`,
          onAction: () => void navigate({ to: "/live/$sessionId/air", params: { sessionId: row.session.session_id } }),
        }))}
      />
    </div>
  );
}
