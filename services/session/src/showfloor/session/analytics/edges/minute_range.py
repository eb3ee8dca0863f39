"""Which part of a session is asked about: whole minutes, as the rollups are."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.analytics.edges.numbers import Numbers
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.show.domain.refusals import outside_session, session_not_live

MINUTE: Final = timedelta(minutes=1)


class MinuteRange(msgspec.Struct, frozen=True):
    """The Unix minutes from `first` up to `stop`, which is not in it."""

    first: int
    stop: int

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Its begin and its end."""
        return minute_start(self.first), minute_start(self.stop)


def bounds(
    row: SessionRow, numbers: Numbers, start: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    """Return an interval inside the session, all of it without bounds. Raises INVALID_FIELD, OUTSIDE_SESSION."""
    assert row.started_at is not None and numbers.until is not None
    known = max(numbers.until, row.started_at + timedelta(seconds=1))
    if start is not None and not row.started_at - MINUTE < start < known:
        raise outside_session("from")
    if until is not None and not row.started_at < until < known + MINUTE:
        raise outside_session("until")
    first, last = start or row.started_at, until or known
    if first >= last:
        raise invalid("until", "must be after from")
    return first, last


def minute_range_of(request: Any, row: SessionRow, numbers: Numbers) -> MinuteRange | None:
    """Return the minutes that a request names; None for all that was ever counted, such as a payment after the end.

    Raises INVALID_FIELD, OUTSIDE_SESSION, SESSION_NOT_LIVE.
    """
    start, until = checks.when(request, "from"), checks.when(request, "until")
    if start is None and until is None:
        return None
    if row.started_at is None or numbers.until is None:
        raise session_not_live(row.session_id, row.state)
    first, last = bounds(row, numbers, start, until)
    return MinuteRange(minute_of(first), minute_of(last - timedelta(microseconds=1)) + 1)
