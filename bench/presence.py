"""What it costs the gateway to tell that 10,000 viewers are still there, who have a stream each and send nothing.

Two ways. The whole: processor time per second of the gateway and of the session service with 2,000 streams, over one
whole round of beats, heartbeats every 15 s among it; beside it the same streams of viewers who only look on: their
tokens say so, and no beats are told for them. Every viewer must be on the board at the end. The difference is said for
10,000. And the loop alone, exactly: 10,000 streams, batches made and handed on, nobody behind.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import uvloop

from bench.harness import Result, Target, compare, rounds
from bench.services import LiveSession, Services
from bench.sse_load import Readers
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest, IngestSignalsResponse
from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.http.server import TRANSPORT
from showfloor.gateway.limits import BEAT_S
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.wire import Wire
from showfloor.gateway.watch.signals import SignalBatcher
from showfloor.kernel.clock import utc_now
from showfloor.observability.tasks import stop
from showfloor.testing.system import Rest

VIEWERS, SAID_FOR = 2_000, 10_000
ROUNDS = 3
SETTLE_S = 3.0  # newcomers are told at once: that is over then
SHOWN_S = 20.0


@dataclass(frozen=True)
class Figures:
    """Milliseconds of processor time in a second."""

    gateway: float
    session: float

    def __str__(self) -> str:
        return f"gateway {self.gateway:.1f} ms/s, session service {self.session:.1f} ms/s"


def main(quick: bool) -> list[Result]:
    """Measure streams with and without beats in turn, then the loop alone."""
    alone = [uvloop.run(beats_alone()) for _ in range(1 if quick else ROUNDS)]
    with ExitStack() as stack:
        services = stack.enter_context(Services())
        live = services.live_session()
        sides = {
            "with beats": partial(measure, services, live, False, lambda: shown(services, live)),
            "without": partial(measure, services, live, True, lambda: None),
        }
        found = rounds(sides, 1 if quick else ROUNDS)
    beats, without = found["with beats"], found["without"]
    streams, times = f"{VIEWERS:,} streams of viewers", SAID_FOR // VIEWERS
    beside = "peer: the same streams without beats"
    more = [(mine.gateway - other.gateway) * times for mine, other in zip(beats, without, strict=True)]
    return [
        compare(
            f"{streams}, gateway", "ms/s", [one.gateway for one in beats], [one.gateway for one in without], note=beside
        ),
        compare(
            f"{streams}, session service",
            "ms/s",
            [one.session for one in beats],
            [one.session for one in without],
            note=beside,
        ),
        compare(
            f"beats of {SAID_FOR:,} viewers, gateway",
            "ms/s",
            more,
            note=f"the difference, times {times}: at most, for ticks of the board do not grow with viewers",
        ),
        compare(
            f"beats of {SAID_FOR:,} viewers, the loop alone",
            "ms/s",
            alone,
            target=Target(ours_max=20),
            note="to the batch that is handed on; no RPC",
        ),
    ]


async def beats_alone() -> float:
    """Return the milliseconds of processor time in a second that the beats of 10,000 streams take in their process."""
    rows = 0

    async def store(request: IngestSignalsRequest) -> IngestSignalsResponse:
        nonlocal rows
        rows += len(request.batch.kind)
        return IngestSignalsResponse()

    accepted: asyncio.Queue[asyncio.BaseTransport] = asyncio.Queue()

    class Accepting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.put_nowait(transport)

    server = await asyncio.get_running_loop().create_server(Accepting, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    wire = Wire({"type": "http", "state": {TRANSPORT: await accepted.get()}})
    session, beats = str(uuid4()), Beats(SignalBatcher(store, b"key", utc_now), 1.0)
    with ExitStack() as stack:
        for number in range(SAID_FOR):
            seat = ViewerToken(exp=0, session_id=session, viewer_ref=f"v-{number}", channel="feed")
            stack.enter_context(beats.present(seat, wire))
        task = asyncio.get_running_loop().create_task(beats.run())
        await asyncio.sleep(1.5)  # newcomers are told at once: that is over then
        before, began = rows, time.process_time()
        await asyncio.sleep(5.0)
        spent, told = time.process_time() - began, rows - before
        await stop(task)
    writer.close()
    server.close()
    if told < SAID_FOR:
        raise RuntimeError(f"{told} beats of {SAID_FOR} streams were told")
    return spent / told * SAID_FOR / BEAT_S * 1_000


def measure(services: Services, live: LiveSession, looks_on: bool, right: Callable[[], None]) -> Figures:
    """Open all streams, let them be for one round of beats, and return what that took."""
    url = urlsplit(services.url)
    head = f"GET /v1/stream?topics=watch:{live.session} HTTP/1.1\r\nHost: {url.netloc}\r\n"
    requests = [
        f"{head}Authorization: Bearer {one}\r\n\r\n" for one in services.viewers(live, VIEWERS, looks_on=looks_on)
    ]
    with Readers(url.port or 80, requests):
        time.sleep(SETTLE_S)
        before = {name: _spent(services, name) for name in ("gateway", "session")}
        began = time.monotonic()
        time.sleep(BEAT_S)
        seconds = time.monotonic() - began
        spent = {name: (_spent(services, name) - before[name]) / seconds for name in before}
        right()
    return Figures(spent["gateway"] * 1_000, spent["session"] * 1_000)


def shown(services: Services, live: LiveSession) -> None:
    """Return once the board shows all viewers. Raises RuntimeError when it does not."""
    host, end, seen = Rest(services.url, live.token), time.monotonic() + SHOWN_S, 0.0
    while time.monotonic() < end:
        core = host.get(f"/sessions/{live.session}/board")["core"]
        seen = next((one.get("value") or 0 for one in core if one["metric"] == "viewers_now"), 0)
        if seen == VIEWERS:
            return
        time.sleep(0.2)
    raise RuntimeError(f"{VIEWERS} viewers have a stream, the board shows {seen:.0f}")


def _spent(services: Services, name: str) -> float:
    times = psutil.Process(services.processes[name].pid).cpu_times()
    return float(times.user + times.system)
