import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type LiveEvent, useEvent } from "../../api/events";
import { t } from "../../i18n";
import { zoneName } from "../../lib/format";
import { Card } from "../../ui/Card";
import { Link } from "../../ui/Link";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { EventBody } from "./EventBody";
import { MoveDialog } from "./MoveDialog";
import "./calendar.css";

/** The event that a session was prepared for, on the session's page. */
export function EventCard({ id, looksOn }: { id: string; looksOn: boolean }) {
  const navigate = useNavigate();
  const event = useEvent(id);
  const [moving, setMoving] = useState<LiveEvent>();
  return (
    <Card
      title={t("event")}
      actions={event.data && <Link to="/live/calendar" search={{ event: id, day: event.data.start_time.slice(0, 10) }} look="quiet">{t("event.in-calendar")}</Link>}
    >
      {event.isPending && <Skeleton lines={6} />}
      {!event.data && event.error && <ProblemNote error={event.error} retry={() => void event.refetch()} />}
      {event.data && (
        <div className="event-card">
          <EventBody event={event.data} zone={zoneName()} looksOn={looksOn} here onMove={setMoving} onGone={() => void navigate({ to: "/live/calendar" })} />
        </div>
      )}
      {moving && (
        <MoveDialog
          event={moving} span={{ start: Date.parse(moving.start_time), end: Date.parse(moving.end_time) }} zone={zoneName()}
          onClose={() => setMoving(undefined)}
        />
      )}
    </Card>
  );
}
