import Flag from "lucide-react/icons/flag";
import { useEvent } from "../../api/events";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { minute } from "../../lib/format";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";

/** Where the picture was. What came of the LIVE is told in one place, the Review. */
export function Over({ session }: { session: Session }) {
  return (
    <div className="pane programme pane-past">
      <EmptyState icon={<Flag aria-hidden />} title={t("past")}>
        <p>{t("past.read-only")}</p>
        <Next session={session} />
        <Link to="/live/$sessionId/review" params={{ sessionId: session.session_id }} look="button">{t("past.review")}</Link>
      </EmptyState>
    </div>
  );
}

/** Its event goes on: leads to the session that was made for that. */
function Next({ session }: { session: Session }) {
  const id = session.event_id ?? "";
  // It has just ended: the event hears of it a moment later.
  const event = useEvent(id, id !== "", (known) => known?.state === "live").data;
  const next = event?.sessions?.at(-1);
  if (event?.state !== "paused" || !next || next.start_time || next.session_id === session.session_id) return null;
  return (
    <>
      <p>{t("start.next", { time: minute(Date.parse(event.end_time)) })}</p>
      <Link to="/live/$sessionId/air" params={{ sessionId: next.session_id }} look="button-primary">{t("start.next-go")}</Link>
    </>
  );
}
