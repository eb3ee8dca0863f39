"""What may be planned: no two events of an account at one time, and what has begun keeps its start."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from showfloor.events.schedule.domain import refusals
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import LiveEvent, Schedule, session_of
from showfloor.events.schedule.domain.schedule_events import EventDeleted, EventScheduled, EventUpdated, Origin
from showfloor.events.schedule.domain.times import Occurrence
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event

MINUTE = timedelta(minutes=1)
Gone = Literal["", "ended", "deleted"]
"""What became of an event that the schedule has forgotten."""


class PlannedTime(msgspec.Struct, frozen=True):
    """When an event is to take place, as it was asked for. No local start: at once; of what has begun, as it is."""

    local_start: str
    time_zone: str
    occurrence: Occurrence = ""
    duration_minutes: int = 0


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What comes with every command about an event."""

    account_id: UUID
    event_id: UUID
    now: Aside[datetime]


class ScheduleEvent(Command, frozen=True, kw_only=True):
    """A new event. `start_at`: the moment that its time means."""

    shop_id: Aside[UUID]
    title: str
    description: str = ""
    time: PlannedTime
    start_at: Aside[datetime]
    origin: Origin = "desktop"
    policy: Aside[Policy]


class Change(Command, frozen=True, kw_only=True):
    """A change of an event. `gone`: what it became long ago, when the schedule has forgotten it."""

    expected_version: Aside[int] = 0  # 0: whatever is there
    gone: Aside[Gone] = ""


class UpdateEvent(Change, frozen=True, kw_only=True):
    """What is to change; None stays. `start_at`: the moment that its time means; None when that names no start."""

    title: str | None = None
    description: str | None = None
    time: PlannedTime | None = None
    start_at: Aside[datetime | None] = None
    recommend_on_videos: bool | None = None
    teaser_urls: tuple[str, ...] | None = None
    policy: Aside[Policy]


class DeleteEvent(Change, frozen=True, kw_only=True):
    pass


def schedule_event(state: Schedule, command: ScheduleEvent) -> list[Event]:
    """Make an event where nothing else takes place."""
    now, policy = command.now, command.policy
    end_at = command.start_at + duration_of(command.time, policy)
    must_start_in_time(command.start_at, now, command.origin, policy)
    must_have_room(state, now, policy)
    must_be_free(state, command.start_at, end_at, now)
    scheduled = EventScheduled(
        at=now,
        account_id=command.account_id,
        shop_id=command.shop_id,
        event_id=command.event_id,
        title=command.title,
        description=command.description,
        start_at=command.start_at,
        end_at=end_at,
        time_zone=command.time.time_zone,
        origin=command.origin,
        session_id=session_of(command.event_id, 1),
        soon_at=_soon(command.start_at, now, policy),
    )
    return [scheduled]


def update_event(state: Schedule, command: UpdateEvent) -> list[Event]:
    """Change what is given. What has begun keeps its title and its start; its end may move, into the future."""
    event = _known(state, command)
    title = event.title if command.title is None else command.title
    description = event.description if command.description is None else command.description
    teasers = event.teaser_urls if command.teaser_urls is None else command.teaser_urls
    recommend = event.recommend_on_videos if command.recommend_on_videos is None else command.recommend_on_videos
    start_at, end_at, time_zone = _time(state, event, command)
    if event.begun and (title != event.title or start_at != event.start_at):
        raise refusals.event_begun(event.event_id, event.begun[-1].session_id)
    retimed = (title, start_at, end_at, time_zone) != (event.title, event.start_at, event.end_at, event.time_zone)
    promoted = (description, teasers, recommend)
    if not retimed and promoted == (event.description, event.teaser_urls, event.recommend_on_videos):
        return []
    moved = start_at != event.start_at
    current = event.on_air or event.prepared
    updated = EventUpdated(
        at=command.now,
        account_id=event.account_id,
        shop_id=event.shop_id,
        event_id=event.event_id,
        title=title,
        description=description,
        start_at=start_at,
        end_at=end_at,
        time_zone=time_zone,
        recommend_on_videos=recommend,
        teaser_urls=teasers,
        session_id=current.session_id if current else None,
        sequence=event.sequence + retimed,
        change=event.version + 1,
        retimed=retimed,
        soon_at=_soon(start_at, command.now, command.policy) if moved else event.soon_at,
        ready_at=start_at if moved else event.ready_at,
        close_at=None if event.on_air else end_at,
    )
    return [updated]


def delete_event(state: Schedule, command: DeleteEvent) -> list[Event]:
    """Delete what has no session on air. Its sessions that were on air stay."""
    known = state.find(command.event_id)
    if command.gone == "deleted" if known is None else known.deleted:
        return []
    event = _known(state, command)
    if event.on_air is not None:
        raise refusals.event_running(event.event_id, event.on_air.session_id)
    deleted = EventDeleted(
        at=command.now,
        account_id=event.account_id,
        shop_id=event.shop_id,
        event_id=event.event_id,
        title=event.title,
        start_at=event.start_at,
        end_at=event.end_at,
        time_zone=event.time_zone,
        session_id=event.prepared.session_id if event.prepared else None,
        sequence=event.sequence + 1,
    )
    return [deleted]


