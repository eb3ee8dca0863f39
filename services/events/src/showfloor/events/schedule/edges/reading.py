"""Reads what requests say of an event: when it is to take place, where it was made, how it is promoted."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from showfloor.api.events.v1 import event_pb2
from showfloor.api.events.v1 import event_service_pb2 as pb
from showfloor.events.schedule.domain.schedule_events import Origin
from showfloor.events.schedule.domain.schedule_rules import PlannedTime
from showfloor.events.schedule.domain.times import Occurrence, moment_of, zone_names
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks

MAX_TITLE, MAX_DESCRIPTION, MAX_TEASERS = 120, 1_000, 10

_LOCAL = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d")
_OCCURRENCES: Final[dict[int, Occurrence]] = {
    event_pb2.OCCURRENCE_UNSPECIFIED: "",
    event_pb2.OCCURRENCE_EARLIER: "earlier",
    event_pb2.OCCURRENCE_LATER: "later",
}
_ORIGINS: Final[dict[int, Origin]] = {
    event_pb2.EVENT_ORIGIN_UNSPECIFIED: "desktop",
    event_pb2.EVENT_ORIGIN_DESKTOP: "desktop",
    event_pb2.EVENT_ORIGIN_MOBILE: "mobile",
}


def planned_time(
    time: pb.EventTime | pb.CheckEventTimeRequest, prefix: str = "time.", *, known_zone: bool = False
) -> tuple[PlannedTime, datetime | None]:
    """Return when an event is to take place, and the moment of its start; None when no start is named.

    `known_zone`: the event has a zone already, so that one may be left out with the start. Raises INVALID_FIELD,
    NO_SUCH_LOCAL_TIME, LOCAL_TIME_TWICE.
    """
    if not (known_zone and not time.time_zone and not time.local_start) and time.time_zone not in zone_names():
        raise invalid(f"{prefix}time_zone", "must be the IANA name of a zone, such as Europe/Berlin")
    occurrence = _OCCURRENCES.get(time.occurrence)
    if occurrence is None:
        raise invalid(f"{prefix}occurrence", "must be a known value")
    planned = PlannedTime(time.local_start, time.time_zone, occurrence, time.duration_minutes)
    if not time.local_start:
        return planned, None
    return planned, moment_of(_local(time.local_start, prefix), time.time_zone, occurrence)


def origin_of(value: int) -> Origin:
    """Return where an event was made. Raises INVALID_FIELD."""
    origin = _ORIGINS.get(value)
    if origin is None:
        raise invalid("origin", "must be a known value")
    return origin


def teasers_of(urls: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of teaser videos. Raises INVALID_FIELD."""
    checks.count("teasers.urls", urls, 0, MAX_TEASERS)
    found = tuple(checks.https(f"teasers.urls[{at}]", url) for at, url in enumerate(urls))
    if len(set(found)) < len(found):
        raise invalid("teasers.urls", "must not hold an address twice")
    return found


def _local(text: str, prefix: str) -> datetime:
    try:
        if not _LOCAL.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{prefix}local_start", "must be a time such as 2026-10-25T02:30") from None
