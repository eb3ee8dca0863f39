"""What one unit of work costs when there are 1, 4 and 16 times as many sessions and as much history.

The whole system runs: gateway and session service as processes, on servers of their own. Before each scale the log is
filled up to it: past sessions with orders, comments and rollups of signals, and a running LIVE whose own history grows
alike. There is no peer: a scale is compared with the first. Checked at each scale: every acknowledged order and every
signal is counted once, and each view equals its rebuild.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
import uvloop
from google.protobuf.timestamp_pb2 import Timestamp

from bench.harness import Result, Target
from bench.http import Client
from bench.services import LiveSession, Services
from bench.signals import ROWS, SESSIONS, batches
from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.api.common.v1 import operator_service_pb2 as operator_pb
from showfloor.api.common.v1.operator_service_pb2_grpc import OperatorServiceStub
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest
from showfloor.api.session.v1.signal_service_pb2_grpc import SignalServiceStub
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.log import NewRow
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.postgres_log import PostgresLog
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Event, Meta
from showfloor.metrics.vocabulary import Kind
from showfloor.rpc.channel import call, connect, stream
from showfloor.session.activity.domain.comment import COMMENT, CommentPosted
from showfloor.session.activity.domain.order import Item, OrderPaid, OrderPlaced
from showfloor.session.activity.views import orders
from showfloor.session.analytics.views import session_list
from showfloor.session.service import DECIDERS, VIEWS
from showfloor.session.show.domain.session_events import SessionImported
from showfloor.testing.members import Home, somebody, write_members

SCALES = (1, 4, 16)
PAST, FACTS = 40, 50  # sessions at scale 1; orders and as many comments of each, and of the LIVE per scale
CALLERS, BATCHES, REBUILT = 64, 40, ("orders", "activity_feed", "facts")
BOUND = Target(ratio_max=1.3)
# Go keeps what it has once used until its soft limit makes it collect; the stacks of its threads come on top.
LIMITS = {"nats-server": Target(ours_max=128 + 16)}  # MiB
NOW = datetime.now(UTC)


class World:
    """The running system, its log, and how far both are filled."""

    def __init__(self, services: Services) -> None:
        self.services, self.live = services, services.live_session()
        self.dsn = services.dsns["session"]
        self.log, self.mapper = PostgresLog(self.dsn), Mapper(DECIDERS, Keyring(services.keyring))
        with psycopg.connect(self.dsn) as c:
            sql = f"SELECT account_id, shop_id, currency FROM {session_list.VIEW.schema}.session_row"
            row = c.execute(sql).fetchone()
        assert row is not None
        self.account, self.shop, self.currency = row
        self.scale = self.seed = self.orders = 0

    def token(self) -> str:
        homes = {str(self.account): Home(shop=str(self.shop), currency=self.currency)}
        host = somebody("user:bench", accounts=dict.fromkeys(homes, Role.HOST), homes=homes)
        write_members(self.dsn, [host])
        return self.services.signer.sign(host.actor)

    def position(self) -> int:
        return self.log.last_position()


def fill(world: World, scale: int) -> None:
    """Bring the log and the rollups up to a scale."""
    added = [uuid4() for _ in range(PAST * (scale - world.scale))]
    rows: list[NewRow] = []
    meta = Meta(actor="user:1", request_id=str(uuid4()))

    def write(stream_id: UUID, *events: Event) -> None:
        rows.extend(NewRow(stream_id, nr, *world.mapper.encode(one, meta)) for nr, one in enumerate(events, 1))

    for number, session in enumerate(added):
        write(session, past(world, session, number))
        for nr in range(FACTS):
            write(uuid4(), *order(world, session, nr))
            write(uuid4(), comment(world, session))
    for nr in range(PAST * (scale - world.scale)):
        write(uuid4(), *order(world, UUID(world.live.session), world.scale * PAST + nr))
        write(uuid4(), comment(world, UUID(world.live.session)))
    world.mapper.keyring.keep()
    for start in range(0, len(rows), 1_000):
        world.log.append(rows[start : start + 1_000])
    with psycopg.connect(world.dsn) as c:
        c.execute(
            "INSERT INTO signals.minute SELECT s, m, ch, 9, 3, 2, 5, 1, 4, 1"
            " FROM unnest(%s::uuid[]) s, generate_series(1, 60) m, generate_series(0, 3) ch", [added])  # fmt: skip
        c.execute("INSERT INTO signals.batch SELECT s, n::text FROM unnest(%s::uuid[]) s, generate_series(1, 100) n",
                  [added])  # fmt: skip
    world.scale = scale


def past(world: World, session: UUID, number: int) -> Event:
    begun = NOW - timedelta(hours=number + 2)
    return SessionImported(
        at=NOW, session_id=session, account_id=world.account, shop_id=world.shop, currency=world.currency,
        reference=str(session), title=f"Past {number}", started_at=begun, ended_at=begun + timedelta(hours=1),
    )  # fmt: skip


def order(world: World, session: UUID, number: int) -> list[Event]:
    items = (Item(UUID(world.live.product), 1, 1999, 0, 0, "Lamp"),)
    about: dict[str, Any] = {
        "order_id": uuid4(), "session_id": session, "account_id": world.account, "shop_id": world.shop,
        "viewer_ref": f"v{number}", "currency": world.currency, "reference": f"past{number}", "items": items,
        "total_minor": 1999, "commission_minor": 0, "affiliate_minor": 0, "direct": True,
    }  # fmt: skip
    return [OrderPlaced(at=NOW, **about), OrderPaid(at=NOW, placed_at=NOW, **about)]


def comment(world: World, session: UUID) -> Event:
    return CommentPosted(
        at=NOW, comment_id=uuid4(), session_id=session, account_id=world.account, shop_id=world.shop,
        viewer_ref="v1", text="How much is the lamp?",
    )  # fmt: skip


async def caught_up(world: World) -> None:
    """Wait until every view of the session service stands at the end of the log."""
    sql = """SELECT min(notification_id) >= (SELECT max(notification_id) FROM stored_events)
             FROM notification_tracking WHERE application_name LIKE 'view:%'"""
    async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as c:
        while (await (await c.execute(sql)).fetchone()) != (True,):
            await asyncio.sleep(0.05)


async def store_command(world: World) -> float:
    """Return microseconds for each one-event command of 64 callers on streams of their own."""
    store = Store.postgres(world.dsn, DECIDERS)
    session, done = UUID(world.live.session), 0

    async def caller(until: float) -> None:
        nonlocal done
        while time.perf_counter() < until:
            posted = comment(world, session)
            outcome = await store.execute(COMMENT, uuid4(), lambda _state, event: [event], posted)
            assert outcome.version == 1
            done += 1

    before, begun = world.position(), time.perf_counter()
    await asyncio.gather(*(caller(begun + 0.6) for _ in range(CALLERS)))
    took = time.perf_counter() - begun
    await store.close()
    assert world.position() - before >= done
    return took / done * 1e6


async def order_commit(world: World, http: Client) -> float:
    """Return milliseconds for an order over REST, one after the other."""
    price = {"minor": 1999, "currency": world.currency}

    async def one() -> None:
        world.orders += 1
        body = {
            "reference": f"o{world.orders}",
            "viewer": {"viewer_ref": "v1"},
            "items": [{"product_id": world.live.product, "quantity": 1, "unit_price": price}],
        }
        await http.post(f"/v1/sessions/{world.live.session}/orders", json.dumps(body).encode(), f"o{world.orders}")

    return await middle_of(one, 100)


async def read(http: Client, path: str) -> float:
    return await middle_of(lambda: http.get(path), 100)


async def middle_of(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Return the median of so many runs, in milliseconds, after a few to warm up."""
    took = []
    for number in range(times + 10):
        begun = time.perf_counter()
        await work()
        if number >= 10:
            took.append((time.perf_counter() - begun) * 1e3)
    return median(took)


