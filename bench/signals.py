"""Viewer signals per second, from a gRPC client to committed rollups with distinct viewers.

Ours is the whole service in a process of its own: guarded RPC, column checks, JetStream with `sync_interval:
always`, fold, one transaction with counts, sketches, batch ids and position. The clock stops when the last
signal can be read back. Peers, on the same servers: one JetStream message per signal (the usual way); the
same batches as bare `publish_async`, nothing else done; the same rows as a binary COPY, ready made, into a
table without an index. Each run of ours is checked: every count to the unit, products' impressions and clicks once per
viewer, product and minute, distinct viewers within 7 %. Half of the sessions are told by enters and leaves, the others
by evidence.
"""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import nats
import numpy as np
import psycopg
import uvloop

from bench.harness import ROUNDS, Result, Target, compare, rounds
from bench.servers import Servers
from showfloor.access.actor import Role
from showfloor.access.tokens import Signer, publish_keys
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import session_service_pb2 as session_pb
from showfloor.api.session.v1.bag_service_pb2_grpc import BagServiceStub
from showfloor.api.session.v1.catalogue_service_pb2 import ImportProductsRequest
from showfloor.api.session.v1.catalogue_service_pb2_grpc import CatalogueServiceStub
from showfloor.api.session.v1.product_pb2 import Product, ProductSource
from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.api.session.v1.session_service_pb2_grpc import SessionServiceStub
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest, SignalBatch
from showfloor.api.session.v1.signal_service_pb2_grpc import SignalServiceStub
from showfloor.eventstore.migrations import migrate
from showfloor.metrics.vocabulary import Kind
from showfloor.rpc.channel import call, connect
from showfloor.session.service import MIGRATIONS
from showfloor.testing.members import Home, somebody, write_members
from showfloor.testing.nats import NatsServer
from showfloor.testing.service import own_key

ROWS, CALLERS, SESSIONS, AUDIENCE, PRODUCTS = 2_000, 16, 8, 20_000, 20
KINDS = np.array([1, 1, 1, 2, 4, 4, 4, 5, 6, 6, 6, 6, 3], dtype=np.uint8)  # what a room's signals are like
SOURCES = (PresenceSource.PRESENCE_SOURCE_ENTERS_AND_LEAVES, PresenceSource.PRESENCE_SOURCE_EVIDENCE)
TARGETS = {
    "one JetStream message per signal": Target(ratio_min=50, ours_min=1_000_000),
    "bare publish_async of the batches": Target(ratio_min=0.5),
    "binary COPY of the rows": Target(ratio_min=1),
}
ACCOUNTS = [UUID(int=at + 1) for at in range(SESSIONS)]
SHOP = UUID(int=99)


@dataclass
class Bench:
    """The running servers and a signed-in client."""

    dsn: str
    nats_url: str
    address: str
    signer: Signer
    table: itertools.count  # type: ignore[type-arg]

    def token(self) -> str:
        homes = {str(account): Home(shop=str(SHOP), currency="USD") for account in ACCOUNTS}
        shops, currencies = {str(SHOP): Role.OWNER}, {str(SHOP): "USD"}
        roles = dict.fromkeys(homes, Role.HOST)
        host = somebody("user:bench", accounts=roles, homes=homes, shops=shops, currencies=currencies)
        write_members(self.dsn, [host])
        return self.signer.sign(host.actor)


def batches(
    sessions: Sequence[str], starts: Sequence[Any], count: int, seed: int, products: Sequence[str]
) -> list[SignalBatch]:
    """Return batches of ROWS signals, dealt out over the sessions."""
    rng = np.random.default_rng(seed)
    made = []
    for at in range(count):
        viewers = np.unique(rng.integers(1, AUDIENCE, 600, dtype=np.uint64))
        batch = SignalBatch(
            session_id=sessions[at % SESSIONS],
            batch_id=f"{seed}-{at}",
            offset_ms=np.sort(rng.integers(0, 1_000, ROWS)).astype("<u4").tobytes(),
            kind=rng.choice(KINDS, ROWS).tobytes(),
            viewer=rng.integers(0, len(viewers), ROWS).astype("<u2").tobytes(),
            product=rng.integers(1, len(products) + 1, ROWS).astype("<u2").tobytes(),
            channel=rng.integers(0, 9, ROWS).astype("u1").tobytes(),
            viewers=viewers.astype("<u8").tobytes(),
            viewer_traits=rng.integers(0, 4, len(viewers)).astype("u1").tobytes(),
            products=products,
            presence_source=SOURCES[at % len(SOURCES)],
        )
        batch.base_time.CopyFrom(starts[at % SESSIONS])
        made.append(batch)
    return made


