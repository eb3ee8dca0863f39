"""An account's schedule: its LIVE events that are not over, each with its sessions; what is remembered."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final, assert_never
from uuid import UUID

import msgspec

from showfloor.events.schedule.domain.schedule_events import (
    EventDeleted,
    EventEnded,
    EventReady,
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
    EventStartingSoon,
    EventUpdated,
    Origin,
    ScheduleEvents,
)
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

PAST_KEPT: Final = 50  # events that are over or deleted: late news of their sessions still finds them


class EventSession(msgspec.Struct, frozen=True):
    """A session of an event. It starts when it goes on air."""

    session_id: UUID
    number: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


class LiveEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A LIVE event. `version` counts what people changed: it is what `expected_version` is compared with."""

    event_id: UUID
    account_id: UUID
    shop_id: UUID
    title: str
    description: str = ""
    start_at: datetime
    end_at: datetime
    time_zone: str
    origin: Origin = "desktop"
    sessions: tuple[EventSession, ...] = ()
    recommend_on_videos: bool = False
    teaser_urls: tuple[str, ...] = ()
    sequence: int = 0
    version: int = 1
    made_at: datetime
    soon_at: datetime | None = None  # what is due, and not yet done
    ready_at: datetime | None = None
    close_at: datetime | None = None
    over_at: datetime | None = None
    deleted: bool = False

    @property
    def on_air(self) -> EventSession | None:
        """The session that is on air now."""
        last = self.sessions[-1] if self.sessions else None
        return last if last and last.started_at and not last.ended_at else None

    @property
    def prepared(self) -> EventSession | None:
        """The session to go LIVE with next."""
        last = self.sessions[-1] if self.sessions else None
        return last if last and not last.started_at else None

    @property
    def begun(self) -> tuple[EventSession, ...]:
        """The sessions that are, or were, on air."""
        return tuple(one for one in self.sessions if one.started_at)

    def is_over(self, now: datetime) -> bool:
        """True when it is read-only, also in the moment before that is recorded."""
        return self.deleted or self.over_at is not None or (now >= self.end_at and self.on_air is None)


class Schedule(msgspec.Struct, frozen=True):
    """The state of a schedule. `past` are the latest events that are over or deleted, the last one last."""

    SNAPSHOT_VERSION: ClassVar[int] = 2

    ahead: tuple[LiveEvent, ...] = ()  # by their starts
    past: tuple[LiveEvent, ...] = ()

    def find(self, event_id: UUID) -> LiveEvent | None:
        """Return an event; None when it is not known, or forgotten."""
        return next((one for one in (*self.ahead, *self.past) if one.event_id == event_id), None)

    def with_session(self, session_id: UUID) -> tuple[LiveEvent, EventSession] | None:
        """Return the event that a session belongs to."""
        for event in (*self.ahead, *self.past):
            for session in event.sessions:
                if session.session_id == session_id:
                    return event, session
        return None

    def in_the_way(
        self, start_at: datetime, end_at: datetime, now: datetime, but: UUID | None = None
    ) -> tuple[LiveEvent, ...]:
        """Return the events that a time would overlap, in order. Where one ends another may start."""
        return tuple(
            one
            for one in self.ahead
            if one.event_id != but and not one.is_over(now) and start_at < one.end_at and one.start_at < end_at
        )

    def not_over(self, now: datetime) -> int:
        """Return how many events are not over."""
        return sum(not one.is_over(now) for one in self.ahead)


def schedule_id(account_id: UUID) -> UUID:
    """Return the stream of an account's schedule."""
    return derive_id(account_id, "schedule")


def session_of(event_id: UUID, number: int) -> UUID:
    """Return the id of a session of an event, by its number from 1."""
    return derive_id(event_id, "session", str(number))


def evolve(state: Schedule, event: Event) -> Schedule:
    """Return the schedule after the event."""
    assert isinstance(event, ScheduleEvents)
    if isinstance(event, EventScheduled):
        return _placed(state, _new(event))
    known = state.find(event.event_id)
    return state if known is None else _placed(state, _changed(known, event))


def _new(event: EventScheduled) -> LiveEvent:
    return LiveEvent(
        event_id=event.event_id, account_id=event.account_id, shop_id=event.shop_id, title=event.title,
        description=event.description, start_at=event.start_at, end_at=event.end_at, time_zone=event.time_zone,
        origin=event.origin, sessions=(EventSession(event.session_id, 1),), made_at=event.at,
        soon_at=event.soon_at, ready_at=event.start_at, close_at=event.end_at,
    )  # fmt: skip


def _changed(known: LiveEvent, event: ScheduleEvents) -> LiveEvent:  # noqa: PLR0911 - one per event
    replace = msgspec.structs.replace
    match event:
        case EventScheduled():
            return known
        case EventUpdated():
            return replace(
                known, title=event.title, description=event.description, start_at=event.start_at,
                end_at=event.end_at, time_zone=event.time_zone, recommend_on_videos=event.recommend_on_videos,
                teaser_urls=event.teaser_urls, sequence=event.sequence, version=event.change,
                soon_at=event.soon_at, ready_at=event.ready_at, close_at=event.close_at,
            )  # fmt: skip
        case EventDeleted():
            return replace(known, deleted=True, soon_at=None, ready_at=None, close_at=None)
        case EventStartingSoon():
            return replace(known, soon_at=None)
        case EventReady():
            return replace(known, soon_at=None, ready_at=None)
        case EventSessionStarted():
            session = EventSession(event.session_id, event.number, event.at)
            sessions = _with(known.sessions, session)
            sequence = max(known.sequence, event.sequence)
            on_air = replace(known, sessions=sessions, over_at=None, deleted=False, sequence=sequence)
            return replace(on_air, soon_at=None, ready_at=None, close_at=None)
        case EventSessionEnded():
            begun = next((one for one in known.sessions if one.session_id == event.session_id), None)
            ended = EventSession(event.session_id, event.number, begun.started_at if begun else event.at, event.at)
            sessions = _with(known.sessions, ended)
            if event.next_session_id is not None:
                sessions = _with(sessions, EventSession(event.next_session_id, event.number + 1))
            soon_at, ready_at = event.soon_at or known.soon_at, event.ready_at or known.ready_at
            return replace(known, sessions=sessions, soon_at=soon_at, ready_at=ready_at, close_at=event.close_at)
        case EventEnded():
            return replace(known, over_at=event.at, soon_at=None, ready_at=None, close_at=None)
        case _:
            assert_never(event)


def _with(sessions: Iterable[EventSession], new: EventSession) -> tuple[EventSession, ...]:
    return (*(one for one in sessions if one.number < new.number), new)


def _placed(state: Schedule, event: LiveEvent) -> Schedule:
    ahead = [one for one in state.ahead if one.event_id != event.event_id]
    past = [one for one in state.past if one.event_id != event.event_id]
    if event.deleted or event.over_at is not None:
        past.append(event)
    else:
        ahead.append(event)
    ahead.sort(key=lambda one: (one.start_at, one.event_id))
    return Schedule(tuple(ahead), tuple(past[-PAST_KEPT:]))


SCHEDULE: Decider[Schedule] = Decider(
    name="schedule",
    state_type=Schedule,
    initial=Schedule,
    evolve=evolve,
    events=(
        EventScheduled, EventUpdated, EventDeleted, EventStartingSoon, EventReady, EventSessionStarted,
        EventSessionEnded, EventEnded,
    ),
)  # fmt: skip