def duration_of(time: PlannedTime, policy: Policy) -> timedelta:
    """Return how long an event takes. Raises DURATION_OUT_OF_RANGE."""
    shortest, longest = policy.shortest // MINUTE, policy.longest // MINUTE
    if not shortest <= time.duration_minutes <= longest:
        raise refusals.duration_out_of_range(time.duration_minutes, shortest, longest)
    return time.duration_minutes * MINUTE


def known_event(state: Schedule, event_id: UUID, now: datetime, gone: Gone = "") -> LiveEvent:
    """Return the event that may still change. Raises EVENT_NOT_FOUND, EVENT_ENDED.

    What the schedule knows counts; `gone` only says what became of an event that it has forgotten.
    """
    event = state.find(event_id)
    if event is None and gone == "ended":
        raise refusals.event_ended(event_id)
    if event is None or event.deleted:
        raise refusals.event_not_found(event_id)
    if event.is_over(now):
        raise refusals.event_ended(event_id)
    return event


def planned_span(
    event: LiveEvent, time: PlannedTime, start_at: datetime | None, now: datetime, policy: Policy
) -> tuple[datetime, datetime]:
    """Return start and end of an event that is moved, or kept, to a time; `start_at` as in UpdateEvent.

    Raises DURATION_OUT_OF_RANGE, EVENT_RUNNING, START_IN_THE_PAST, START_TOO_SOON, START_TOO_FAR.
    """
    if start_at is None:
        start_at = event.start_at if event.begun else now
    elif start_at == event.start_at.replace(second=0, microsecond=0):
        start_at = event.start_at  # It started at once, within this minute: a local start names no seconds.
    end_at = start_at + duration_of(time, policy)
    if event.begun and start_at != event.start_at:
        raise refusals.event_begun(event.event_id, event.begun[-1].session_id)
    if start_at != event.start_at:
        must_start_in_time(start_at, now, event.origin, policy)
    if end_at != event.end_at and end_at <= now:
        least = max(policy.shortest // MINUTE, (now - start_at) // MINUTE + 1)
        raise refusals.duration_out_of_range(time.duration_minutes, least, policy.longest // MINUTE)
    return start_at, end_at


def must_start_in_time(start_at: datetime, now: datetime, origin: Origin, policy: Policy) -> None:
    """Refuse a start that is over, too soon for a phone, or too far ahead."""
    if start_at < now:
        raise refusals.start_in_the_past(start_at)
    if origin == "mobile" and start_at < now + policy.mobile_lead:
        raise refusals.start_too_soon(start_at, now + policy.mobile_lead)
    if start_at > now + policy.furthest:
        raise refusals.start_too_far(start_at, now + policy.furthest)


def must_have_room(state: Schedule, now: datetime, policy: Policy) -> None:
    """Refuse one more event when there are as many ahead as there may be."""
    if state.not_over(now) >= policy.most_ahead:
        raise refusals.too_many_events(policy.most_ahead)


def must_be_free(state: Schedule, start_at: datetime, end_at: datetime, now: datetime, but: UUID | None = None) -> None:
    """Refuse a time at which another event takes place; it is named."""
    if other := state.in_the_way(start_at, end_at, now, but):
        first = other[0]
        raise refusals.event_overlaps(first.event_id, first.title, first.start_at, first.end_at)


def _known(state: Schedule, command: Change) -> LiveEvent:
    """Return the event that may still change. Raises EVENT_NOT_FOUND, EVENT_ENDED, VERSION_CONFLICT."""
    event = known_event(state, command.event_id, command.now, command.gone)
    if command.expected_version and command.expected_version != event.version:
        raise refusals.version_conflict(command.expected_version, event.version)
    return event


def _time(state: Schedule, event: LiveEvent, command: UpdateEvent) -> tuple[datetime, datetime, str]:
    """Return start, end and zone as they are to be. Raises what is wrong with another time."""
    if command.time is None:
        return event.start_at, event.end_at, event.time_zone
    now = command.now
    start_at, end_at = planned_span(event, command.time, command.start_at, now, command.policy)
    if (start_at, end_at) != (event.start_at, event.end_at):
        must_be_free(state, start_at, end_at, now, event.event_id)
    return start_at, end_at, command.time.time_zone or event.time_zone


def _soon(start_at: datetime, now: datetime, policy: Policy) -> datetime | None:
    """Return when the console is set up; None for what starts at once."""
    return max(start_at - policy.soon, now) if start_at > now else None
