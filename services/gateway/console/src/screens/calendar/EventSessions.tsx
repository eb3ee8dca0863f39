import type { LiveEvent, SessionOfEvent } from "../../api/events";
import { useRecap } from "../../api/queries";
import { t } from "../../i18n";
import { spanIn } from "../../lib/zones";
import { Link } from "../../ui/Link";

interface Props {
  event: LiveEvent;
  zone: string;
  looksOn: boolean;
}

/** The sessions of an event that went on air, each with what came of it. */
export function EventSessions({ event, zone, looksOn }: Props) {
  const held = (event.sessions ?? []).filter((one) => one.start_time);
  if (held.length === 0) return null;
  return (
    <section className="event-part" aria-labelledby="event-sessions">
      <h3 id="event-sessions">{t("event.sessions", { n: held.length })}</h3>
      <ol className="event-sessions">
        {held.map((one) => <Held key={one.session_id} session={one} zone={zone} looksOn={looksOn} />)}
      </ol>
    </section>
  );
}

function Held({ session, zone, looksOn }: { session: SessionOfEvent; zone: string; looksOn: boolean }) {
  const { session_id: id, number, start_time: start, end_time: end } = session;
  const featured = useRecap(id, Boolean(end)).data?.products_featured;
  const params = { sessionId: id };
  return (
    <li className="event-session">
      <span className="event-session-words">
        <strong>{t("event.session", { n: number })}</strong>
        <span className="muted small">{end ? spanIn(Date.parse(start!), Date.parse(end), zone) : t("event.on-air-now")}</span>
        {featured !== undefined && <span className="muted small">{t("event.featured", { n: featured })}</span>}
      </span>
      <span className="row">
        {end && <Link to="/live/$sessionId/review" params={params} look="button" small>{t("event.analytics")}</Link>}
        <Link to={looksOn ? "/live/$sessionId/board" : "/live/$sessionId/air"} params={params} look="button" small>{t("event.console")}</Link>
      </span>
    </li>
  );
}
