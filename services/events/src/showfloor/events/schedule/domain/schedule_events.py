"""What happens to the LIVE events of an account's schedule: the events of the log."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from showfloor.kernel.event import Event

Origin = Literal["desktop", "mobile"]
"""Where an event was made."""


class OfEvent(Event, frozen=True, kw_only=True):
    """What every event of a schedule carries, so that no reader has to look anything up."""

    account_id: UUID
    shop_id: UUID
    event_id: UUID


class EventScheduled(OfEvent, frozen=True, kw_only=True):
    """A LIVE event was made. Due times that are None are not awaited."""

    TOPIC: ClassVar[str] = "event.scheduled"

    title: str
    description: str
    start_at: datetime
    end_at: datetime
    time_zone: str
    origin: Origin
    session_id: UUID  # its first session
    soon_at: datetime | None  # when its console is to be set up


class EventUpdated(OfEvent, frozen=True, kw_only=True):
    """Something of an event changed: all of it as it is now."""

    TOPIC: ClassVar[str] = "event.updated"

    title: str
    description: str
    start_at: datetime
    end_at: datetime
    time_zone: str
    recommend_on_videos: bool
    teaser_urls: tuple[str, ...]
    session_id: UUID | None  # prepared, or on air
    sequence: int
    change: int  # counts what people changed; it was made as 1
    retimed: bool  # its name or its time is another
    soon_at: datetime | None
    ready_at: datetime | None
    close_at: datetime | None


class EventDeleted(OfEvent, frozen=True, kw_only=True):
    """An event was deleted, with the session that was prepared."""

    TOPIC: ClassVar[str] = "event.deleted"

    title: str
    start_at: datetime
    end_at: datetime
    time_zone: str
    session_id: UUID | None
    sequence: int


class EventStartingSoon(OfEvent, frozen=True, kw_only=True):
    """An event starts in a moment: its console is set up. `at` is when it was due."""

    TOPIC: ClassVar[str] = "event.starting_soon"

    title: str
    start_at: datetime
    session_id: UUID


class EventReady(OfEvent, frozen=True, kw_only=True):
    """The time of an event has come. `at` is its start."""

    TOPIC: ClassVar[str] = "event.ready"

    title: str
    end_at: datetime
    session_id: UUID


class EventSessionStarted(OfEvent, frozen=True, kw_only=True):
    """A session of an event went on air. `at` is its start. An event that was missed or deleted goes on with it."""

    TOPIC: ClassVar[str] = "event.session_started"

    session_id: UUID
    number: int  # in the event, from 1
    sequence: int = 0  # as it is by now


class EventSessionEnded(OfEvent, frozen=True, kw_only=True):
    """A session of an event ended, `at` its end. There is a next one if that was before the scheduled end."""

    TOPIC: ClassVar[str] = "event.session_ended"

    title: str
    end_at: datetime  # the scheduled end
    session_id: UUID
    number: int
    next_session_id: UUID | None
    close_at: datetime | None
    start_at: datetime | None = None  # as these are by now; an event moved while it went on air may start again
    sequence: int = 0
    soon_at: datetime | None = None
    ready_at: datetime | None = None


class EventEnded(OfEvent, frozen=True, kw_only=True):
    """An event is over. `at` is its scheduled end, or the end of a session that ran over it."""

    TOPIC: ClassVar[str] = "event.ended"

    title: str
    session_id: UUID | None  # prepared, and never on air
    sessions: int  # that were on air; 0: missed


ScheduleEvents = (
    EventScheduled | EventUpdated | EventDeleted | EventStartingSoon | EventReady | EventSessionStarted
    | EventSessionEnded | EventEnded
)  # fmt: skip
