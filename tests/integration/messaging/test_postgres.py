"""Relay and subscription with a real NATS and a real PostgreSQL that loses connections or dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from showfloor.eventstore.lease import leadership
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.tracking import PostgresTracking
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.public import PublicEvent, PublicMessage, stream_of
from showfloor.messaging.relay import Relay
from showfloor.messaging.subscription import RetryPolicy, Subscription
from showfloor.testing.memory_tracking import MemoryTracking
from showfloor.testing.nats import NatsServer
from showfloor.testing.postgres_server import PostgresServer
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Done(Event):
    TOPIC = "done"


def publish(recorded: Recorded) -> PublicEvent:
    return PublicEvent("done.v1.Done", "key", b"%d" % recorded.position, NOON)


class Log:
    """An owner's log: every event is public."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []

    def add(self, count: int) -> None:
        for at in range(len(self.events) + 1, len(self.events) + count + 1):
            self.events.append(Recorded(at, UUID(int=at), 1, Done(at=NOON), Meta()))

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self.events[after : after + limit]


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[NatsBus]:
    made = await NatsBus.connect(nats_url, name="postgres test", ack_timeout=1.0, attempts=5)
    yield made
    await made.close()


@asynccontextmanager
async def running(*parts: Relay | Subscription[Statement]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def cut_the_leader(dsn: str) -> None:
    """End the connection that holds the lock, as a failing network or administrator would."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        cut = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )
        assert cut.fetchall() == [(True,)]


def relay_of(app: str, log: Log, bus: NatsBus, dsn: str, poll: float = 0.1) -> Relay:
    return Relay(
        app=app,
        bus=bus,
        leadership=leadership(dsn, "relay"),
        read_log=log.read,
        publish=publish,
        dead_letters=MemoryTracking(),
        poll=poll,
    )


def subscription_of(
    app: str, log: Log, bus: NatsBus, database: Database, retry: RetryPolicy
) -> Subscription[Statement]:
    """Each event becomes a row of `effect`."""

    async def read_events(after: int, limit: int) -> Sequence[PublicMessage]:
        return [PublicMessage(app, r.position, r.position - 1, publish(r)) for r in await log.read(after, limit)]

    async def handle(message: PublicMessage) -> Sequence[Statement]:
        return [Statement("INSERT INTO effect (n) VALUES (%s)", rows=[(int(message.event.message),)])]

    return Subscription(
        bus=bus,
        upstream=app,
        name="test",
        handle=handle,
        tracking=PostgresTracking(database),
        read_events=read_events,
        retry=retry,
    )


@asynccontextmanager
async def effects(dsn: str) -> AsyncIterator[Database]:
    """Yield a service's database with the table `effect`."""
    migrate(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE effect (at serial, n int)")
    database = Database(dsn)
    await database.open()
    yield database
    await database.close()


async def handled(database: Database) -> list[int]:
    return [row["n"] for row in await database.fetch("SELECT n FROM effect ORDER BY at")]


async def test_another_relay_takes_over_when_the_leader_is_cut_off(bus: NatsBus, database: str) -> None:
    """The first does not even know yet that it lost the lead: the order on the bus holds all the same."""
    app, log = f"t{uuid4().hex[:12]}", Log()
    first, other = (relay_of(app, log, bus, database, poll) for poll in (3.0, 0.1))
    log.add(20)
    async with running(first):
        await eventually(lambda: first.status().published == 20)
        async with running(other):
            await asyncio.sleep(0.7)  # longer than between two attempts to lead
            assert (other.status().state, other.status().published) == ("waiting", 0)
            cut_the_leader(database)
            await eventually(lambda: other.status().state == "idle")
            log.add(20)
            other.wake(40)
            await eventually(lambda: other.status().published == 20)
            log.add(20)
            first.wake(60)
            both = (first, other)
            await eventually(lambda: max(relay.status().position for relay in both) == 60)
            await eventually(lambda: sorted(relay.status().state for relay in both) == ["idle", "waiting"])
    async with reading(bus, stream_of(app), of=lambda delivered: int(delivered.body)) as copied:
        await eventually(lambda: len(copied) >= 60)
    assert copied == list(range(1, 61))


async def test_every_effect_once_through_kills_of_database_and_broker(
    nats_server: NatsServer, private_postgres: PostgresServer
) -> None:
    dsn, log, retry = private_postgres.dsn(), Log(), RetryPolicy(pause=0.02, max_pause=0.2)
    bus = await NatsBus.connect(nats_server.url, name="kill test", ack_timeout=1.0, attempts=10)
    relay = relay_of("app", log, bus, dsn)
    async with effects(dsn) as database:
        # Two, as two replicas would run it.
        subscriptions = [subscription_of("app", log, bus, database, retry) for _ in range(2)]
        async with running(relay, *subscriptions):
            killing = asyncio.create_task(kill_both(nats_server, private_postgres))
            while not killing.done():
                log.add(20)
                relay.wake(len(log.events))
                await asyncio.sleep(0.02)
            await killing
            for subscription in subscriptions:
                await eventually(lambda s=subscription: s.status().position == len(log.events), "caught up")
                assert subscription.status().dead_letters == 0
        assert await handled(database) == list(range(1, len(log.events) + 1))
    assert sum(s.status().handled for s in subscriptions) <= len(log.events)
    await bus.close()


@pytest.mark.parametrize("windows", [(0.3, 0.3, 0.3), (3.0,)], ids=["short", "long"])
async def test_a_time_without_writes_makes_no_dead_letter(
    bus: NatsBus, private_postgres: PostgresServer, windows: tuple[float, ...]
) -> None:
    dsn, log, app = private_postgres.dsn(), Log(), f"t{uuid4().hex[:12]}"
    relay = relay_of(app, log, bus, dsn)

    async def write() -> None:
        while not done.is_set():
            log.add(5)
            relay.wake(len(log.events))
            await asyncio.sleep(0.02)

    done = asyncio.Event()
    async with effects(dsn) as database:
        subscription = subscription_of(app, log, bus, database, RetryPolicy(tries=3, pause=0.01, max_pause=0.05))
        async with running(relay, subscription):
            writing = asyncio.create_task(write())
            for seconds in windows:
                before = subscription.status().position
                await eventually(lambda before=before: subscription.status().position > before)  # type: ignore[misc]
                with private_postgres.read_only():
                    await eventually(lambda: subscription.status().state == "retrying")
                    await asyncio.sleep(seconds)
            with private_postgres.no_idling():
                await asyncio.sleep(0.3)
            done.set()
            await writing
            await eventually(lambda: subscription.status().position == len(log.events), "caught up")
            status = subscription.status()
            assert (status.dead_letters, status.state) == (0, "following")
        assert await handled(database) == list(range(1, len(log.events) + 1))


@pytest.mark.parametrize(
    "damaged", ['{"created": "yesterday", "sequence": 2}', '{"created": null, "sequence": -1}', "[]", '"?"', "null"]
)
async def test_a_damaged_stream_position_is_the_beginning(bus: NatsBus, database: str, damaged: str) -> None:
    """The stream is read from its first message, and what is handled is passed over."""
    log, app = Log(), f"t{uuid4().hex[:12]}"
    relay = relay_of(app, log, bus, database)
    log.add(3)
    async with effects(database) as opened, running(relay):
        first, next_one = (subscription_of(app, log, bus, opened, RetryPolicy(pause=0.01)) for _ in range(2))
        async with running(first):
            await eventually(lambda: first.status().position == 3)
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE stream_position SET read = %s", (damaged,))
        log.add(2)
        relay.wake(5)
        async with running(next_one):
            await eventually(lambda: next_one.status().position == 5)
        assert await handled(opened) == [1, 2, 3, 4, 5]
        assert next_one.status().repaired == 0


async def kill_both(broker: NatsServer, postgres: PostgresServer) -> None:
    for server in (postgres, broker, postgres):
        await asyncio.sleep(0.5)
        server.kill()
        await asyncio.sleep(0.3)
        await asyncio.to_thread(server.start)
    await asyncio.sleep(0.3)