async def fold(world: World) -> float:
    """Return nanoseconds for each signal, from the first call to the last one counted."""
    world.seed += 1
    base = Timestamp()
    base.FromDatetime(datetime.now(UTC) - timedelta(seconds=1))
    products = [world.live.product]
    made = batches([world.live.session] * SESSIONS, [base] * SESSIONS, BATCHES, 1_000 + world.seed, products)
    once = (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK)  # these count once per viewer and minute
    rows = sum(kind not in once for batch in made for kind in batch.kind)
    channel = connect(world.services.session_address)
    stub, token = SignalServiceStub(channel), world.token()
    sql = """SELECT coalesce(sum(impressions + enters + leaves + likes + shares), 0)
             FROM signals.session WHERE session_id = %s"""
    async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as c:

        async def counted() -> int:
            row = await (await c.execute(sql, [world.live.session])).fetchone()
            return int(row[0]) if row else 0

        goal, begun = await counted() + rows, time.perf_counter()
        await asyncio.gather(*(
            call(stub.IngestSignals, IngestSignalsRequest(batch=b), timeout=30, token=token, idempotent=True)
            for b in made
        ))  # fmt: skip
        while (now := await counted()) < goal:
            await asyncio.sleep(0.005)
        took = time.perf_counter() - begun
        assert now == goal, "a signal counted twice"
    await channel.close()
    return took / (BATCHES * ROWS) * 1e9


