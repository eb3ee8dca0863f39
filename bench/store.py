"""Commands per second: our store beside the library's own `Application.save`.

Ours: callers are coroutines of one event loop; a command is one rule on the newest state and one event.
Peer: as many threads, each with the library's aggregate and repository. On streams of their own they keep
the aggregate and only save; on one stream they get (from the library's cache), change and save it, again
after a conflict.
The last two rows of ours give each command an id of its own, by which the store remembers it; the peer remembers none.
Both: PostgreSQL 18 on the same server, fsync on. After each run of ours, every acknowledged command is
looked for in the log, once.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import uvloop
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError

from bench.harness import ROUNDS, Result, Target, compare, percentiles, rounds
from bench.servers import Servers, library_settings
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Meta
from showfloor.testing.ledger import LEDGER, deposit

CALLERS = (1, 16, 64, 256)
TARGETS = {64: Target(ratio_min=15)}


class Account(Aggregate):
    """The same account in the library's own way."""

    def __init__(self) -> None:
        self.total = 0

    @event("Deposited")
    def deposit(self, amount: int) -> None:
        self.total += amount


async def ours(
    dsn: str, callers: int, one_stream: bool, seconds: float, took: list[float], *, remembered: bool
) -> float:
    store = Store.postgres(dsn, [LEDGER])
    before = await store.last_position()
    streams = [uuid4()] * callers if one_stream else [uuid4() for _ in range(callers)]
    acknowledged: list[int] = []

    async def call(stream: UUID, until: float) -> None:
        while (begun := time.perf_counter()) < until:
            meta = Meta(request_id=str(uuid4())) if remembered else Meta()
            done = await store.execute(LEDGER, stream, deposit, 1, meta)
            took.append(time.perf_counter() - begun)
            acknowledged.append(done.position)

    begun = time.perf_counter()
    await asyncio.gather(*(call(stream, begun + seconds) for stream in streams))
    elapsed = time.perf_counter() - begun
    await verify(store, before, acknowledged)
    await store.close()
    return len(acknowledged) / elapsed


async def verify(store: Store, after: int, acknowledged: list[int]) -> None:
    """Fail unless the log holds what was acknowledged, each once, and nothing else."""
    recorded: list[int] = []
    while page := await store.read_log(after):
        recorded += [r.position for r in page]
        after = page[-1].position
    assert sorted(acknowledged) == recorded, "the log and the acknowledgements differ"


def peer(app: Application[UUID], callers: int, one_stream: bool, seconds: float, took: list[float]) -> float:
    accounts = [Account() for _ in range(1 if one_stream else callers)]
    for account in accounts:
        app.save(account)
    counts = [0] * callers

    def save_own(nr: int, until: float) -> None:
        account = accounts[nr]
        while (begun := time.perf_counter()) < until:
            account.deposit(1)
            app.save(account)
            took.append(time.perf_counter() - begun)
            counts[nr] += 1

    def save_shared(nr: int, until: float) -> None:
        while (begun := time.perf_counter()) < until:
            try:
                account: Account = app.repository.get(accounts[0].id)
                account.deposit(1)
                app.save(account)
            except IntegrityError:
                continue
            took.append(time.perf_counter() - begun)
            counts[nr] += 1

    begun = time.perf_counter()
    target: Callable[[int, float], None] = save_shared if one_stream else save_own
    threads = [threading.Thread(target=target, args=(nr, begun + seconds)) for nr in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(sum(counts), 1) / (time.perf_counter() - begun)


def main(quick: bool) -> list[Result]:
    """Measure commands/s and latencies at each number of callers, on many streams and on one."""
    seconds, n = (0.5, 1) if quick else (1.0, ROUNDS)
    results = []
    with Servers() as servers:
        dsn = servers.database("ours")
        app = Application[UUID](library_settings(servers.server, servers.database("peer", migrated=False)))
        for one_stream in (False, True):
            for callers in CALLERS:
                results.append(measured(dsn, app, callers, one_stream, seconds, n))
        results += [measured(dsn, app, 64, one, seconds, n, remembered=True) for one in (False, True)]
        app.close()
    return results


def measured(
    dsn: str,
    app: Application[UUID],
    callers: int,
    one_stream: bool,
    seconds: float,
    n: int,
    *,
    remembered: bool = False,
) -> Result:
    where = "one stream" if one_stream else "many streams"
    name = f"store, {callers} callers, {where}{', commands with ids' if remembered else ''}"
    took_ours: list[float] = []
    took_peer: list[float] = []
    print(f" {name}", file=sys.stderr)
    figures = rounds(
        {
            "ours": lambda: uvloop.run(ours(dsn, callers, one_stream, seconds, took_ours, remembered=remembered)),
            "library": lambda: peer(app, callers, one_stream, seconds, took_peer),
        },
        n,
    )
    return compare(
        name,
        "commands/s",
        figures["ours"],
        figures["library"],
        target=None if remembered else TARGETS.get(callers),
        ours_latency=percentiles(took_ours),
        peer_latency=percentiles(took_peer),
    )
