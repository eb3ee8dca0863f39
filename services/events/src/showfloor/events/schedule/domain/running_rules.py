"""What happens to an event by itself: its time comes, its sessions go on air and end, and it is over.

Each rule decides by recorded times: whenever it is asked, the outcome is the same.
"""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

import msgspec

from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import LiveEvent, Schedule, session_of
from showfloor.events.schedule.domain.schedule_events import (
    EventEnded,
    EventReady,
    EventSessionEnded,
    EventSessionStarted,
    EventStartingSoon,
)
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class About(TypedDict):
    """The fields that every event of a schedule repeats."""

    account_id: UUID
    shop_id: UUID
    event_id: UUID


class PassTime(msgspec.Struct, frozen=True, kw_only=True):
    """Something of an event is due."""

    event_id: UUID
    now: datetime


class SessionNews(msgspec.Struct, frozen=True, kw_only=True):
    """A session went on air, or ended, at a time. `soon`: before a start, when its console is set up."""

    session_id: UUID
    time: datetime
    soon: Aside[timedelta] = Policy().soon


def pass_time(state: Schedule, command: PassTime) -> list[Event]:
    """Record what was due until now, in order, each at its due time. An event that was moved is due later."""
    event = state.find(command.event_id)
    if event is None or event.deleted or event.over_at is not None:
        return []
    due = _announced(event, command.now)
    if event.close_at is not None and event.close_at <= command.now:
        due.append(_ended(event, event.close_at))
    return due


def start_session(state: Schedule, command: SessionNews) -> list[Event]:
    """Note that a session of an event is on air. What became due before is recorded before.

    An event that was deleted before the news came is there again: its LIVE is.
    """
    found = state.with_session(command.session_id)
    if found is None or found[1].started_at is not None:
        return []
    event, session = found
    started = EventSessionStarted(
        at=command.time,
        session_id=session.session_id,
        number=session.number,
        sequence=event.sequence + event.deleted,  # The deletion was a change, too.
        **_about(event),
    )
    return [*_announced(event, command.time), started]


def end_session(state: Schedule, command: SessionNews) -> list[Event]:
    """Note that a session of an event ended: before the scheduled end the event pauses, else it is over.

    Of an event that was moved while the session went on air, the new start is awaited, and announced.
    """
    found = state.with_session(command.session_id)
    if found is None or found[0].on_air is None or found[0].on_air.session_id != command.session_id:
        return []
    event, session = found
    pauses, again = command.time < event.end_at, command.time < event.start_at
    ended = EventSessionEnded(
        at=command.time,
        title=event.title,
        end_at=event.end_at,
        session_id=session.session_id,
        number=session.number,
        next_session_id=session_of(event.event_id, session.number + 1) if pauses else None,
        close_at=event.end_at if pauses else None,
        start_at=event.start_at,
        sequence=event.sequence,
        soon_at=max(event.start_at - command.soon, command.time) if again else None,
        ready_at=event.start_at if again else None,
        **_about(event),
    )
    return [ended] if pauses else [ended, _ended(event, command.time)]


def _announced(event: LiveEvent, until: datetime) -> list[Event]:
    """Return what is told before an event's first session, as far as it was due."""
    told: list[Event] = []
    if event.prepared is None:
        return told
    session_id, about = event.prepared.session_id, _about(event)
    if event.soon_at is not None and event.soon_at <= until:
        told.append(
            EventStartingSoon(
                at=event.soon_at, title=event.title, start_at=event.start_at, session_id=session_id, **about
            )
        )
    if event.ready_at is not None and event.ready_at <= until:
        told.append(
            EventReady(at=event.ready_at, title=event.title, end_at=event.end_at, session_id=session_id, **about)
        )
    return told


def _ended(event: LiveEvent, at: datetime) -> EventEnded:
    unused = event.prepared.session_id if event.prepared else None
    return EventEnded(at=at, title=event.title, session_id=unused, sessions=len(event.begun), **_about(event))


def _about(event: LiveEvent) -> About:
    return About(account_id=event.account_id, shop_id=event.shop_id, event_id=event.event_id)
