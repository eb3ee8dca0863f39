"""An event as guests know it, out of the tables of the schedule."""

from datetime import datetime

from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.events.schedule.edges.event_queries import EventRow


def invited_event(row: EventRow, now: datetime) -> InvitedEvent:
    """Return what guests may know. A deletion is the last change of the calendar file."""
    event = row.event()
    over = event.is_over(now)
    last = event.sessions[-1] if event.sessions else None
    return InvitedEvent(
        event_id=row.event_id,
        account_id=row.account_id,
        title=row.title,
        description=row.description,
        start_time=row.start_at,
        end_time=row.end_at,
        time_zone=row.time_zone,
        sequence=row.sequence + row.deleted,
        cancelled=row.deleted,
        ended=over,
        teaser_urls=tuple(row.teaser_urls),
        session_id=last.session_id if last and not over else None,
    )
