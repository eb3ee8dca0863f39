"""What are an event's guests still to be told? A row for each thing, until all of them have a mail due about it."""

from collections.abc import Iterable, Sequence
from typing import Final

from showfloor.events.invitations.domain.guest_list import GuestsNotified, News
from showfloor.events.schedule.domain.schedule_events import EventDeleted, EventStartingSoon, EventUpdated
from showfloor.eventstore.statements import Change
from showfloor.eventstore.upsert import insert
from showfloor.eventstore.view import View
from showfloor.kernel.event import Event, Recorded

_DDL = """
CREATE TABLE notice (
    event_id uuid NOT NULL,
    kind text NOT NULL,
    number bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (event_id, kind, number)
);
CREATE INDEX notice_order ON notice (position);
"""

_NEW: Final = """
INSERT INTO notice SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING"""
_TOLD: Final = """
DELETE FROM notice AS n USING unnest(%s::uuid[], %s::text[], %s::bigint[]) AS gone (event_id, kind, number)
WHERE (n.event_id, n.kind, n.number) = (gone.event_id, gone.kind, gone.number)"""


def news_of(event: Event) -> tuple[News, int] | None:
    """Return what guests are to be told of, and its number: of a move the sequence, of a start its second."""
    match event:
        case EventUpdated(retimed=True):
            return "moved", event.sequence
        case EventDeleted():
            return "cancelled", event.sequence
        case EventStartingSoon():
            return "starting", int(event.start_at.timestamp())
        case _:
            return None


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Return what is new, then what was told: nothing is told before it has happened."""
    new = [
        (recorded.event.event_id, *news, recorded.position)
        for recorded in page
        if isinstance(recorded.event, EventUpdated | EventDeleted | EventStartingSoon)
        and (news := news_of(recorded.event)) is not None
    ]
    told = [(e.event_id, e.kind, e.number) for r in page if isinstance(e := r.event, GuestsNotified)]
    yield from insert(_NEW, new)
    yield from insert(_TOLD, told)


VIEW = View(
    name="notices",
    ddl=_DDL,
    handles=(EventUpdated, EventDeleted, EventStartingSoon, GuestsNotified),
    evolve=evolve,
)
