"""Which session belongs to which event, and when was it on air? One row per session, also of events that are gone."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from showfloor.events.schedule.domain.schedule_events import (
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
)
from showfloor.eventstore.statements import Change
from showfloor.eventstore.upsert import insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded

_DDL = """
CREATE TABLE event_session (
    session_id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    account_id uuid NOT NULL,
    number integer NOT NULL, -- in the event, from 1
    started_at timestamptz,
    ended_at timestamptz
);
CREATE UNIQUE INDEX event_session_number ON event_session (event_id, number);
"""

_PREPARED: Final = """
INSERT INTO event_session SELECT *, NULL, NULL FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::integer[])"""
_STARTED: Final = """
UPDATE event_session AS s SET started_at = v.at FROM unnest(%s::uuid[], %s::timestamptz[]) AS v (session_id, at)
WHERE s.session_id = v.session_id"""
_ENDED: Final = """
UPDATE event_session AS s SET ended_at = v.at FROM unnest(%s::uuid[], %s::timestamptz[]) AS v (session_id, at)
WHERE s.session_id = v.session_id"""


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Return new sessions first, then which went on air, then which ended."""
    prepared: list[tuple[Any, ...]] = []
    started: dict[Any, tuple[Any, ...]] = {}
    ended: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        match recorded.event:
            case EventScheduled() as event:
                prepared.append((event.session_id, event.event_id, event.account_id, 1))
            case EventSessionStarted() as event:
                started[event.session_id] = (event.session_id, event.at)
            case EventSessionEnded() as event:
                ended[event.session_id] = (event.session_id, event.at)
                if event.next_session_id is not None:
                    prepared.append((event.next_session_id, event.event_id, event.account_id, event.number + 1))
            case _:
                pass
    yield from insert(_PREPARED, prepared)
    yield from keyed(_STARTED, started)
    yield from keyed(_ENDED, ended)


VIEW = View(
    name="event_session",
    ddl=_DDL,
    handles=(EventScheduled, EventSessionStarted, EventSessionEnded),
    evolve=evolve,
)
