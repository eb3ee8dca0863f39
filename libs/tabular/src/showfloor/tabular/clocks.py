"""Times and lengths as people and programs write them."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from showfloor.tabular.numbers import BadCell, ascii_digits

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_CLOCK = re.compile(r"(-?)(?:(\d{1,4}):)?(\d{1,5}):(\d{2}(?:\.\d{1,6})?)", re.ASCII)
_ZONE = re.compile(r"\s+(?=(?:[+-]\d{2}:?\d{2}|Z)$)", re.ASCII)


def seconds(value: str, parts: tuple[int, ...]) -> Decimal | None:
    """Return the seconds of a clock such as -1:35 or 1:02:03, when it has one of these numbers of parts; else None."""
    found = _CLOCK.fullmatch(ascii_digits(value) or "")
    if found is None:
        return None
    sign, hours, minutes, rest = found.groups()
    if (2 if hours is None else 3) not in parts or Decimal(rest) >= 60 or (hours is not None and int(minutes) >= 60):
        return None
    total = int(hours or 0) * 3600 + int(minutes) * 60 + Decimal(rest)
    return -total if sign else total


def moment(value: str) -> datetime:
    """Return a moment written as ISO 8601 with its zone. Raises BadCell."""
    try:
        found = datetime.fromisoformat(_ZONE.sub("", ascii_digits(value) or ""))
    except ValueError:
        raise BadCell("is not a time", "write it such as 2021-06-01T11:02:00+08:00") from None
    if found.tzinfo is None:
        raise BadCell("has no zone", "add one, such as +08:00 or Z")
    if not EARLIEST <= found < LATEST:
        raise BadCell("is not between 2000 and 2100", "look at its year")
    return found
