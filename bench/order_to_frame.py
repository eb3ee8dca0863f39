"""From an order over REST to its frame on the board's stream, in milliseconds, at a steady rate (open loop).

Ours is the whole system, started by its own command: REST, gRPC, group commit, view, tick, SSE, while 50,000 viewer
signals a second come in through the same gateway. A latency counts from the moment the order was due to be sent, so a
stall is not hidden by sending less. The peer is the floor: one durable commit in PostgreSQL and one hop from NATS
through a bare SSE server, nothing else running. Each run of ours is checked: every acknowledged order is on the stream
exactly once, and the board counts every acknowledged signal once.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import nats
import numpy as np
import psycopg
import uvloop

from bench.harness import ROUNDS, Percentiles, Result, Target, compare, due, middle, percentiles, rounds
from bench.http import Client
from bench.servers import Servers
from bench.services import free_port
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.metrics.vocabulary import Kind
from showfloor.testing.nats import NatsServer
from showfloor.testing.system import Rest, System

RATE, SIGNALS = 200, 50_000  # per second
BATCH = 2_000  # signals
PATIENCE_S = 20.0


class Watch:
    """Reads a stream and notes when each order was first seen, and how often."""

    def __init__(self, http: Client, session_id: str) -> None:
        self._http, self._path = http, f"/v1/stream?topics=activity:{session_id}"
        self.seen: dict[str, float] = {}
        self.count: Counter[str] = Counter()
        self.open = asyncio.Event()

    async def read(self) -> None:
        """Read until cancelled."""
        event = b""
        async for line in self._http.lines(self._path):
            now = time.perf_counter()
            if line.startswith(b"event:"):
                event = line[6:].strip()
            elif line.startswith(b"data:") and event == b"hello":
                self.open.set()
            elif line.startswith(b"data:") and event == b"activity":
                for activity in json.loads(line[5:])["activities"]:
                    if activity["kind"] == "order":
                        self.seen.setdefault(activity["subject_id"], now)
                        self.count[activity["subject_id"]] += 1


def live_session(rest: Rest) -> tuple[str, str]:
    """Start a LIVE with one product in its bag; return session and product."""
    shop = rest.post("/shops", {"name": f"Bench {time.time_ns()}", "currency": "EUR"})["shop_id"]
    account = rest.post("/accounts", {"name": "Bench", "kind": "official", "shop_id": shop})["account_id"]
    price = {"minor": 1999, "currency": "EUR"}
    product = {"reference": "p", "title": "Lamp", "category": "home", "price": price, "in_showcase": True}
    (product_id,) = rest.post(f"/shops/{shop}/products", {"products": [product]})["product_ids"]
    session = rest.post("/sessions", {"account_id": account, "title": "Bench"})["session"]["session_id"]
    rest.post(f"/sessions/{session}/bag", {"source": "showcase", "references": [product_id]})
    rest.post(f"/sessions/{session}/live")
    return session, product_id


async def likes(http: Client, session: str, seconds: float) -> int:
    """Send SIGNALS likes a second; return how many were acknowledged."""
    path, rows, sending = f"/v1/sessions/{session}/signals", np.arange(BATCH), []
    async with asyncio.TaskGroup() as tasks:
        async for _ in due(SIGNALS / BATCH, seconds):
            batch = SignalBatch(
                batch_id=uuid4().hex,
                offset_ms=np.zeros(BATCH, "<u4").tobytes(),
                kind=bytes([Kind.LIKE]) * BATCH,
                viewer=rows.astype("<u2").tobytes(),
                product=np.zeros(BATCH, "<u2").tobytes(),
                channel=bytes(BATCH),
                viewers=rows.astype("<u8").tobytes(),
            )
            batch.base_time.GetCurrentTime()
            sending.append(tasks.create_task(http.post_protobuf(path, batch.SerializeToString())))
    return len(sending) * BATCH


async def play(system: System, token: str, rate: int, seconds: float) -> list[float]:
    """Place `rate` orders per second and return the latency of each, in seconds."""
    rest = Rest(system.url, token)
    session, product = await asyncio.to_thread(live_session, rest)
    placed: dict[str, float] = {}
    async with Client(system.url, token) as http:
        watch = Watch(http, session)
        reading = asyncio.create_task(watch.read())
        async with asyncio.timeout(PATIENCE_S):
            await watch.open.wait()

        async def order(number: int, at: float) -> None:
            price = {"minor": 1999, "currency": "EUR"}
            body = {
                "reference": f"o{number}",
                "viewer": {"viewer_ref": f"v{number % 500}"},
                "items": [{"product_id": product, "quantity": 1, "unit_price": price}],
            }
            path = f"/v1/sessions/{session}/orders"
            answer = json.loads(await http.post(path, json.dumps(body).encode(), f"{session}-{number}"))
            placed[answer["order"]["order_id"]] = at

        async with asyncio.TaskGroup() as tasks:
            number = 0
            liking = tasks.create_task(likes(http, session, seconds))
            async for at in due(rate, seconds):
                tasks.create_task(order(number, at))
                number += 1
        await settled(watch, len(placed))
        reading.cancel()
    await asyncio.to_thread(counted, rest, session, liking.result())
    if dict(watch.count) != dict.fromkeys(placed, 1):
        raise RuntimeError(f"{len(placed)} orders acknowledged, on the stream: {len(watch.count)}, not each once")
    return [watch.seen[order_id] - at for order_id, at in placed.items()]


async def settled(watch: Watch, orders: int) -> None:
    """Wait until all orders were seen, or patience ends."""
    end = time.perf_counter() + PATIENCE_S
    while len(watch.seen) < orders and time.perf_counter() < end:
        await asyncio.sleep(0.05)


def counted(rest: Rest, session: str, signals: int) -> None:
    """Raise RuntimeError unless the board comes to show every signal, and no more."""
    end = time.perf_counter() + PATIENCE_S
    while (shown := _likes(rest, session)) != signals:
        if time.perf_counter() > end:
            raise RuntimeError(f"{signals} likes acknowledged, the board shows {shown}")
        time.sleep(0.1)


def _likes(rest: Rest, session: str) -> int:
    core = rest.get(f"/sessions/{session}/board")["core"]
    return int(next((one.get("value") or 0 for one in core if one["metric"] == "likes"), 0))


async def floor(dsn: str, nats_url: str, port: int, rate: int, seconds: float) -> list[float]:
    """One durable insert, one hop over NATS and a bare SSE server, at the same rate."""
    sent: list[float] = []
    took: list[float] = []
    http = Client(f"http://127.0.0.1:{port}", "")
    bus = await nats.connect(nats_url)
    connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
    await connection.execute("CREATE TABLE IF NOT EXISTS hop (id bigint, body text)")
    opened = asyncio.Event()

    async def read() -> None:
        async for line in http.lines("/"):
            if line.startswith(b"data: x"):
                took.append(time.perf_counter() - sent[len(took)])
            elif line.startswith(b"data:"):
                opened.set()

    reading = asyncio.create_task(read())
    async with asyncio.timeout(PATIENCE_S):
        await opened.wait()
    async for at in due(rate, seconds):
        await connection.execute("INSERT INTO hop VALUES (%s, %s)", (len(sent), "x" * 300))
        sent.append(at)
        await bus.publish("hop", b"x" * 500)
    while len(took) < len(sent):
        await asyncio.sleep(0.01)
    reading.cancel()
    await connection.close()
    await bus.close()
    return took


def main(quick: bool) -> list[Result]:
    """Measure both in turn."""
    seconds, n = (3.0, 1) if quick else (6.0, ROUNDS)
    with tempfile.TemporaryDirectory() as folder, Servers() as servers, ExitStack() as held:
        broker = NatsServer(Path(folder) / "nats")
        broker.start()
        held.callback(broker.stop)
        port = free_port()
        hop = subprocess.Popen([sys.executable, "-m", "bench.hop", broker.url, str(port)])
        held.callback(hop.kill)
        system = System(Path(folder) / "data")
        held.callback(system.end)
        system.up()
        token, dsn = system.token(), servers.database("floor", migrated=False)
        uvloop.run(play(system, token, 50, 1.0))
        figures: dict[str, list[Percentiles]] = rounds(
            {
                "ours": lambda: percentiles(uvloop.run(play(system, token, RATE, seconds))),
                "floor": lambda: percentiles(uvloop.run(floor(dsn, broker.url, port, RATE, seconds))),
            },
            n,
        )
    ours, peer = figures["ours"], figures["floor"]
    return [
        compare(
            f"order to frame, {RATE}/s and {SIGNALS:,} signals/s, p99",
            "ms",
            [run.p99 for run in ours],
            [run.p99 for run in peer],
            target=Target(ratio_max=3, ours_max=60),
            ours_latency=middle(ours),
            peer_latency=middle(peer),
            note="floor: one durable commit, one hop from NATS through a bare SSE server; no signals",
        )
    ]
