"""A partner bound to 5,000 shops with 20,000 accounts lists, filters and opens sessions among 100,000.

Ours goes over gRPC to the session service: token, rights, SQL, answer. Of the page's query alone the peer is what a
list did before it decided row by row: a page of each shop, then the first of all. Checked in the same run: both give
the same sessions, nothing of the other 5,000 shops is among them, and a session of theirs is not there.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import uvloop

from bench.harness import ROUNDS, Percentiles, Result, Target, compare, middle, percentiles
from bench.servers import Servers
from bench.services import answering, free_port
from showfloor.access.actor import Actor, ActorKind
from showfloor.access.membership.lists import Scope
from showfloor.access.membership.tables import SCHEMA
from showfloor.access.tokens import Signer, publish_keys
from showfloor.api.session.v1 import analytics_service_pb2 as board
from showfloor.api.session.v1 import session_pb2, session_service_pb2
from showfloor.eventstore.log import NewRow
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.postgres_log import PostgresLog
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealed_with import keyring_of
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.analytics.edges.session_queries import Wanted, list_sessions
from showfloor.session.analytics.views.session_list import VIEW
from showfloor.session.service import DECIDERS, MIGRATIONS
from showfloor.session.show.domain.session_events import SessionImported
from showfloor.testing.members import write_members
from showfloor.testing.nats import NatsServer
from showfloor.testing.service import Served, own_key

SHOPS, ACCOUNTS, SESSIONS, OPENED = 10_000, 40_000, 100_000, 1_000  # half of the shops are the partner's
PARTNER, ME = UUID(int=1), "user:agent"
NOW = datetime.now(UTC).replace(microsecond=0)
PAGE, COUNT, BOUND = 50, 100, Target(ours_max=100)
_ROW = """COPY session_row (session_id, account_id, shop_id, currency, title, title_key, state, source, simulated,
    opened_at, started_at, ended_at, sort_at, bag_size, version, expired, for_silence) FROM STDIN"""


def shop_of(number: int) -> UUID:
    return UUID(int=1_000_000 + number % SHOPS)


def account_of(number: int) -> UUID:
    return UUID(int=2_000_000 + number % ACCOUNTS)


@dataclass
class World:
    """The running service, its database, and some sessions of the partner's and of others."""

    dsn: str
    service: Served
    actor: Actor
    theirs: list[str]  # of shops that are bound, in the log
    foreign: list[str]