async def go_live(bench: Bench, channel: Any) -> tuple[list[str], list[Any], list[str]]:
    """Open and start a session for each account, the same products in every bag. Return ids, starts and products."""
    stub, token = SessionServiceStub(channel), bench.token()
    catalogue = CatalogueServiceStub(channel)
    rows = [
        Product(
            reference=f"sku{at}", title=f"Product {at}", category="all", price=Money(minor=500, currency="USD"),
            in_showcase=True,
        )
        for at in range(PRODUCTS)
    ]  # fmt: skip
    kept = await call(
        catalogue.ImportProducts,
        ImportProductsRequest(request_id=uuid4().hex, shop_id=str(SHOP), products=rows),
        timeout=10,
        token=token,
    )
    products = list(kept.product_ids)
    ids, starts = [], []
    for account in ACCOUNTS:
        opening = session_pb.OpenSessionRequest(request_id=uuid4().hex, account_id=str(account), title="bench")
        opened = await call(stub.OpenSession, opening, timeout=10, token=token)
        name = opened.session.session_id
        going = session_pb.GoLiveRequest(request_id=uuid4().hex, session_id=name)
        live = await call(stub.GoLive, going, timeout=10, token=token)
        adding = bag_pb.AddToBagRequest(
            request_id=uuid4().hex, session_id=name, source=ProductSource.PRODUCT_SOURCE_SHOWCASE, references=products
        )
        await call(BagServiceStub(channel).AddToBag, adding, timeout=10, token=token)
        ids.append(name)
        starts.append(live.session.start_time)
    return ids, starts, products


async def end(bench: Bench, channel: Any, ids: Sequence[str]) -> None:
    stub, token = SessionServiceStub(channel), bench.token()
    for name in ids:
        ending = session_pb.EndSessionRequest(request_id=uuid4().hex, session_id=name)
        await call(stub.EndSession, ending, timeout=10, token=token)


async def ours(bench: Bench, count: int, seed: int, lag: list[float]) -> float:
    channel = connect(bench.address)
    ids, starts, products = await go_live(bench, channel)
    made = batches(ids, starts, count, seed, products)
    waiting = iter([IngestSignalsRequest(batch=batch) for batch in made])
    stub, token = SignalServiceStub(channel), bench.token()

    async def caller() -> None:
        for request in waiting:
            answer = await call(stub.IngestSignals, request, timeout=30, token=token, idempotent=True)
            assert answer.accepted == ROWS

    async with await psycopg.AsyncConnection.connect(bench.dsn, autocommit=True) as connection:
        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        acknowledged = time.perf_counter()
        while await folded(connection, ids) < count:
            await asyncio.sleep(0.01)
        done = time.perf_counter()
        await check(connection, ids, made)
    lag.append(done - acknowledged)
    await end(bench, channel, ids)
    await channel.close()
    return count * ROWS / (done - began)


async def folded(connection: Any, ids: Sequence[str]) -> int:
    """Return how many batches are counted: they are noted in the transaction that counts them."""
    sql = "SELECT count(*) FROM signals.batch WHERE session_id = ANY(%s::uuid[])"
    row = await (await connection.execute(sql, [list(ids)])).fetchone()
    return int(row[0])


