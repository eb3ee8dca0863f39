"""Tells the others a session's numbers: each minute once it has closed, and all of it after the end."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.session.analytics.domain import report_rules
from showfloor.session.analytics.domain.report import REPORT, MinuteSummarised, Reading, SessionReported, report_stream
from showfloor.session.analytics.domain.report_rules import Numbers
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import SessionEnded, WentLive

MINUTES, FINAL = "minutes", "report"
MINUTE = timedelta(minutes=1)
MAX_MINUTES = 500  # in one command; a longer session takes another turn

HANDLES: tuple[type[Event], ...] = (WentLive, SessionEnded, MinuteSummarised, SessionReported)

_META = Meta(actor="process:report")

Minutes = Sequence[tuple[datetime, tuple[Reading, ...]]]


class SessionNumbers(Protocol):
    """The rollups of a session: facts and signals folded together."""

    async def totals(self, session: Session) -> tuple[Reading, ...]:
        """Return every session metric of the registry as it stands."""
        ...

    async def simulated(self, session: Session) -> bool:
        """Tell whether they are simulated, also by some payments."""
        ...

    async def minutes(self, session: Session, after: datetime | None, before: datetime, limit: int) -> Minutes:
        """Return additive counts by minute, oldest first: minutes after `after` (None: all), before `before`."""
        ...


def reports_in(store: Store) -> Callable[[UUID], Awaitable[bool]]:
    """Return a lookup that tells whether the final report of a session is out."""

    async def is_reported(session_id: UUID) -> bool:
        return (await store.load(REPORT, report_stream(session_id))).state.reported

    return is_reported


def changes(recorded: Recorded, policy: Policy) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        # A recording runs at any speed, so its minutes are told together at its end.
        case WentLive(at=at, session_id=session_id, source="live"):
            yield Deadline(MINUTES, session_id, at + MINUTE + policy.minutes_open)
        case MinuteSummarised(at=at, session_id=session_id):
            yield Deadline(MINUTES, session_id, at + MINUTE)
        case SessionEnded(recorded_at=at, session_id=session_id):
            yield Deadline(FINAL, session_id, at + policy.report_after)
        case SessionReported(session_id=session_id):
            yield Cleared(MINUTES, session_id)
            yield Cleared(FINAL, session_id)


async def tell_minutes(store: Store, numbers: SessionNumbers, session_id: UUID, clock: Clock, policy: Policy) -> None:
    """Report the minutes that have closed since the last one reported, also while the final report is still due."""
    now = clock()
    closed = (now - policy.minutes_open).replace(second=0, microsecond=0)
    await _tell_minutes(store, numbers, (await store.load(SESSION, session_id)).state, closed, now)


async def tell_final(store: Store, numbers: SessionNumbers, session_id: UUID, clock: Clock) -> None:
    """Give the final report of an ended session, after the minutes still to be told: nothing counts after it."""
    session = (await store.load(SESSION, session_id)).state
    while await _tell_minutes(store, numbers, session, clock(), clock()):
        pass
    readings = await numbers.totals(session)
    command = Numbers(session=session, now=clock(), readings=readings, simulated=await numbers.simulated(session))
    await store.execute(REPORT, report_stream(session_id), report_rules.report_session, command, _META)


async def _tell_minutes(
    store: Store, numbers: SessionNumbers, session: Session, before: datetime, now: datetime
) -> bool:
    """Report the minutes before a moment; True when there may be more."""
    stream = report_stream(session.session_id)
    last = (await store.load(REPORT, stream)).state.last_minute
    minutes = await numbers.minutes(session, last, before, MAX_MINUTES)
    if minutes:
        command = Numbers(session=session, now=now, minutes=tuple(minutes))
        await store.execute(REPORT, stream, report_rules.summarise_minutes, command, _META)
    return len(minutes) == MAX_MINUTES
