"""The reporting day: UTC-8 all year, without daylight saving (decision D6)."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

ZONE: Final = timezone(timedelta(hours=-8))


def reporting_day(start: datetime) -> date:
    """Return the day that a session counts for: the day of its start, also when it crosses midnight.

    Raises ValueError for a time without a zone.
    """
    if start.tzinfo is None:
        raise ValueError("a reporting day needs a time with a zone")
    return start.astimezone(ZONE).date()


def day_start(day: date) -> datetime:
    """Return the moment, in UTC, at which a reporting day starts."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def after_whole_days(moment: datetime, days: int) -> datetime:
    """Return the moment, in UTC, at which so many whole reporting days have passed since the day of `moment`."""
    return day_start(reporting_day(moment) + timedelta(days=days + 1))
