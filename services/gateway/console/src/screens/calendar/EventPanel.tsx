import { useEvent } from "../../api/events";
import type { LiveEvent } from "../../api/events";
import { t } from "../../i18n";
import { spanIn } from "../../lib/zones";
import { Badge } from "../../ui/Badge";
import { KeyValue } from "../../ui/KeyValue";
import { Link } from "../../ui/Link";
import { ProblemNote } from "../../ui/Notes";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/Skeleton";
import type { Entry } from "./entries";
import { EventBody } from "./EventBody";

interface Props {
  id: string;
  zone: string;
  /** Whoever looks on only: nothing of the planning. */
  looksOn: boolean;
  /** It is no event but a session that was on air without one. */
  session?: Entry;
  onMove: (event: LiveEvent) => void;
  onClose: () => void;
}

/** What is known of an entry of the calendar, beside it. */
export function EventPanel({ id, zone, looksOn, session, onMove, onClose }: Props) {
  const event = useEvent(id, session === undefined);
  if (session) return <SessionPanel entry={session} zone={zone} looksOn={looksOn} onClose={onClose} />;
  return (
    <Sheet title={event.data?.title ?? t("event")} isOpen onClose={onClose}>
      {event.isPending && <Skeleton lines={8} />}
      {!event.data && event.error && <ProblemNote error={event.error} retry={() => void event.refetch()} />}
      {event.data && <EventBody event={event.data} zone={zone} looksOn={looksOn} onMove={onMove} onGone={onClose} />}
    </Sheet>
  );
}

function SessionPanel({ entry, zone, looksOn, onClose }: { entry: Entry; zone: string; looksOn: boolean; onClose: () => void }) {
  const params = { sessionId: entry.id };
  const over = entry.stand === "over";
  return (
    <Sheet title={entry.title} isOpen onClose={onClose}>
      <p><Badge tone={over ? "neutral" : "on-air"} dot={!over}>{t(`calendar.stand-${entry.stand}`)}</Badge></p>
      <KeyValue items={[{ name: t("event.when"), value: spanIn(entry.start, entry.end, zone) }]} />
      <p className="muted small">{t("event.alone")}</p>
      <div className="row">
        {over && <Link to="/live/$sessionId/review" params={params} look="button">{t("event.analytics")}</Link>}
        <Link to={looksOn ? "/live/$sessionId/board" : "/live/$sessionId/air"} params={params} look="button">{t("event.console")}</Link>
      </div>
    </Sheet>
  );
}
