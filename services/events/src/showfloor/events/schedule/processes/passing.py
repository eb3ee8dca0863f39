"""The time of an event passes: its start comes near, it may go LIVE, it is over. Due times lie in the events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from showfloor.events.schedule.domain.running_rules import PassTime, pass_time
from showfloor.events.schedule.domain.schedule import SCHEDULE, schedule_id
from showfloor.events.schedule.domain.schedule_events import (
    EventDeleted,
    EventEnded,
    EventReady,
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
    EventStartingSoon,
    EventUpdated,
)
from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.query import Database
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded

SOON, READY, CLOSE = "starting_soon", "ready", "close"

HANDLES: Final[tuple[type[Event], ...]] = (
    EventScheduled, EventUpdated, EventDeleted, EventStartingSoon, EventReady, EventSessionStarted, EventSessionEnded,
    EventEnded,
)  # fmt: skip

_META = Meta(actor="process:passing")
_ACCOUNT = "SELECT account_id FROM live_event WHERE event_id = %s"


def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case EventScheduled() as event:
            yield from _due(event.event_id, event.soon_at, event.start_at, event.end_at)
        case EventUpdated() as event:
            yield from _due(event.event_id, event.soon_at, event.ready_at, event.close_at)
        case EventStartingSoon(event_id=event_id):
            yield Cleared(SOON, event_id)
        case EventReady(event_id=event_id):
            yield from (Cleared(SOON, event_id), Cleared(READY, event_id))
        case EventSessionEnded(close_at=datetime()) as event:
            due = _due(event.event_id, event.soon_at, event.ready_at, event.close_at)
            yield from (one for one in due if isinstance(one, Deadline))
        case EventDeleted(event_id=event_id) | EventSessionStarted(event_id=event_id) | EventEnded(event_id=event_id):
            yield from _due(event_id, None, None, None)
        case _:
            pass


def _due(event_id: UUID, *times: datetime | None) -> Iterable[Deadline | Cleared]:
    for name, due_at in zip((SOON, READY, CLOSE), times, strict=True):
        yield Cleared(name, event_id) if due_at is None else Deadline(name, event_id, due_at)


async def pass_by(store: Store, database: Database, event_id: UUID, clock: Clock) -> None:
    """Record what of an event was due until now; again it changes nothing."""
    row = await database.fetch_one(_ACCOUNT, [event_id])
    if row is None:
        return  # the table is being made anew: the deadline fires again
    command = PassTime(event_id=event_id, now=clock())
    await store.execute(SCHEDULE, schedule_id(row["account_id"]), pass_time, command, _META)
