"""What are an event's guests still to be told? A row for each thing, until all of them have a mail due about it."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

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
    """Return what was told, then what is new since. The same may come again: moved away and back, it starts twice."""
    told: dict[tuple[UUID, News, int], int] = {}  # at which position
    for recorded in page:
        if isinstance(event := recorded.event, GuestsNotified):
            key = (event.event_id, event.kind, event.number)
            told[key] = max(told.get(key, 0), recorded.position)
    new: dict[tuple[UUID, News, int], int] = {}
    for recorded in page:
        if not isinstance(event := recorded.event, EventUpdated | EventDeleted | EventStartingSoon):
            continue
        if (news := news_of(event)) and recorded.position > told.get(key := (event.event_id, *news), 0):
            new[key] = min(new.get(key, recorded.position), recorded.position)
    yield from insert(_TOLD, told)
    yield from insert(_NEW, [(*key, position) for key, position in new.items()])


VIEW = View(
    name="notices",
    ddl=_DDL,
    handles=(EventUpdated, EventDeleted, EventStartingSoon, GuestsNotified),
    evolve=evolve,
    version=2,
)
