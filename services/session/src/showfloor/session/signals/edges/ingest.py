"""Takes batches in: checked as a whole, then stored by the stream exactly as they came. Refused: nothing changed."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

import msgspec
import numpy as np

from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.bus import Ack
from showfloor.observability.metrics import counter
from showfloor.session.show.domain.bag_times import InBag
from showfloor.session.show.domain.refusals import (
    imported,
    in_the_future,
    outside_session,
    session_not_found,
    session_not_live,
)
from showfloor.session.show.domain.session import SESSION, Status
from showfloor.session.show.domain.session_events import Source
from showfloor.session.signals.domain.columns import MINUTE_MS, Columns, Rows, about_a_product

NOT_COUNTED = counter("signals_not_counted_total", "Signals that did not count, by reason.", ["reason"])

MAX_AHEAD: Final = timedelta(seconds=2)  # a sender's clock may be this far ahead of ours; the same after an end
CLOSE_AFTER: Final = timedelta(minutes=5)  # a minute of a LIVE takes signals for this long after it is over
REMEMBERED: Final = timedelta(seconds=1)  # how long a running session's times are used without looking again
MAX_REMEMBERED: Final = 10_000
_EVER: Final = 1 << 62


class SessionTimes(msgspec.Struct, frozen=True, kw_only=True):
    """What deciding on a batch needs to know of its session."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    status: Status
    source: Source
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reported: bool = False
    in_bag: tuple[InBag, ...] = ()


class SignalStream(Protocol):
    """The part of the signal stream that ingest needs."""

    async def append(self, session_id: str, batch_id: str, body: bytes) -> Ack:
        """Store a batch; raises Refusal UNAVAILABLE when it cannot be stored now."""
        ...


TimesOf = Callable[[UUID], Awaitable[SessionTimes | None]]


def times_from(store: Store, is_reported: Callable[[UUID], Awaitable[bool]]) -> TimesOf:
    """Return a lookup of session times in the event store: it sees a write as soon as it is committed.

    `is_reported`: whether the final report of a session is out, after which nothing counts.
    """

    async def look_up(session_id: UUID) -> SessionTimes | None:
        loaded = await store.load(SESSION, session_id)
        state = loaded.state
        if state.status in ("none", "deleted"):
            return None
        ended = state.status == "ended" and state.source != "import"
        reported = ended and await is_reported(session_id)
        return SessionTimes(
            session_id=state.session_id,
            account_id=state.account_id,
            shop_id=state.shop_id,
            status=state.status,
            source=state.source,
            started_at=state.started_at,
            ended_at=state.ended_at,
            reported=reported,
            in_bag=state.in_bag,
        )

    return look_up


class Ingest:
    """Checks and stores batches. Its times of running sessions are at most a second old."""

    def __init__(self, signal_stream: SignalStream, times_of: TimesOf, clock: Clock) -> None:
        self._signal_stream = signal_stream
        self._times_of = times_of
        self._clock = clock
        self._remembered: dict[UUID, tuple[datetime, SessionTimes]] = {}

    async def times(self, session_id: UUID) -> SessionTimes:
        """Return what a session's times are. Raises SESSION_NOT_FOUND."""
        now = self._clock()
        known = self._remembered.get(session_id)
        if known is not None and now - known[0] < REMEMBERED:
            return known[1]
        times = await self._times_of(session_id)
        if times is None:
            raise session_not_found(session_id)
        if times.status == "live":  # anything else may change for the better: look again next time
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[session_id] = (now, times)
        return times

    async def sift(self, columns: Columns, times: SessionTimes) -> Rows:
        """Return the rows, rising, that do not count: their product was not in the bag at their time.

        Raises Refusal: IMPORTED, SESSION_NOT_LIVE, OUTSIDE_SESSION, IN_THE_FUTURE, TOO_LATE.
        """
        check_times(columns, times, self._clock())
        out = not_in_bag(columns, times)
        known = self._remembered.get(columns.session_id)
        if len(out) and known is not None and self._clock() > known[0]:  # it may have come into the bag since
            self._remembered.pop(columns.session_id, None)
            out = not_in_bag(columns, await self.times(columns.session_id))
        NOT_COUNTED.labels("not_in_bag").inc(len(out))
        return out

    async def store(self, columns: Columns, body: bytes) -> bool:
        """Store a batch that has been sifted, encoded; True when the stream knows that it came before.

        Only a courtesy to the sender: the fold counts a batch once, however often and late it comes.
        Raises Refusal UNAVAILABLE.
        """
        return (await self._signal_stream.append(str(columns.session_id), columns.batch_id, body)).duplicate


def not_in_bag(columns: Columns, times: SessionTimes) -> Rows:
    """Return the rows, rising, whose product was not in the bag at their time, give or take what clocks may differ.

    A recording's times are not those of its bag: whatever was put into it counts.
    """
    spans: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for one in times.in_bag:
        until = _EVER if one.until is None else _floor_ms(one.until + MAX_AHEAD)
        since = _floor_ms(one.since - MAX_AHEAD)
        spans[one.product_id].append((0, _EVER) if times.source == "replay" else (since, until))
    about = np.flatnonzero(about_a_product(columns.kind))
    when = columns.base_ms + columns.offset_ms[about].astype(np.int64)
    product = columns.product[about].astype(np.int64) - 1
    inside = np.zeros(len(about), dtype=bool)
    mine = [spans.get(product_id, ()) for product_id in columns.products]
    for turn in range(max(map(len, mine), default=0)):  # one, but for a product that left the bag and came back
        edges = np.array([found[turn] if turn < len(found) else (_EVER, 0) for found in mine], dtype=np.int64)
        inside |= (edges[product, 0] <= when) & (when < edges[product, 1])
    return about[~inside]


def check_times(columns: Columns, times: SessionTimes, now: datetime) -> None:
    """Refuse a batch whose session takes none, or with a row outside the session or its open minutes."""
    if times.source == "import":
        raise imported(times.session_id)
    if times.started_at is None or times.status not in ("live", "ended"):
        raise session_not_live(times.session_id, times.status)
    if times.reported:
        assert times.ended_at is not None
        raise _too_late(times.ended_at)
    first, last = (columns.base_ms + int(edge) for edge in (columns.offset_ms.min(), columns.offset_ms.max()))
    if first < _floor_ms(times.started_at):
        raise outside_session("offset_ms")
    ahead = MAX_AHEAD if times.source == "live" else timedelta()
    if last > _floor_ms(now + ahead):
        raise in_the_future("offset_ms")
    if times.ended_at is not None and last > _floor_ms(times.ended_at + MAX_AHEAD):
        raise outside_session("offset_ms")
    if times.source == "live":
        open_from = _floor_ms(now - CLOSE_AFTER) // MINUTE_MS * MINUTE_MS
        if first < open_from:
            raise _too_late(datetime.fromtimestamp(open_from / 1000, UTC))


def _floor_ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _too_late(closed_before: datetime) -> Refusal:
    when = closed_before.isoformat()
    message = f"offset_ms: what happened before {when} is closed"
    metadata = {"field": "offset_ms", "closed_before": when}
    return Refusal(RefusalKind.WRONG_STATE, "TOO_LATE", message, metadata)