async def check(connection: Any, ids: Sequence[str], made: Sequence[SignalBatch]) -> None:
    """Compare every count, and the distinct viewers, with a recount of the batches."""
    sql = """SELECT session_id::text, impressions, enters, leaves, product_impressions, product_clicks, likes, shares,
                    estimate FROM signals.session JOIN signals.distinct_viewers USING (session_id)
             WHERE scope = 1 AND session_id = ANY(%s::uuid[])"""
    found = {row[0]: row[1:] for row in await (await connection.execute(sql, [list(ids)])).fetchall()}
    for name in ids:
        mine = [batch for batch in made if batch.session_id == name]
        kinds = np.concatenate([np.frombuffer(batch.kind, "u1") for batch in mine])
        counts = np.bincount(kinds, minlength=8)[1:].tolist()
        counts[3:5] = once(mine)
        assert list(found[name][:7]) == counts, "counts differ"
        entered = [
            np.frombuffer(b.viewers, "<u8")[np.frombuffer(b.viewer, "<u2")[np.frombuffer(b.kind, "u1") == Kind.ENTER]]
            for b in mine
        ]
        distinct = len(np.unique(np.concatenate(entered)))
        assert abs(found[name][7] - distinct) <= max(0.07 * distinct, 0), "distinct viewers differ"


def once(made: Sequence[SignalBatch]) -> list[int]:
    """Return the impressions and clicks of one session's batches, once per viewer, product and minute."""
    columns = []
    for batch in made:
        minute = (batch.base_time.ToMilliseconds() + np.frombuffer(batch.offset_ms, "<u4").astype("i8")) // 60_000
        viewer = np.frombuffer(batch.viewers, "<u8")[np.frombuffer(batch.viewer, "<u2")].astype("i8")
        columns.append(
            np.stack(
                [np.frombuffer(batch.kind, "u1").astype("i8"), minute, viewer, np.frombuffer(batch.product, "<u2")]
            )
        )
    distinct = np.unique(np.concatenate(columns, axis=1), axis=1)
    return [int((distinct[0] == kind).sum()) for kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK)]


async def publish(bench: Bench, bodies: Sequence[bytes], signals: int) -> float:
    """Publish bodies to a fresh stream, 512 on their way at once; return signals per second."""
    client = await nats.connect(bench.nats_url)
    js = client.jetstream()
    name = f"peer{next(bench.table)}"
    await js.add_stream(name=name, subjects=[name])
    window = asyncio.Semaphore(512)
    began = time.perf_counter()
    futures: list[Awaitable[Any]] = []
    for body in bodies:
        await window.acquire()
        future = await js.publish_async(name, body)
        future.add_done_callback(lambda _: window.release())
        futures.append(future)
    await asyncio.gather(*futures)
    elapsed = time.perf_counter() - began
    info = await js.stream_info(name)
    assert info.state.messages == len(bodies)
    await js.delete_stream(name)
    await client.close()
    return signals / elapsed


ROW = np.dtype(
    [
        ("fields", ">i2"), ("l0", ">i4"), ("at", ">i8"), ("l1", ">i4"), ("kind", ">i2"), ("l2", ">i4"),
        ("viewer", ">i8"), ("l3", ">i4"), ("product", ">i2"), ("l4", ">i4"), ("channel", ">i2"),
    ]
)  # fmt: skip


def copy_block(made: Sequence[SignalBatch]) -> bytes:
    """Return the rows in PostgreSQL's binary COPY format."""
    rows = np.zeros(len(made) * ROWS, ROW)
    rows["fields"] = 5
    for name, size in (("l0", 8), ("l1", 2), ("l2", 8), ("l3", 2), ("l4", 2)):
        rows[name] = size
    for at, batch in enumerate(made):
        part = rows[at * ROWS : (at + 1) * ROWS]
        part["at"] = np.frombuffer(batch.offset_ms, "<u4")
        part["kind"] = np.frombuffer(batch.kind, "u1")
        part["viewer"] = np.frombuffer(batch.viewers, "<u8")[np.frombuffer(batch.viewer, "<u2")].astype("i8")
        part["product"] = np.frombuffer(batch.product, "<u2")
        part["channel"] = np.frombuffer(batch.channel, "u1")
    return b"PGCOPY\n\xff\r\n\0" + b"\0" * 8 + rows.tobytes() + b"\xff\xff"


