"""Weeks and months, in UTC: the times in which a LIVE task counts."""

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

PeriodKind = Literal["week", "month"]


class Period(NamedTuple):
    """From `start` to just before `end`."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies in it."""
        return self.start <= moment < self.end


def period_of(kind: PeriodKind, moment: datetime) -> Period:
    """Return the week, from Monday 00:00 UTC, or the month in which a moment lies."""
    at = moment.astimezone(UTC)
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    if kind == "week":
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=7))
    start = day.replace(day=1)
    return Period(start, (start + timedelta(days=32)).replace(day=1))