def members(dsn: str) -> None:
    """Write the directory: 10,000 shops with 40,000 accounts, the first half of them bound to one partner."""
    write_members(dsn, [])
    with psycopg.connect(dsn, options=f"-c search_path={SCHEMA}") as c:
        c.execute("INSERT INTO member VALUES (%s, 'partner', %s, 'staff')", (ME, PARTNER))
        with c.cursor().copy("COPY directory_shop FROM STDIN") as rows:
            for number in range(SHOPS):
                rows.write_row((shop_of(number), "EUR"))
        with c.cursor().copy("COPY directory_account FROM STDIN") as rows:
            for number in range(ACCOUNTS):
                rows.write_row((account_of(number), shop_of(number), None, True, ""))
        with c.cursor().copy("COPY bound FROM STDIN") as rows:
            for number in range(SHOPS // 2):
                rows.write_row((UUID(int=3_000_000 + number), PARTNER, shop_of(number), None))
        c.execute("ANALYZE")


def opened(dsn: str, ring: Path) -> tuple[list[str], list[str]]:
    """Write sessions into the log: the partner's and others', in turn."""
    keyring = keyring_of(dsn, ring)
    mapper, rows, ids = Mapper(DECIDERS, keyring), [], ([], [])  # type: ignore[var-annotated]
    meta = Meta(actor="user:bench", request_id=uuid4().hex)
    for number in range(OPENED):
        session, place = uuid4(), number // 2 + (number % 2) * SHOPS // 2
        begun = NOW - timedelta(days=400, seconds=number)
        past = SessionImported(
            at=NOW, session_id=session, account_id=account_of(place), shop_id=shop_of(place), currency="EUR",
            reference=str(session), title=f"Past {number}", started_at=begun, ended_at=begun + timedelta(hours=1),
        )  # fmt: skip
        rows.append(NewRow(session, 1, *mapper.encode(past, meta)))
        ids[number % 2].append(str(session))
    keyring.keep()
    keyring.close()
    PostgresLog(dsn).append(rows)
    return ids


def listed(dsn: str) -> None:
    """Write the other sessions into the table of the list."""
    rng = random.Random(7)
    with psycopg.connect(dsn, options=f"-c search_path={VIEW.schema}") as c:
        with c.cursor().copy(_ROW) as rows:
            for number in range(SESSIONS - OPENED):
                at, place = NOW - timedelta(minutes=number), rng.randrange(ACCOUNTS)
                title, live = f"Evening {number}", number % 500 == 0
                rows.write_row((
                    uuid4(), account_of(place), shop_of(place), "EUR", title, title.lower(),
                    "live" if live else "ended", "live", False, at, at, None if live else at + timedelta(hours=1), at,
                    0, 2, False, False,
                ))  # fmt: skip
        c.execute("ANALYZE")


def questions(world: World, rng: random.Random) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Return what a person at an agency asks, by name."""
    ask, request = world.service.caller(world.actor), board.ListSessionsRequest

    def within() -> board.ListSessionsRequest:
        found = request(page_size=PAGE)
        found.start_until.FromDatetime(NOW - timedelta(minutes=rng.randrange(SESSIONS)))
        return found

    def some() -> list[str]:
        return [str(account_of(rng.randrange(ACCOUNTS))) for _ in range(20)]

    live = [session_pb2.SESSION_STATE_LIVE]
    return {
        "lists": lambda: ask.ListSessions(request(page_size=PAGE)),
        "lists from some time on": lambda: ask.ListSessions(within()),
        "filters by 20 accounts": lambda: ask.ListSessions(request(page_size=PAGE, account_ids=some())),
        "filters by state": lambda: ask.ListSessions(request(page_size=PAGE, states=live)),
        "filters by a word": lambda: ask.ListSessions(request(page_size=PAGE, query=f"{rng.randrange(90):02d}7")),
        "opens": lambda: ask.GetSession(session_service_pb2.GetSessionRequest(session_id=rng.choice(world.theirs))),
    }


async def asked(world: World, name: str, count: int) -> Percentiles:
    """Return how long so many questions took, one after the other."""
    question, took = questions(world, random.Random(count))[name], []
    for _ in range(count):
        began = time.perf_counter()
        await question()
        took.append(time.perf_counter() - began)
    return percentiles(took)


async def queried(dsn: str, scope: Scope, count: int) -> float:
    """Return the median milliseconds of the page's query."""
    database, took = Database(dsn, search_path=[VIEW.schema, SCHEMA]), []
    await database.open()
    for _ in range(count):
        began = time.perf_counter()
        await list_sessions(database, Wanted(scope=scope, limit=PAGE + 1))
        took.append(time.perf_counter() - began)
    await database.close()
    return percentiles(took).p50


async def check(world: World, scopes: Sequence[Scope]) -> None:
    """Raise RuntimeError unless both queries give the same page, all of it the partner's, and the rest is not there."""
    database = Database(world.dsn, search_path=[VIEW.schema, SCHEMA])
    await database.open()
    pages = [[row.session_id for row in await list_sessions(database, Wanted(scope=one, limit=PAGE))] for one in scopes]
    await database.close()
    answer = await world.service.caller(world.actor).ListSessions(board.ListSessionsRequest(page_size=PAGE))
    mine = {str(shop_of(number)) for number in range(SHOPS // 2)}
    if pages[0] != pages[1] or [str(one) for one in pages[0]] != [row.session.session_id for row in answer.sessions]:
        raise RuntimeError("the two queries list different sessions")
    if any(row.session.shop_id not in mine for row in answer.sessions):
        raise RuntimeError("a session of a shop that is not bound is listed")
    try:
        foreign = session_service_pb2.GetSessionRequest(session_id=world.foreign[0])
        await world.service.caller(world.actor).GetSession(foreign)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.NOT_FOUND:
            return
    raise RuntimeError("a session of a shop that is not bound can be opened")


async def measured(dsn: str, address: str, signer: Signer, ids: tuple[list[str], list[str]], n: int) -> list[Result]:
    """Measure, ours and the peer in turn."""
    actor = Actor(subject=ME, kind=ActorKind.USER)
    service = Served(address, signer, board, session_service_pb2)
    world, count = World(dsn, service, actor, *ids), COUNT if n > 1 else COUNT // 8
    many = Scope(subject=ME, many=True)
    each = Scope(subject=ME, owned=tuple(("shop", shop_of(number), None) for number in range(SHOPS // 2)))
    await check(world, [many, each])
    names = list(questions(world, random.Random(0)))
    took: dict[str, list[Percentiles]] = {name: [] for name in names}
    ours: list[float] = []
    peer: list[float] = []
    for number in range(n):
        for name in names:
            took[name].append(await asked(world, name, count))
        sides = [(ours, many, count), (peer, each, max(5, count // 20))]
        for figures, scope, times in sides[:: 1 if number % 2 == 0 else -1]:
            figures.append(await queried(dsn, scope, times))
        print(f"  round {number + 1} of {n}: row by row {ours[-1]:.1f} ms, each shop {peer[-1]:.1f}", file=sys.stderr)
    await service.close()
    results = [
        compare(f"a partner of 5,000 shops {name}, p99", "ms", [one.p99 for one in runs], target=BOUND,
                ours_latency=middle(runs))
        for name, runs in took.items()
    ]  # fmt: skip
    note = "peer: a page of each shop, then the first of all"
    query = compare("the query of a page, p50", "ms", ours, peer, target=Target(ratio_max=1), note=note)
    return [*results, query]


def main(quick: bool) -> list[Result]:
    """Start the service on a full database, and measure."""
    n = 1 if quick else ROUNDS
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        dsn, broker = servers.database("partner", migrated=False), NatsServer(place / "nats")
        migrate(dsn, MIGRATIONS.folder)
        broker.start()
        signer, keys, ring = Signer(place / "key.json"), place / "jwks.json", place / "keyring.sqlite"
        publish_keys(signer, keys)
        members(dsn)
        ids = opened(dsn, ring)
        port, health = free_port(), free_port()
        settings = {
            "DATABASE_URL": dsn, "NATS_URL": broker.url, "INTERNAL_JWKS": keys, "KEYRING": ring, "DATA": place,
            "LISTEN": f"127.0.0.1:{port}", "HTTP_LISTEN": f"127.0.0.1:{health}", "GATEWAY_ADDRESS": "127.0.0.1:9",
            **{name.upper(): path for name, path in own_key(place).items()},
        }  # fmt: skip
        env = {**os.environ, **{f"SHOWFLOOR_{name}": str(value) for name, value in settings.items()}}
        with (place / "session.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "showfloor.session"], env=env, stdout=log, stderr=log)
        try:
            try:
                answering(health, "/readyz", process)
            except RuntimeError as error:
                raise RuntimeError(f"{error}: {(place / 'session.log').read_text()[-2000:]}") from None
            listed(dsn)
            return uvloop.run(measured(dsn, f"127.0.0.1:{port}", signer, ids, n))
        finally:
            process.terminate()
            process.wait(10)
            broker.stop()