def copy(bench: Bench, block: bytes, count: int) -> float:
    with psycopg.connect(bench.dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS peer")
        connection.execute("CREATE TABLE peer (at int8, kind int2, viewer int8, product int2, channel int2)")
        began = time.perf_counter()
        with connection.cursor().copy("COPY peer FROM STDIN (FORMAT binary)") as rows:
            for start in range(0, len(block), 1 << 18):
                rows.write(block[start : start + (1 << 18)])
        elapsed = time.perf_counter() - began
        assert connection.execute("SELECT count(*) FROM peer").fetchone() == (count,)
    return count / elapsed


def main(quick: bool) -> list[Result]:
    count, n = (400, 1) if quick else (2_000, ROUNDS)
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        dsn, broker = servers.database("signals", migrated=False), NatsServer(Path(folder) / "nats")
        migrate(dsn, MIGRATIONS.folder)
        broker.start()
        signer, keys = Signer(Path(folder) / "key.json"), Path(folder) / "jwks.json"
        publish_keys(signer, keys)
        told = Path(folder) / "port"
        command = [sys.executable, "-m", "bench.signals", dsn, broker.url, str(keys), str(told)]
        service = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not told.exists():
                assert service.poll() is None, "the service did not start"
                time.sleep(0.05)
            bench = Bench(dsn, broker.url, f"127.0.0.1:{told.read_text()}", signer, itertools.count())
            return measured(bench, count, n)
        finally:
            service.terminate()
            service.wait(10)
            broker.stop()


def measured(bench: Bench, count: int, n: int) -> list[Result]:
    seeds, lag = itertools.count(1), list[float]()
    uvloop.run(ours(bench, 64, next(seeds), lag))  # warms up both sides

    def whole() -> float:
        return uvloop.run(ours(bench, count, next(seeds), lag))

    stamps = [_now() for _ in range(SESSIONS)]
    products = [str(UUID(int=at + 1)) for at in range(PRODUCTS)]
    made = batches([str(uuid4()) for _ in range(SESSIONS)], stamps, count, 0, products)
    bodies = [batch.SerializeToString() for batch in made]
    single = [bodies[0][:40]] * (count * ROWS // 50)
    block = copy_block(made)
    figures = rounds(
        {
            "ours": whole,
            "one JetStream message per signal": lambda: uvloop.run(publish(bench, single, len(single))),
            "bare publish_async of the batches": lambda: uvloop.run(publish(bench, bodies, count * ROWS)),
            "binary COPY of the rows": lambda: copy(bench, block, count * ROWS),
        },
        n,
    )
    results = [
        compare(
            f"signals, client to committed; peer: {name}",
            "signals/s",
            figures["ours"],
            figures[name],
            target=target,
            note=f"{ROWS} per batch, {CALLERS} callers, {SESSIONS} sessions",
        )
        for name, target in TARGETS.items()
    ]
    note = "from the last acknowledgement to the last commit, worst run"
    return [*results, compare("signals, lag of the fold", "ms", [max(lag[1:]) * 1_000], note=note)]


def _now() -> Any:
    batch = SignalBatch()
    batch.base_time.GetCurrentTime()
    return batch.base_time


async def serve(dsn: str, nats_url: str, keys: str, told: str) -> None:
    """Run the service until killed; writes its port into a file. `python -m bench.signals` is this."""
    from showfloor.platform.settings import load
    from showfloor.session.config import Config
    from showfloor.session.service import running

    os.environ |= {"SHOWFLOOR_DATABASE_URL": dsn, "SHOWFLOOR_NATS_URL": nats_url, "SHOWFLOOR_LISTEN": "127.0.0.1:0"}
    os.environ |= {"SHOWFLOOR_KEYRING": str(Path(told).parent / "keyring.db")}
    os.environ |= {"SHOWFLOOR_INTERNAL_JWKS": keys, "SHOWFLOOR_GATEWAY_ADDRESS": "127.0.0.1:9"}  # nobody changes roles
    os.environ |= {f"SHOWFLOOR_{name.upper()}": str(path) for name, path in own_key(Path(told).parent).items()}
    async with running(load(Config)) as port:
        fresh = Path(told + ".new")
        fresh.write_text(str(port))
        fresh.replace(told)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(*sys.argv[1:]))
