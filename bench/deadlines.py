"""How late the starts of 1,000 LIVE events are recorded, due one after the other.

Ours: the events service with everything that runs in it. A start is a deadline in a table: it survives any restart, and
fires a command whose event is committed; its lateness is from the due time to the answer of that commit. Each event
must be ready once, at its due time, in the log.
Peer: timers of the event loop that commit a row each when they are due, on the same server: what a restart forgets.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import uvloop
from psycopg_pool import AsyncConnectionPool

from bench.harness import Percentiles, Result, Target, compare, middle, percentiles, rounds
from bench.servers import Servers
from showfloor.events.config import Config
from showfloor.events.schedule.domain.schedule import SCHEDULE, schedule_id
from showfloor.events.schedule.domain.schedule_events import EventReady
from showfloor.events.schedule.domain.schedule_rules import PlannedTime, ScheduleEvent, schedule_event
from showfloor.events.schedule.processes.passing import READY
from showfloor.events.service import MIGRATIONS, SLICES, running
from showfloor.eventstore.deadlines import Deadline
from showfloor.kernel.clock import utc_now
from showfloor.kernel.event import Meta
from showfloor.service.builder import Builder
from showfloor.testing.nats import NatsServer
from showfloor.testing.ports import free_port
from showfloor.testing.service import served_at

EVENTS, SECONDS, AHEAD_S = 1_000, 20.0, 5.0
ROUNDS = 3


def main(quick: bool) -> list[Result]:
    """Measure both in turn."""
    events, seconds = (50, 2.0) if quick else (EVENTS, SECONDS)
    with Servers() as servers, TemporaryDirectory() as folder:
        broker = NatsServer(Path(folder) / "nats")
        broker.start()
        environ["SHOWFLOOR_SESSION_ADDRESS"] = f"127.0.0.1:{free_port()}"  # no session tells anything here
        try:
            sides = {
                "ours": partial(_ours, servers, broker.url, Path(folder), events, seconds),
                "timers": partial(_timers, servers, events, seconds),
            }
            found = rounds(sides, 1 if quick else ROUNDS)
        finally:
            broker.stop()
    ours, timers = found["ours"], found["timers"]
    return [
        compare(
            f"{events:,} starts of events in {seconds:.0f} s, due to committed, p99",
            "ms",
            [one.p99 for one in ours],
            [one.p99 for one in timers],
            target=Target(ours_max=250),
            ours_latency=middle(ours),
            peer_latency=middle(timers),
            note="peer: timers of the event loop and one durable commit each, forgotten by a restart",
        )
    ]


def _ours(servers: Servers, nats_url: str, folder: Path, events: int, seconds: float) -> Percentiles:
    late: list[float] = []
    name = f"events_{uuid4().hex[:8]}"
    database = servers.database(name, migrated=False)
    own = folder / name
    own.mkdir()
    uvloop.run(_schedule_and_wait(database, nats_url, own, events, seconds, late))
    return percentiles(late)


async def _schedule_and_wait(
    database: str, nats_url: str, folder: Path, events: int, seconds: float, late: list[float]
) -> None:
    bases: list[Builder] = []
    service = served_at(database, nats_url, folder, running, Config, MIGRATIONS, *SLICES.contracts)
    with _watched(bases, late):
        async with service:
            (base,) = bases
            due = _dues(events, seconds)
            await asyncio.gather(*(_schedule(base, start_at) for start_at in due))
            while len(late) < events:
                await asyncio.sleep(0.2)
            await _verify(base, due)


async def _schedule(base: Builder, start_at: datetime) -> None:
    account_id, event_id = uuid4(), uuid4()
    command = ScheduleEvent(
        account_id=account_id,
        event_id=event_id,
        now=utc_now(),
        shop_id=uuid4(),
        title="Show",
        time=PlannedTime(local_start="", time_zone="UTC", duration_minutes=30),
        start_at=start_at,
        policy=Config.model_construct().policy(),
    )
    await base.store.execute(SCHEDULE, schedule_id(account_id), schedule_event, command, Meta(), new=True)


async def _verify(base: Builder, due: list[datetime]) -> None:
    """Fail unless each start is in the log, once, at its due time."""
    ready: Counter[datetime] = Counter()
    after = 0
    while page := await base.store.read_log(after):
        ready.update(one.event.at for one in page if isinstance(one.event, EventReady))
        after = page[-1].position
    assert ready == Counter(due), "the log and the due times differ"


@contextmanager
def _watched(bases: list[Builder], late: list[float]) -> Iterator[None]:
    """Note how late each start is committed by a service that begins while the block runs, and its base."""
    deadlines = Builder.deadlines

    def timed(base: Builder, fire: Callable[[Deadline], Awaitable[Any]]) -> None:
        bases.append(base)
        deadlines(base, _timed(fire, late))

    with patch.object(Builder, "deadlines", timed):
        yield


def _timed(fire: Callable[[Deadline], Awaitable[Any]], late: list[float]) -> Callable[[Deadline], Awaitable[None]]:
    seen: set[UUID] = set()

    async def timed(deadline: Deadline) -> None:
        await fire(deadline)
        if deadline.name == READY and deadline.stream not in seen:
            seen.add(deadline.stream)
            late.append((utc_now() - deadline.due_at).total_seconds())

    return timed


def _timers(servers: Servers, events: int, seconds: float) -> Percentiles:
    database = servers.database(f"timers_{uuid4().hex[:8]}", migrated=False)
    return percentiles(uvloop.run(_commit_when_due(database, events, seconds)))


async def _commit_when_due(database: str, events: int, seconds: float) -> list[float]:
    late: list[float] = []
    async with AsyncConnectionPool(database, min_size=8, max_size=8, open=False) as pool:
        await pool.wait()
        async with pool.connection() as connection:
            await connection.execute("CREATE TABLE ready (id uuid PRIMARY KEY, at timestamptz NOT NULL)")

        async def commit(due_at: datetime) -> None:
            async with pool.connection() as connection:
                await connection.execute("INSERT INTO ready VALUES (%s, %s)", [uuid4(), due_at])
            late.append((utc_now() - due_at).total_seconds())

        async def when_due(due_at: datetime) -> None:
            await asyncio.sleep((due_at - utc_now()).total_seconds())
            await commit(due_at)

        await asyncio.gather(*(when_due(due_at) for due_at in _dues(events, seconds)))
    return late


def _dues(events: int, seconds: float) -> list[datetime]:
    """Return due times, evenly, from a moment on by which all is planned."""
    first = datetime.fromtimestamp(time.time() + AHEAD_S, tz=utc_now().tzinfo)
    return [first + timedelta(seconds=seconds * number / events) for number in range(events)]
