"""Moments in words, for people who may be anywhere."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_words(moment: datetime, zone: str) -> str:
    """Return a moment as clocks show it in a zone, by its IANA name, and in UTC where that differs."""
    local, utc = moment.astimezone(ZoneInfo(zone)), moment.astimezone(UTC)
    day = f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}"
    shown = f"{day}, {local:%H:%M} ({zone})"
    if local.utcoffset() == utc.utcoffset():
        return shown
    other_day = "" if local.date() == utc.date() else f" on {utc.day} {_MONTHS[utc.month - 1]}"
    return f"{shown}, {utc:%H:%M} UTC{other_day}"
