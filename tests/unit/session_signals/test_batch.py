"""Every malformed column is refused by name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.bus import Ack
from showfloor.session.show.domain.bag_times import KEPT, InBag, joined, left
from showfloor.session.signals.domain.columns import Columns
from showfloor.session.signals.edges.batch import MAX_BYTES, MAX_ROWS, parse, read, without
from showfloor.session.signals.edges.ingest import Ingest, SessionTimes, check_times, not_in_bag

SESSION = UUID(int=7)
BASE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def good() -> SignalBatch:
    """Three rows: an enter, a click on the only product, a leave."""
    batch = SignalBatch(
        session_id=str(SESSION),
        batch_id="b-1",
        offset_ms=np.array([0, 500, 1_000], "<u4").tobytes(),
        kind=bytes([2, 5, 3]),
        viewer=np.array([0, 0, 1], "<u2").tobytes(),
        product=np.array([0, 1, 0], "<u2").tobytes(),
        channel=bytes([1, 1, 0]),
        viewers=np.array([1, 2**64 - 1], "<u8").tobytes(),
        viewer_traits=bytes([0b1010101, 0]),
        viewer_region=np.array([1, 0], "<u2").tobytes(),
        products=[str(UUID(int=9))],
        regions=["DE"],
    )
    batch.base_time.FromDatetime(BASE)
    return batch


def test_a_good_batch_is_read() -> None:
    columns = parse(good().SerializeToString())
    start = int(BASE.timestamp() * 1000)
    assert columns.base_ms == start
    assert columns.offset_ms.tolist() == [0, 500, 1_000]
    assert columns.viewers.tolist() == [1, 2**64 - 1]
    assert columns.products == (UUID(int=9),)


def test_optional_columns_may_be_empty() -> None:
    batch = good()
    batch.viewer_traits = batch.viewer_region = b""
    assert read(batch).traits.tolist() == [0, 0]


Change = Callable[[SignalBatch], None]


def put(field: str, value: object) -> Change:
    return lambda batch: setattr(batch, field, value)


def u2(*values: int) -> bytes:
    return np.array(values, "<u2").tobytes()


def u4(*values: int) -> bytes:
    return np.array(values, "<u4").tobytes()


BAD: list[tuple[str, str, Change]] = [
    ("session_id", "INVALID_FIELD", put("session_id", "seven")),
    ("batch_id", "INVALID_FIELD", put("batch_id", "")),
    ("batch_id", "INVALID_FIELD", put("batch_id", "a b")),
    ("batch_id", "INVALID_FIELD", put("batch_id", "x" * 65)),
    ("base_time", "INVALID_FIELD", lambda batch: batch.ClearField("base_time")),
    ("offset_ms", "INVALID_FIELD", put("offset_ms", b"")),
    ("offset_ms", "COLUMN_LENGTH", put("offset_ms", b"\0" * 13)),
    ("offset_ms", "INVALID_FIELD", put("offset_ms", u4(0, 0, 3_600_001))),
    ("offset_ms", "TOO_LARGE", put("offset_ms", b"\0" * 4 * (MAX_ROWS + 1))),
    ("kind", "COLUMN_LENGTH", put("kind", bytes([2, 5]))),
    ("kind", "INVALID_FIELD", put("kind", bytes([2, 5, 0]))),
    ("kind", "INVALID_FIELD", put("kind", bytes([2, 5, 9]))),
    ("presence_source", "INVALID_FIELD", put("kind", bytes([2, 5, 8]))),
    ("viewer", "COLUMN_LENGTH", put("viewer", u2(0, 0))),
    ("viewer", "COLUMN_LENGTH", put("viewer", b"\0" * 7)),
    ("viewer", "INVALID_FIELD", put("viewer", u2(0, 0, 2))),
    ("product", "COLUMN_LENGTH", put("product", u2(0, 1, 0, 0))),
    ("product", "INVALID_FIELD", put("product", u2(0, 2, 0))),
    ("product", "INVALID_FIELD", put("product", u2(0, 0, 0))),
    ("channel", "COLUMN_LENGTH", put("channel", b"")),
    ("channel", "INVALID_FIELD", put("channel", bytes([1, 1, 9]))),
    ("viewers", "COLUMN_LENGTH", put("viewers", b"\0" * 15)),
    ("viewers", "INVALID_FIELD", put("viewers", b"")),
    ("viewers", "INVALID_FIELD", put("viewers", b"\0" * 8 * 65_536)),
    ("viewer_traits", "COLUMN_LENGTH", put("viewer_traits", b"\0")),
    ("viewer_traits", "INVALID_FIELD", put("viewer_traits", bytes([0x80, 0]))),
    ("viewer_traits", "INVALID_FIELD", put("viewer_traits", bytes([6 << 2, 0]))),
    ("viewer_traits", "INVALID_FIELD", put("viewer_traits", bytes([3 << 5, 0]))),
    ("viewer_region", "COLUMN_LENGTH", put("viewer_region", u2(0))),
    ("viewer_region", "INVALID_FIELD", put("viewer_region", u2(0, 2))),
    ("products[1]", "INVALID_FIELD", lambda batch: batch.products.append("nine")),
    ("products", "TOO_LARGE", lambda batch: batch.products.extend([str(UUID(int=1))] * 1_000)),
    ("regions[1]", "INVALID_FIELD", lambda batch: batch.regions.append("de")),
    ("regions", "TOO_LARGE", lambda batch: batch.regions.extend(["US"] * 250)),
]


@pytest.mark.parametrize(("field", "reason", "change"), BAD)
def test_a_malformed_column_is_refused_by_name(field: str, reason: str, change: Change) -> None:
    batch = good()
    change(batch)
    with pytest.raises(Refusal) as refused:
        read(batch)
    assert (refused.value.reason, refused.value.metadata["field"]) == (reason, field)


@pytest.mark.parametrize("body", [b"\xff\xff", b"\0" * (MAX_BYTES + 1)])
def test_bytes_that_are_no_batch_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        parse(body)
    assert refused.value.metadata["field"] == "batch"


def times(**changes: object) -> SessionTimes:
    base = {
        "session_id": SESSION, "account_id": SESSION, "shop_id": SESSION, "status": "live", "source": "live",
        "started_at": BASE, "in_bag": (InBag(UUID(int=9), BASE),),
    }  # fmt: skip
    return SessionTimes(**(base | changes))  # type: ignore[arg-type]


SECOND = timedelta(seconds=1)
END = BASE + timedelta(hours=1)
TIMED: list[tuple[str, SessionTimes, datetime]] = [
    ("IMPORTED", times(source="import", status="ended"), BASE),
    ("SESSION_NOT_LIVE", times(status="prepared", started_at=None), BASE),
    ("SESSION_NOT_LIVE", times(status="practice", started_at=None), BASE),
    ("TOO_LATE", times(status="ended", ended_at=END, reported=True), END),
    ("OUTSIDE_SESSION", times(started_at=BASE + SECOND), BASE + 2 * SECOND),
    ("IN_THE_FUTURE", times(), BASE - 1.1 * SECOND),
    ("IN_THE_FUTURE", times(source="replay"), BASE + 0.9 * SECOND),
    ("OUTSIDE_SESSION", times(status="ended", ended_at=BASE - 1.1 * SECOND, started_at=BASE - 60 * SECOND), BASE),
    ("TOO_LATE", times(), BASE + timedelta(minutes=6)),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "session", "now"), TIMED)
def test_times_that_do_not_fit_are_refused(reason: str, session: SessionTimes, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        check_times(read(good()), session, now)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("session", "now"),
    [
        (times(), BASE - SECOND),
        (times(), BASE + timedelta(minutes=5, seconds=59)),
        (times(source="replay"), BASE + timedelta(days=900)),
        (times(source="replay", status="ended", ended_at=END), BASE + timedelta(days=900)),
        (times(status="ended", ended_at=BASE + SECOND), BASE + 3 * SECOND),
    ],
)
def test_times_that_fit_are_taken(session: SessionTimes, now: datetime) -> None:
    check_times(read(good()), session, now)


class RecordingStream:
    def __init__(self) -> None:
        self.stored: list[tuple[str, str, bytes]] = []

    async def append(self, session_id: str, batch_id: str, body: bytes) -> Ack:
        stored = (session_id, batch_id, body)
        again = stored in self.stored
        self.stored.append(stored)
        return Ack(len(self.stored), duplicate=again)


async def test_ingest_stores_the_bytes_as_they_came() -> None:
    signal_stream, body = RecordingStream(), good().SerializeToString()
    looked: list[UUID] = []

    async def times_of(session_id: UUID) -> SessionTimes | None:
        looked.append(session_id)
        return times() if session_id == SESSION else None

    ingest = Ingest(signal_stream, times_of, lambda: BASE + SECOND)
    columns: Columns = parse(body)
    assert (await ingest.sift(columns, await ingest.times(SESSION))).tolist() == []
    answers = [await ingest.store(columns, body) for _ in range(2)]
    assert answers == [False, True]
    assert signal_stream.stored == [(str(SESSION), "b-1", body)] * 2
    assert looked == [SESSION]
    with pytest.raises(Refusal, match="no such session"):
        await ingest.times(UUID(int=8))


async def test_a_refused_batch_is_not_stored() -> None:
    signal_stream = RecordingStream()

    async def times_of(_: UUID) -> SessionTimes | None:
        return times()

    ingest = Ingest(signal_stream, times_of, lambda: BASE + timedelta(hours=2))
    columns = read(good())
    with pytest.raises(Refusal):
        await ingest.sift(columns, await ingest.times(SESSION))
    assert signal_stream.stored == []


def clicks(*at: float, products: int = 1) -> SignalBatch:
    """Clicks on products in turn, so many seconds after BASE; viewer 0 likes first."""
    batch = SignalBatch(
        session_id=str(SESSION),
        batch_id="c-1",
        offset_ms=np.array([0, *(second * 1_000 for second in at)], "<u4").tobytes(),
        kind=bytes([6, *(5 for _ in at)]),
        viewer=np.zeros(len(at) + 1, "<u2").tobytes(),
        product=np.array([0, *(1 + number % products for number in range(len(at)))], "<u2").tobytes(),
        channel=bytes(len(at) + 1),
        viewers=np.array([1], "<u8").tobytes(),
        products=[str(UUID(int=9 + number)) for number in range(products)],
    )
    batch.base_time.FromDatetime(BASE)
    return batch


def later(seconds: float) -> datetime:
    return BASE + timedelta(seconds=seconds)


def test_only_products_that_were_in_the_bag_then_count() -> None:
    bag = (InBag(UUID(int=9), later(10), later(20)), InBag(UUID(int=9), later(40)), InBag(UUID(int=10), later(0)))
    batch = clicks(7, 11, 9, 12, 21, 13, 23, 14, 37, 15, 39, 16, products=2)
    assert not_in_bag(read(batch), times(in_bag=bag)).tolist() == [1, 7, 9]  # two seconds, as clocks may differ
    assert not_in_bag(read(batch), times(in_bag=())).tolist() == list(range(1, 13))
    assert not_in_bag(read(batch), times(in_bag=bag, source="replay")).tolist() == []


def test_rows_are_left_out_of_a_batch() -> None:
    batch = clicks(1, 2, 3)
    rest = read(without(batch, read(batch), np.array([1, 3])))
    assert (rest.offset_ms.tolist(), rest.kind.tolist(), rest.product.tolist()) == ([0, 2_000], [6, 5], [0, 1])
    assert batch.offset_ms == clicks(1, 2, 3).offset_ms


async def test_a_remembered_bag_refuses_no_click_on_a_newer_product() -> None:
    now, bags = [BASE], [times(in_bag=()), times()]

    async def times_of(_: UUID) -> SessionTimes | None:
        return bags.pop(0)

    ingest = Ingest(RecordingStream(), times_of, lambda: now[0])
    columns = read(clicks(0.2))
    known = await ingest.times(SESSION)
    assert (await ingest.sift(columns, known)).tolist() == [1]
    now[0] += timedelta(seconds=0.3)
    assert (await ingest.sift(columns, known)).tolist() == []
    assert bags == []


def test_a_bag_remembers_what_left_it_for_a_while() -> None:
    first, second = UUID(int=1), UUID(int=2)
    held = joined((), (first, second), later(0))
    held = left(held, first, later(60))
    assert held == (InBag(first, later(0), later(60)), InBag(second, later(0)))
    held = joined(held, (first,), later(61))
    assert held[-1] == InBag(first, later(61))
    assert left(held, second, later(60) + KEPT) == (InBag(second, later(0), later(60) + KEPT), InBag(first, later(61)))
