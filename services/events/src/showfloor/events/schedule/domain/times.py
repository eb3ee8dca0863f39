"""What clocks show in a zone, as a moment. Some times do not exist, and some come twice."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from showfloor.events.schedule.domain import refusals

Occurrence = Literal["", "earlier", "later"]
"""Which of two moments a local time means that comes twice; empty: not said."""


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names of the zones that are known: those of the package, not what else a machine has."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def moment_of(local: datetime, zone_name: str, occurrence: Occurrence = "") -> datetime:
    """Return the moment, in UTC, at which clocks of a known zone show a local time.

    Raises NO_SUCH_LOCAL_TIME with the first time that they show instead, and LOCAL_TIME_TWICE with both moments unless
    `occurrence` says which.
    """
    zone = ZoneInfo(zone_name)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _shown(first, zone) != local:
        shown = local.isoformat(timespec="minutes")
        raise refusals.no_such_local_time(shown, zone_name, _change(second, first, zone).astimezone(zone))
    if first != second and not occurrence:
        shown = local.isoformat(timespec="minutes")
        raise refusals.local_time_twice(shown, zone_name, first.astimezone(zone), second.astimezone(zone))
    return second if occurrence == "later" else first


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which clocks change between two moments in UTC."""
    new = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after
