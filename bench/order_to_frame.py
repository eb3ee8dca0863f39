"""From an order over REST to its frame on the board's stream, in milliseconds, at a steady rate (open loop).

Ours is the whole system, started by its own command: REST, gRPC, group commit, view, tick, SSE. A latency counts from
the moment the order was due to be sent, so a stall is not hidden by sending less. The peer is the floor: one durable
PostgreSQL commit and one hop over NATS, nothing else. Each run of ours is checked: every acknowledged order is on
the stream exactly once.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import nats
import psycopg
import uvloop

from bench.harness import ROUNDS, Percentiles, Result, Target, compare, due, middle, percentiles, rounds
from bench.http import Client
from bench.servers import Servers
from showfloor.testing.nats import NatsServer
from showfloor.testing.system import Rest, System

RATES = (50, 200)  # orders per second
PATIENCE_S = 10.0


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


def stage(rest: Rest) -> tuple[str, str]:
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


async def play(system: System, token: str, rate: int, seconds: float) -> list[float]:
    """Place `rate` orders per second and return the latency of each, in seconds."""
    session, product = await asyncio.to_thread(stage, Rest(system.url, token))
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
            async for at in due(rate, seconds):
                tasks.create_task(order(number, at))
                number += 1
        await settled(watch, len(placed))
        reading.cancel()
    if dict(watch.count) != dict.fromkeys(placed, 1):
        raise RuntimeError(f"{len(placed)} orders acknowledged, on the stream: {len(watch.count)}, not each once")
    return [watch.seen[order_id] - at for order_id, at in placed.items()]


async def settled(watch: Watch, orders: int) -> None:
    """Wait until all orders were seen, or patience ends."""
    end = time.perf_counter() + PATIENCE_S
    while len(watch.seen) < orders and time.perf_counter() < end:
        await asyncio.sleep(0.05)


async def floor(dsn: str, nats_url: str, rate: int, seconds: float) -> list[float]:
    """One durable insert, one hop over NATS, at the same rate."""
    took: list[float] = []
    arrived: asyncio.Queue[float] = asyncio.Queue()

    async def on_message(_: Any) -> None:
        arrived.put_nowait(time.perf_counter())

    bus = await nats.connect(nats_url)
    await bus.subscribe("hop", cb=on_message)
    connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
    await connection.execute("CREATE TABLE IF NOT EXISTS hop (id bigint, body text)")
    async for at in due(rate, seconds):
        await connection.execute("INSERT INTO hop VALUES (%s, %s)", (len(took), "x" * 300))
        await bus.publish("hop", b"x" * 500)
        took.append(await arrived.get() - at)
    await connection.close()
    await bus.close()
    return took


def main(quick: bool) -> list[Result]:
    """Measure both in turn at each rate; a line for each."""
    seconds, n = (3.0, 1) if quick else (6.0, ROUNDS)
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder, Servers() as servers:
        broker = NatsServer(Path(folder) / "nats")
        broker.start()
        system = System(Path(folder) / "data")
        system.up()
        try:
            token, dsn = system.token(), servers.database("floor", migrated=False)
            uvloop.run(play(system, token, min(RATES), 1.0))
            for rate in RATES:
                results += at_rate(system, token, (dsn, broker.url), rate, seconds, n)
        finally:
            system.end()
            broker.stop()
    return results


def at_rate(system: System, token: str, bare: tuple[str, str], rate: int, seconds: float, n: int) -> list[Result]:
    """Measure `n` pairs at one rate."""
    print(f" {rate}/s", file=sys.stderr)
    figures: dict[str, list[Percentiles]] = rounds(
        {
            "ours": lambda: percentiles(uvloop.run(play(system, token, rate, seconds))),
            "floor": lambda: percentiles(uvloop.run(floor(*bare, rate, seconds))),
        },
        n,
    )
    ours, peer = figures["ours"], figures["floor"]
    return [
        compare(
            f"order to frame, {rate}/s, p99",
            "ms",
            [run.p99 for run in ours],
            [run.p99 for run in peer],
            target=Target(ratio_max=3, ours_max=60) if rate == max(RATES) else None,
            ours_latency=middle(ours),
            peer_latency=middle(peer),
        )
    ]
