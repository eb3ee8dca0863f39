"""The signal stream on both buses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging import signals
from showfloor.messaging.bus import Ack, Bus
from showfloor.messaging.signals import SHARDS, STREAM, SignalPage, SignalStream, shard_of
from showfloor.testing.waiting import eventually

SESSIONS = [f"session-{n}" for n in range(6)]


class Fold:
    """Remembers pages; may be told to fail or to wait."""

    def __init__(self) -> None:
        self.pages: list[SignalPage] = []
        self.fail = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, page: SignalPage) -> None:
        await self.gate.wait()
        if self.fail:
            self.fail -= 1
            raise OSError("database is away")
        self.pages.append(page)

    @property
    def batches(self) -> list[str]:
        return [message.batch_id for page in self.pages for message in page.messages]


@pytest.fixture
async def signal_stream(bus: Bus) -> AsyncIterator[SignalStream]:
    signal_stream = SignalStream(bus, max_bytes=10_000_000)
    await bus.delete_stream(STREAM)
    await signal_stream.ensure()
    yield signal_stream


@asynccontextmanager
async def folding(signal_stream: SignalStream, fold: Fold, start: StreamPosition | None = None, **options: float):  # type: ignore[no-untyped-def]
    stream_positions = dict.fromkeys(range(SHARDS), start) if start else {}
    following = await signal_stream.follow(stream_positions, fold, **options)  # type: ignore[arg-type]
    yield following
    fold.gate.set()
    await following.close()


async def fill(signal_stream: SignalStream, first: int, last: int) -> None:
    for n in range(first, last + 1):
        await signal_stream.append(SESSIONS[n % len(SESSIONS)], f"b{n}", b"body %d" % n)


def names(first: int, last: int) -> list[str]:
    return [f"b{n}" for n in range(first, last + 1)]


async def test_batches_come_in_pages_as_they_were_sent(signal_stream: SignalStream) -> None:
    fold = Fold()
    async with folding(signal_stream, fold) as following:
        await fill(signal_stream, 1, 60)
        await eventually(lambda: len(fold.batches) == 60)
        await eventually(lambda: following.stream_position == fold.pages[-1].stream_position)
    assert fold.batches == names(1, 60)
    first = fold.pages[0].messages[0]
    assert (first.session_id, first.batch_id, first.body) == ("session-1", "b1", b"body 1")
    assert first.shard == shard_of("session-1")
    assert [m.sequence for page in fold.pages for m in page.messages] == list(range(1, 61))


async def test_a_batch_sent_again_is_answered_alike_and_stored_once(signal_stream: SignalStream) -> None:
    fold = Fold()
    first = await signal_stream.append("s", "b", b"x")
    assert await signal_stream.append("s", "b", b"x") == Ack(first.sequence, duplicate=True)
    assert await signal_stream.append("other", "b", b"x") == Ack(first.sequence + 1, duplicate=False)
    async with folding(signal_stream, fold):
        await eventually(lambda: len(fold.batches) == 2)


@pytest.mark.parametrize(
    ("session", "batch", "field"),
    [
        ("", "b", "session_id"), ("a.b", "b", "session_id"), ("s", "*", "batch_id"), ("s" * 65, "b", "session_id"),
        ("s", "a/b", "batch_id"), ("s", "é", "batch_id"), ("s", "b\n", "batch_id"), ("s", "b" * 65, "batch_id"),
    ],
)  # fmt: skip
async def test_an_id_that_cannot_be_a_subject_is_refused(
    signal_stream: SignalStream, session: str, batch: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await signal_stream.append(session, batch, b"")
    assert (refused.value.kind, refused.value.metadata["field"]) == (RefusalKind.INVALID, field)


async def test_a_batch_may_be_named_with_dots(signal_stream: SignalStream) -> None:
    fold = Fold()
    await signal_stream.append("s", "sdk-1.2.batch_7", b"x")
    async with folding(signal_stream, fold):
        await eventually(lambda: fold.batches == ["sdk-1.2.batch_7"])


async def test_a_page_closes_when_it_is_full(signal_stream: SignalStream) -> None:
    fold = Fold()
    await fill(signal_stream, 1, 25)
    async with folding(signal_stream, fold, page_size=10, linger=0.3):
        await eventually(lambda: len(fold.batches) == 25)
    assert [len(page.messages) for page in fold.pages] == [10, 10, 5]


async def test_the_fold_goes_on_from_its_stream_position(signal_stream: SignalStream) -> None:
    fold = Fold()
    await fill(signal_stream, 1, 20)
    async with folding(signal_stream, fold, page_size=7):
        await eventually(lambda: len(fold.pages) >= 2)
    stream_position, seen = fold.pages[1].stream_position, len(fold.pages[0].messages) + len(fold.pages[1].messages)
    again = Fold()
    async with folding(signal_stream, again, start=stream_position):
        await eventually(lambda: len(again.batches) == 20 - seen)
    assert again.batches == names(seen + 1, 20)


async def test_reading_begins_where_the_last_of_the_shards_is(signal_stream: SignalStream) -> None:
    info = await signal_stream.ensure()
    fold = Fold()
    await fill(signal_stream, 1, 12)
    ahead = shard_of("session-1")
    start = {shard: StreamPosition(info.created, 12 if shard == ahead else 4) for shard in range(SHARDS)}
    following = await signal_stream.follow(start, fold)
    await eventually(lambda: len(fold.batches) == 8)
    await following.close()
    assert fold.batches == names(5, 12)


async def test_a_page_whose_fold_fails_comes_again_unchanged(
    signal_stream: SignalStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "RETRY_PAUSE", 0.01)
    fold = Fold()
    fold.fail = 3
    async with folding(signal_stream, fold, page_size=5):
        await fill(signal_stream, 1, 20)
        await eventually(lambda: len(fold.batches) == 20)
    assert fold.batches == names(1, 20)


async def test_a_slow_fold_is_not_run_over(signal_stream: SignalStream) -> None:
    fold = Fold()
    fold.gate.clear()
    async with folding(signal_stream, fold, page_size=4) as following:
        await fill(signal_stream, 1, 40)
        await asyncio.sleep(0.1)
        assert following.stream_position == StreamPosition()
        assert following._reader.stream_position.sequence <= 4, "one page is in the fold, the rest is with the server"
        fold.gate.set()
        await eventually(lambda: len(fold.batches) == 40)
    assert fold.batches == names(1, 40)


async def test_a_wiped_stream_is_told_by_its_creation_time(bus: Bus, signal_stream: SignalStream) -> None:
    fold = Fold()
    async with folding(signal_stream, fold, page_size=50, linger=0.02):
        await fill(signal_stream, 1, 3)
        await eventually(lambda: len(fold.batches) == 3)
        await bus.delete_stream(STREAM)
        await signal_stream.ensure()
        await fill(signal_stream, 4, 6)
        await eventually(lambda: len(fold.batches) == 6)
    assert fold.batches == names(1, 6)
    created = [page.created for page in fold.pages for _ in page.messages]
    assert len(set(created)) == 2
    assert created[2] != created[3]
    assert fold.pages[-1].messages[-1].sequence == 3


async def test_too_many_at_once_are_refused_not_queued(
    signal_stream: SignalStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "WINDOW", 8)
    answers = await asyncio.gather(
        *(signal_stream.append("s", f"b{n}", b"x") for n in range(20)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 12
    assert {(r.kind, r.reason) for r in refused} == {(RefusalKind.UNAVAILABLE, "SIGNALS_BUSY")}
    assert (await signal_stream.append("s", "b19", b"x")).sequence == 9


async def test_a_full_stream_refuses_until_the_fold_trims_it(bus: Bus) -> None:
    await bus.delete_stream(STREAM)
    signal_stream = SignalStream(bus, max_bytes=20_000)
    await signal_stream.ensure()
    with pytest.raises(Refusal) as refused:
        for n in range(30):
            await signal_stream.append("s", f"b{n}", b"x" * 2000)
    assert (refused.value.kind, refused.value.reason) == (RefusalKind.UNAVAILABLE, "SIGNALS_DOWN")
    info = await bus.stream_info(STREAM)
    assert info is not None
    assert info.first_sequence == 1
    await signal_stream.trim(StreamPosition(info.created - timedelta(days=1), info.last_sequence))
    assert (await bus.stream_info(STREAM)) == info, "another life of the stream"
    await signal_stream.trim(StreamPosition(info.created, info.last_sequence))
    assert (await signal_stream.append("s", "later", b"x")).sequence == info.last_sequence + 1


async def test_a_stream_that_was_wiped_is_made_anew_and_followed(bus: Bus) -> None:
    await bus.delete_stream(STREAM)
    signal_stream = SignalStream(bus)
    await signal_stream.ensure()
    await signal_stream.append("s", "before", b"1")
    seen: list[str] = []

    async def fold(page: SignalPage) -> None:
        seen.extend(message.batch_id for message in page.messages)

    following = await signal_stream.follow({}, fold)
    await eventually(lambda: seen == ["before"])
    await bus.delete_stream(STREAM)
    with pytest.raises(Refusal) as refused:
        await signal_stream.append("s", "after", b"2")
    assert refused.value.reason == "SIGNALS_DOWN"
    assert (await signal_stream.append("s", "after", b"2")).sequence == 1
    await eventually(lambda: seen == ["before", "after"])
    await following.close()