async def rebuilds(world: World) -> float:
    """Return microseconds for each event that a view handles, over the rebuilds of some with their fingerprints."""
    channel = connect(world.services.session_address)
    stub = OperatorServiceStub(channel)
    token = world.services.signer.sign(Actor(subject="operator:bench", kind=ActorKind.OPERATOR))
    took = 0.0
    for view in REBUILT:
        live = await call(stub.GetFingerprint, operator_pb.GetFingerprintRequest(view=view), timeout=60, token=token)
        begun = time.perf_counter()
        async for step in stream(stub.RebuildView, operator_pb.RebuildViewRequest(view=view), timeout=60, token=token):
            if step.swapped:
                assert step.fingerprint == live.fingerprint, f"{view} differs from its rebuild"
        took += time.perf_counter() - begun
    await channel.close()
    return took / await handled(world) * 1e6


async def handled(world: World) -> int:
    """Return how many events the rebuilt views handle: what else lies in the log differs from scale to scale."""
    count = 0
    async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as c:
        for view in VIEWS:
            if view.name in REBUILT:
                topics = list(world.mapper.topics(view.handles))
                row = await (
                    await c.execute("SELECT count(*) FROM stored_events WHERE topic = ANY(%s)", [topics])
                ).fetchone()
                count += int(row[0]) if row else 0
    return count


def memory(services: Services) -> dict[str, float]:
    """Return MiB of each process, shared pages divided among those that share them; PostgreSQL's together."""
    held = dict.fromkeys((*services.processes, "nats-server", "postgres"), 0.0)
    names = {process.pid: name for name, process in services.processes.items()}
    for process in psutil.Process().children(recursive=True):
        try:
            name = names.get(process.pid) or process.name()
            if name in held:
                held[name] += process.memory_full_info().pss / 2**20
        except psutil.NoSuchProcess:
            continue
    return held


async def measure(world: World, live: LiveSession) -> dict[str, float]:
    """Return the cost of each workload at the present scale."""
    session = live.session
    paths = {
        "board read": f"/v1/sessions/{session}/board?min_position=1",
        "list of sessions, a page of 20": "/v1/sessions?page_size=20",
        "activity, the newest page of 50": f"/v1/sessions/{session}/activity?page_size=50&newest_first=true",
    }
    costs: dict[str, float] = {}
    async with Client(world.services.url, live.token) as http:
        for name, path in paths.items():
            costs[f"{name}|ms"] = await read(http, path)
        costs["order over REST|ms"] = await order_commit(world, http)
    await caught_up(world)
    async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as c:
        sql = f"SELECT count(*) FROM {orders.VIEW.schema}.order_row WHERE session_id = %s AND reference LIKE 'o%%'"
        row = await (await c.execute(sql, [session])).fetchone()
        assert row == (world.orders,), f"{world.orders} orders acknowledged, {row} listed"
    for name, work in {
        "store, one-event command, 64 callers|µs": store_command,
        "signals, client to committed|ns": fold,
        "view rebuild, per event of a view|µs": rebuilds,
    }.items():
        runs = []
        for _ in range(3):
            await caught_up(world)
            runs.append(await work(world))
        costs[name] = median(runs)
    return costs


def main(quick: bool) -> list[Result]:
    """Measure at each scale; a line for each workload and each process."""
    scales = SCALES[:2] if quick else SCALES
    costs: list[dict[str, float]] = []
    held: list[dict[str, float]] = []
    with Services() as services:
        world = World(services)
        for scale in scales:
            fill(world, scale)
            uvloop.run(caught_up(world))
            costs.append(uvloop.run(measure(world, world.live)))
            held.append(memory(services))
            shown = " ".join(f"{name.split('|')[0]} {cost:.3g};" for name, cost in (costs[-1] | held[-1]).items())
            print(f"  scale {scale}, {world.position():,} events: {shown}", file=sys.stderr, flush=True)
        world.log.close()
    note = " / ".join(f"{scale}x" for scale in scales) + ": "
    return [
        *(grown(name.split("|")[0], name.split("|")[1], [c[name] for c in costs], BOUND, note) for name in costs[0]),
        *(grown(f"memory, {name}", "MiB", [h[name] for h in held], LIMITS.get(name), note) for name in held[0]),
    ]


def grown(name: str, unit: str, figures: list[float], target: Target | None, note: str) -> Result:
    """Compare the last scale with the first, which stands where a peer would."""
    ratio = figures[-1] / figures[0]
    told = note + " / ".join(f"{figure:.3g}" for figure in figures)
    return Result(name, unit, figures[-1], figures[0], ratio, ratio, ratio, target, note=told)
