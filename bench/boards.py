"""2,000 boards on one gateway process, beside nginx with nchan: how fast, how late, how large.

Ours is the whole gateway with the session service behind it; board ticks of a session come over NATS as the session
service sends them. nchan gets frames of the same size over its publisher's port. Both are read by the same lean
process. At 2 Hz every stream must bring every frame once, in order; where more comes than can be delivered, ours skips
to newer numbers, but every stream must bring the newest, and never an older one after it.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import nats
import psutil
import uvloop

from bench import nchan
from bench.harness import ROUNDS, Percentiles, Result, Target, compare, due, middle, rounds
from bench.services import LiveSession, Services
from bench.sse_load import Readers, stamp
from showfloor.api.common.v1.common_pb2 import Reading
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_pb2 import SESSION_STATE_LIVE, Session
from showfloor.gateway.http.transcode import encode
from showfloor.gateway.live.frames import frame
from showfloor.gateway.live.sse import MAX_PER_KEY

BOARDS, HZ = 2_000, 2.0
RATES = (32.0, 64.0, 128.0)  # ticks a second: the most that either can deliver lies in between
Publish = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Figures:
    """What one round said of one side."""

    deliveries: float
    latency: Percentiles

    def __str__(self) -> str:
        return f"{self.deliveries:,.0f} deliveries/s, at {HZ:g} Hz {self.latency} ms"


@dataclass
class Side:
    """One server with its readers; `publish` says a title to all of them while the block of `connect` runs."""

    readers: Readers
    connect: Callable[[], Any]

    async def play(self, rate: float, seconds: float) -> tuple[int, dict[str, Any]]:
        """Publish at a steady rate; return how many ticks and what the readers counted."""
        count = 0
        async with self.connect() as publish:
            await publish(title := stamp(time.perf_counter()))
            await asyncio.to_thread(self.readers.end, title)  # whatever came before is out of the way
            self.readers.begin()
            async for at in due(rate, seconds):
                title, count = stamp(at), count + 1
                await publish(title)
            found = await asyncio.to_thread(self.readers.end, title)
        if found["missing"] or found["backwards"]:
            raise RuntimeError(f"at {rate:g} Hz: {found['missing']} boards stayed old, {found['backwards']} went back")
        return count, found

    def measure(self, seconds: float) -> Figures:
        """Measure latency at 2 Hz, then how much is delivered where more comes than can be."""
        count, calm = uvloop.run(self.play(HZ, seconds))
        if calm["frames"] != count * BOARDS:
            raise RuntimeError(f"{count * BOARDS} frames were due, {calm['frames']} came")
        most = 0.0
        for rate in RATES:
            _, found = uvloop.run(self.play(rate, seconds / 4))
            most = max(most, found["frames"] / found["seconds"])
        return Figures(most, Percentiles(*calm["ms"]))


def board(live: LiveSession, title: str) -> GetBoardResponse:
    """Return a board of about 1 KB."""
    session = Session(
        session_id=live.session, account_id=live.account, title=title, state=SESSION_STATE_LIVE, version=3
    )
    readings = [Reading(metric=f"metric_{number:02}", value=number * 1.5) for number in range(17)]
    return GetBoardResponse(session=session, core=readings)


@asynccontextmanager
async def over_nats(url: str, live: LiveSession) -> AsyncIterator[Publish]:
    """Tell the gateway as the session service does."""
    bus = await nats.connect(url)

    async def publish(title: str) -> None:
        await bus.publish(f"live.{live.session}.board", board(live, title).SerializeToString())
        await bus.flush()

    try:
        yield publish
    finally:
        await bus.close()


@asynccontextmanager
async def over_http(port: int, live: LiveSession) -> AsyncIterator[Publish]:
    """Tell nchan, without waiting for its answers: a late one must not make the load less."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /publish HTTP/1.1\r\nHost: nchan\r\nX-EventSource-Event: board\r\n"

    async def publish(title: str) -> None:
        body = frame_of(live, title).removeprefix(b"event: board\ndata: ").rstrip()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    async def swallow() -> None:
        while await reader.read(65536):
            pass

    swallowing = asyncio.create_task(swallow())
    try:
        yield publish
    finally:
        swallowing.cancel()
        writer.close()


def frame_of(live: LiveSession, title: str) -> bytes:
    return frame("board", encode(board(live, title)))


def kib_per_board(process: psutil.Process, connect: Callable[[], Side]) -> tuple[Side, float]:
    """Connect all boards, and return by how much the server has grown for each."""
    before = process.memory_info().rss
    side = connect()
    uvloop.run(side.play(HZ, 2.0))
    return side, (process.memory_info().rss - before) / 1024 / BOARDS


def main(quick: bool) -> list[Result]:
    """Measure both in turn; ours alone where the peer is not installed."""
    seconds, n = (2.0, 1) if quick else (3.0, ROUNDS)
    with ExitStack() as stack:
        services = stack.enter_context(Services())
        live = services.live_session()
        tokens = services.hosts(live.account, BOARDS // MAX_PER_KEY)
        sides, kib = {}, {}
        sides["ours"], kib["ours"] = kib_per_board(
            psutil.Process(services.processes["gateway"].pid), lambda: our_side(stack, services, live, tokens)
        )
        if nchan.installed():
            peer = stack.enter_context(nchan.Nchan())
            sides["nchan"], kib["nchan"] = kib_per_board(peer.worker, lambda: peer_side(stack, peer.port, live))
        else:
            print(f"  {nchan.MISSING}", file=sys.stderr, flush=True)
        print(f"  KiB per idle board: {kib}", file=sys.stderr, flush=True)
        return results(rounds({name: partial(side.measure, seconds) for name, side in sides.items()}, n), kib)


def our_side(stack: ExitStack, services: Services, live: LiveSession, tokens: list[str]) -> Side:
    url = urlsplit(services.url)
    path = f"/v1/stream?topics=board:{live.session}"
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {tokens[number // MAX_PER_KEY]}\r\n\r\n"
        for number in range(BOARDS)
    ]
    readers = stack.enter_context(Readers(url.port or 80, requests))
    return Side(readers, lambda: over_nats(services.nats_url, live))


def peer_side(stack: ExitStack, port: int, live: LiveSession) -> Side:
    request = "GET /stream HTTP/1.1\r\nHost: nchan\r\nAccept: text/event-stream\r\n\r\n"
    readers = stack.enter_context(Readers(port, [request] * BOARDS))
    return Side(readers, lambda: over_http(port, live))


def results(figures: dict[str, list[Figures]], kib: dict[str, float]) -> list[Result]:
    """Sum up."""
    ours, peer = figures["ours"], figures.get("nchan")
    boards = f"{BOARDS:,} boards"
    return [
        compare(
            f"{boards}, at saturation",
            "deliveries/s",
            [one.deliveries for one in ours],
            [one.deliveries for one in peer] if peer else None,
            target=Target(ratio_min=0.5),
        ),
        compare(
            f"{boards} at {HZ:g} Hz, p99",
            "ms",
            [one.latency.p99 for one in ours],
            [one.latency.p99 for one in peer] if peer else None,
            target=Target(ratio_max=2),
            ours_latency=middle([one.latency for one in ours]),
            peer_latency=middle([one.latency for one in peer]) if peer else None,
            note="from publishing to the last reader's socket",
        ),
        compare(
            "memory of an idle board",
            "KiB",
            [kib["ours"]],
            [kib["nchan"]] if peer else None,
            target=Target(ours_max=30),
            note="growth of the resident process, measured once",
        ),
    ]
