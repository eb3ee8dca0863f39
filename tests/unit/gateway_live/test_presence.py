"""A stream that takes bytes is a sign of life; one that takes none is not, and many streams are few batches."""

import asyncio
import math
import socket
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from typing import Any, cast
from uuid import uuid4

import pytest

from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.http.server import TRANSPORT
from showfloor.gateway.live import presence
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.wire import Wire
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.waiting import eventually

SESSION, OTHER = str(uuid4()), str(uuid4())


class Silence:
    """A wire whose client was last heard so many seconds ago."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def silent(self) -> float:
        return self.seconds


class FakeBatcher:
    """Takes batches as the signals' batcher does."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, tuple[str, ...], bytes, tuple[int, ...]]] = []
        self.refuse: Refusal | None = None
        self.asked = 0

    def mark(self, viewer: ViewerToken) -> tuple[bytes, int]:
        return viewer.viewer_ref.encode().ljust(8), len(viewer.channel)

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        self.asked += 1
        if self.refuse:
            raise self.refuse
        names = tuple(marks[at : at + 8].decode().strip() for at in range(0, len(marks), 8))
        assert len(names) == len(channels) == len(ages_ms)
        self.batches.append((session_id, names, channels, tuple(ages_ms)))

    def told(self) -> set[str]:
        return {name for _, names, _, _ in self.batches for name in names}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def viewer(number: int = 0, session_id: str = SESSION, **more: Any) -> ViewerToken:
    return ViewerToken(exp=0, session_id=session_id, viewer_ref=f"v{number}", **more)


def wire(seconds: float = 0.0) -> Wire:
    return cast(Wire, Silence(seconds))


@asynccontextmanager
async def beating(lane: FakeBatcher, every: float = 0.02) -> AsyncIterator[Beats]:
    beats = Beats(lane, every)
    task = asyncio.create_task(beats.run())
    try:
        yield beats
    finally:
        task.cancel()


@pytest.mark.requirement("R14")
async def test_a_stream_that_takes_bytes_is_told_until_it_closes(stack: ExitStack) -> None:
    lane = FakeBatcher()
    async with beating(lane) as beats:
        with beats.present(viewer(channel="feed"), wire(1.5)):
            await eventually(lambda: len(lane.batches) >= 4)
        assert set(lane.batches) == {(SESSION, ("v0",), b"\x04", (1500,))}
        with beats.present(viewer(1), wire()):
            await eventually(lambda: "v1" in lane.told())
        before = len([names for _, names, _, _ in lane.batches if "v0" in names])
        with beats.present(viewer(2), wire()):
            await eventually(lambda: len([names for _, names, _, _ in lane.batches if "v2" in names]) >= 3)
        assert len([names for _, names, _, _ in lane.batches if "v0" in names]) == before


async def test_who_takes_nothing_looks_on_or_hosts_gives_no_sign(stack: ExitStack) -> None:
    lane = FakeBatcher()
    async with beating(lane) as beats:
        stack.enter_context(beats.present(viewer(1), wire(presence.HEARD_S + 1)))  # broken without a word
        stack.enter_context(beats.present(viewer(2), wire(math.inf)))  # nothing that is sent is taken
        stack.enter_context(beats.present(viewer(3, looks_on=True), wire()))
        stack.enter_context(beats.present(None, wire()))
        stack.enter_context(beats.present(viewer(4), wire()))
        await eventually(lambda: len(lane.batches) >= 3)
    assert lane.told() == {"v4"}


async def test_10000_viewers_are_batches_of_500_spread_over_the_time(stack: ExitStack) -> None:
    beats = Beats(FakeBatcher(), 20.0)
    for number in range(10_000):
        stack.enter_context(beats.present(viewer(number), wire()))
    for number in range(3):
        stack.enter_context(beats.present(viewer(number, OTHER), wire()))
    parts = beats._parts()
    assert [(session_id, len(spots)) for session_id, spots in parts] == [(SESSION, 500)] * 20 + [(OTHER, 3)]
    assert len({spot for _, spots in parts for spot in spots}) == 10_003


async def test_a_viewer_with_many_windows_is_one_row(stack: ExitStack) -> None:
    lane = FakeBatcher()
    async with beating(lane) as beats:
        for _ in range(5):
            stack.enter_context(beats.present(viewer(1), wire()))
        await eventually(lambda: len(lane.batches) >= 2)
    assert {names for _, names, _, _ in lane.batches} == {("v1",)}


async def test_a_lost_batch_is_told_again_but_not_of_an_ended_live(stack: ExitStack) -> None:
    lane = FakeBatcher()
    lane.refuse = Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "away")
    async with beating(lane) as beats:
        stack.enter_context(beats.present(viewer(1), wire()))
        await eventually(lambda: lane.asked >= 2)
        lane.refuse = None
        await eventually(lambda: "v1" in lane.told())
        lane.refuse = Refusal(RefusalKind.WRONG_STATE, "TOO_LATE", "over")
        await eventually(lambda: not beats._rooms)


class Transport:
    """A connection as far as a wire looks at it."""

    def __init__(self, last_ack_ms: int | None = 0, waiting: int = 0, closing: bool = False) -> None:
        self.family, self._ack, self._waiting, self._closing = socket.AF_INET, last_ack_ms, waiting, closing

    def get_write_buffer_size(self) -> int:
        return self._waiting

    def is_closing(self) -> bool:
        return self._closing

    def get_extra_info(self, _: str) -> Any:
        return self

    def getsockopt(self, *_: int) -> bytes:
        if self._ack is None:
            raise OSError
        return struct.pack("=56xI", self._ack)


def silent(transport: Any) -> float:
    return Wire({"type": "http", "state": {TRANSPORT: transport}}).silent()


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells when the other side was last heard")
async def test_a_client_is_silent_since_it_last_acknowledged_something() -> None:
    assert silent(Transport(16_000)) == 16
    assert {silent(Transport(**broken)) for broken in ({"last_ack_ms": None}, {"waiting": 1}, {"closing": True})} == {
        math.inf
    }
    accepted: asyncio.Queue[asyncio.BaseTransport] = asyncio.Queue()

    class Accepting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.put_nowait(transport)

    server = await asyncio.get_running_loop().create_server(Accepting, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    transport = cast(asyncio.WriteTransport, await accepted.get())
    await asyncio.sleep(0.05)
    before = silent(transport)
    transport.write(b"x")
    await reader.read(1)
    await eventually(lambda: silent(transport) < before)
    transport.close()
    assert silent(transport) == math.inf
    writer.close()
    server.close()
