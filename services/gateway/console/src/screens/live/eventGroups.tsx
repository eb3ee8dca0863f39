import { useMemo } from "react";
import { useEventsById } from "../../api/events";
import type { SessionRow } from "../../api/types";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { Link } from "../../ui/Link";
import { sharedEvents, together } from "./groupRows";

/** The rows of a list with the sessions of each event under it; where `on` is false, as they are. */
export function useEventGroups(rows: SessionRow[], on: boolean) {
  const shared = useMemo(() => (on ? sharedEvents(rows) : []), [rows, on]);
  const events = useEventsById(shared);
  const groupOf = ({ session }: SessionRow) => {
    const id = session.event_id ?? "";
    if (!shared.includes(id)) return undefined;
    const event = events.get(id);
    const count = rows.filter((row) => row.session.event_id === id).length;
    return {
      key: id,
      head: (
        <span className="live-event">
          <Link to="/live/calendar" search={{ event: id, day: event?.start_time.slice(0, 10) }} look="row">{event?.title ?? session.title}</Link>
          <span className="muted small">{[event && moment(event.start_time), t("sessions.of-event", { n: count })].filter(Boolean).join(" · ")}</span>
        </span>
      ),
    };
  };
  return { rows: shared.length ? together(rows) : rows, groupOf };
}
