"""What is reported of a session to the other services: its closed minutes and its final numbers."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from showfloor.eventstore.query import Database
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.kernel.clock import Clock
from showfloor.metrics.compute import written
from showfloor.metrics.model import Value
from showfloor.metrics.registry import SESSION_METRICS, metric
from showfloor.session.analytics.domain.minutes import minute_of
from showfloor.session.analytics.domain.report import Reading
from showfloor.session.analytics.edges.numbers import SIGNAL_SUMS, numbers_of
from showfloor.session.analytics.edges.payment_queries import has_simulated_payments
from showfloor.session.analytics.edges.reads import BOARD
from showfloor.session.analytics.edges.session_queries import SessionRow, find_sessions
from showfloor.session.analytics.edges.trend import Grid, trend
from showfloor.session.analytics.views import facts
from showfloor.session.show.domain.refusals import session_not_found
from showfloor.session.show.domain.session import Session

MINUTE_METRICS: Final = (*facts.SUMS, *SIGNAL_SUMS.values())

Minutes = Sequence[tuple[datetime, tuple[Reading, ...]]]


def reading(name: str, value: Value, currency: str) -> Reading:
    """Return a metric as it is recorded and sent."""
    told = written(name, value)
    money = currency if metric(name).unit == "money" else ""
    return Reading(metric=name, value=told.value, missing=told.missing, currency=money)


class ReportNumbers:
    """The numbers of a session once everything known by now is in them.

    `settle` waits for the signals that are stored and not yet folded.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        views: Views,
        clock: Clock,
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._database, self._store, self._views = database, store, views
        self._clock, self._settle = clock, settle

    async def totals(self, session: Session) -> tuple[Reading, ...]:
        """Return every session metric of the registry as it stands."""
        row = await self._row(session)
        numbers = (await numbers_of(self._database, [row], self._clock()))[row.session_id]
        values = numbers.values(SESSION_METRICS)
        return tuple(reading(name, value, row.currency) for name, value in values.items())

    async def simulated(self, session: Session) -> bool:
        """Tell whether the numbers are simulated: as a recording's are, or by some payments."""
        return session.simulated or await has_simulated_payments(self._database, session.session_id)

    async def minutes(self, session: Session, after: datetime | None, before: datetime, limit: int) -> Minutes:
        """Return the additive counts of each minute on air, oldest first: those after `after`, before `before`."""
        row = await self._row(session)
        if row.started_at is None:
            return []
        first = minute_of(row.started_at if after is None else after + timedelta(minutes=1))
        until = before if row.ended_at is None else min(before, row.ended_at)
        stop = min(first + limit, minute_of(until - timedelta(microseconds=1)) + 1)
        if stop <= first:
            return []
        points = Grid(first=first, step=1, steps=stop - first, started_at=row.started_at, known_until=until)
        values = await trend(self._database, row, points, MINUTE_METRICS)
        return [
            (
                time,
                tuple(
                    reading(name, values[name][at], row.currency) for name in MINUTE_METRICS if values[name][at].known
                ),
            )
            for at, time in enumerate(points.times)
        ]

    async def _row(self, session: Session) -> SessionRow:
        if self._settle is not None:
            await self._settle()
        await self._views.wait_for(BOARD, await self._store.last_position(), timeout=10.0)
        rows = await find_sessions(self._database, [session.session_id])
        if not rows:
            raise session_not_found(session.session_id)
        return rows[0]
