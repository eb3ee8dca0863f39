"""Every "no" of a schedule, one function per reason of events_errors.proto that a rule or an edge can give."""

from datetime import datetime
from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind

_NOT_FOUND, _WRONG_STATE = RefusalKind.NOT_FOUND, RefusalKind.WRONG_STATE
_CONFLICT, _LIMIT, _INVALID = RefusalKind.CONFLICT, RefusalKind.LIMIT, RefusalKind.INVALID


def event_not_found(event_id: UUID) -> Refusal:
    text = "There is no such event, or it is not yours."
    return Refusal(_NOT_FOUND, "EVENT_NOT_FOUND", text, {"event_id": str(event_id)})


def event_overlaps(event_id: UUID, title: str, start_at: datetime, end_at: datetime) -> Refusal:
    text = f'"{title}" takes place then: delete it, or choose another time.'
    details = {"event_id": str(event_id), "title": title} | _times(start_time=start_at, end_time=end_at)
    return Refusal(_WRONG_STATE, "EVENT_OVERLAPS", text, details)


def start_in_the_past(start_at: datetime) -> Refusal:
    text = "The start lies in the past: choose a later one, or leave it out to start at once."
    return Refusal(_INVALID, "START_IN_THE_PAST", text, _times(start_time=start_at))


def start_too_soon(start_at: datetime, earliest: datetime) -> Refusal:
    text = f"An event made on a phone starts at {earliest.isoformat(timespec='minutes')} or later."
    return Refusal(_INVALID, "START_TOO_SOON", text, _times(start_time=start_at, earliest_time=earliest))


def start_too_far(start_at: datetime, latest: datetime) -> Refusal:
    text = f"The start lies too far ahead: choose {latest.isoformat(timespec='minutes')} or earlier."
    return Refusal(_INVALID, "START_TOO_FAR", text, _times(start_time=start_at, latest_time=latest))


def duration_out_of_range(minutes: int, shortest: int, longest: int) -> Refusal:
    text = f"The event must take {shortest} to {longest} minutes, not {minutes}."
    details = {"duration_minutes": str(minutes), "shortest": str(shortest), "longest": str(longest)}
    return Refusal(_INVALID, "DURATION_OUT_OF_RANGE", text, details)


def no_such_local_time(local_start: str, time_zone: str, next_time: datetime) -> Refusal:
    text = (
        f"Clocks of {time_zone} never show {local_start}: they go forward to {next_time:%H:%M}. Choose that, or later."
    )
    details = {"local_start": local_start, "time_zone": time_zone} | _times(next_time=next_time)
    return Refusal(_INVALID, "NO_SUCH_LOCAL_TIME", text, details)


def local_time_twice(local_start: str, time_zone: str, earlier: datetime, later: datetime) -> Refusal:
    text = f"Clocks of {time_zone} show {local_start} twice, since they go back: say whether the earlier or the later."
    details = {"local_start": local_start, "time_zone": time_zone} | _times(earlier_time=earlier, later_time=later)
    return Refusal(_INVALID, "LOCAL_TIME_TWICE", text, details)


def too_many_events(limit: int) -> Refusal:
    text = (
        f"The account has {limit} events ahead, which is the most it may have: delete one, or wait until one is over."
    )
    return Refusal(_LIMIT, "TOO_MANY_EVENTS", text, {"limit": str(limit)})


def event_running(event_id: UUID, session_id: UUID) -> Refusal:
    text = "A session of the event is on air: end it first."
    return Refusal(_WRONG_STATE, "EVENT_RUNNING", text, {"event_id": str(event_id), "session_id": str(session_id)})


def event_begun(event_id: UUID, session_id: UUID) -> Refusal:
    text = "The event has begun: its title and its start stay as they are. Description, promotion and end may change."
    return Refusal(_WRONG_STATE, "EVENT_RUNNING", text, {"event_id": str(event_id), "session_id": str(session_id)})


def event_ended(event_id: UUID) -> Refusal:
    text = "The event is over: it and its settings are read-only."
    return Refusal(_WRONG_STATE, "EVENT_ENDED", text, {"event_id": str(event_id)})


def version_conflict(expected: int, version: int) -> Refusal:
    text = "Somebody changed it first: read it again, then repeat the change."
    return Refusal(_CONFLICT, "VERSION_CONFLICT", text, {"expected_version": str(expected), "version": str(version)})


def _times(**times: datetime) -> dict[str, str]:
    return {name: time.isoformat() for name, time in times.items()}
