"""Events per second into a view: our rebuild beside the library's ProjectionRunner and a bare binary COPY.

All three fill a table with one row per event, on one server with fsync on. Ours: a whole `rebuild` with its
swap, of the view `journal`. ProjectionRunner: the library's way, row and position in one transaction per
event, over fewer events because it takes so long. COPY: the same rows, ready made, the fastest that
PostgreSQL takes anything: the very rows of our view into a table of the same columns and primary key, in one
transaction that waits for the disk. Each run is checked: as many rows as events, and ours equal to what was live.
"""

import time
from typing import Any
from uuid import UUID, uuid4

import psycopg
import uvloop
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, DomainEvent, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from bench.harness import ROUNDS, Result, Target, compare, rounds
from bench.servers import Servers, library_settings
from showfloor.eventstore.log import NewRow
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.postgres_log import PostgresLog
from showfloor.eventstore.runtime import open_store
from showfloor.kernel.event import Meta
from showfloor.testing.ledger import AT, JOURNAL, LEDGER, Deposited

_COLUMNS = "position bigint PRIMARY KEY, account uuid NOT NULL, nr bigint NOT NULL, amount bigint"
_TYPES = ["int8", "uuid", "int8", "int8"]


class Account(Aggregate):
    """The account in the library's own way."""

    @event("Deposited")
    def deposit(self, amount: int) -> None:
        self.amount = amount


class Journal(PostgresTrackingRecorder):
    """The table `journal` beside the library's tracking."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(SQL("CREATE TABLE IF NOT EXISTS journal ({})").format(SQL(_COLUMNS)))

    def write(self, row: tuple[Any, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("INSERT INTO journal VALUES (%s, %s, %s, %s)", row, prepare=True)
            self._insert_tracking(cursor, tracking)


class JournalProjection(Projection[Journal]):
    """Writes a line per event."""

    name = "journal"

    def process_event(self, domain_event: DomainEvent, tracking: Tracking) -> None:
        amount = getattr(domain_event, "amount", None)
        row = (tracking.notification_id, domain_event.originator_id, domain_event.originator_version, amount)
        self.view.write(row, tracking)


def fill(dsn: str, count: int) -> None:
    """Append `count` events on streams of ten."""
    log, meta = PostgresLog(dsn), Meta(actor="user:1", request_id=str(uuid4()))
    topic, state = Mapper([LEDGER]).encode(Deposited(at=AT, amount=5), meta)
    for _ in range(count // 1_000):
        streams = [uuid4() for _ in range(100)]
        log.append([NewRow(stream, nr, topic, state) for stream in streams for nr in range(1, 11)])
    log.close()


async def ours(dsn: str, count: int) -> float:
    async with open_store(dsn, [LEDGER], [JOURNAL]) as engine:
        await engine.views.wait_for(["journal"], await engine.store.last_position(), timeout=600)
        live = await engine.views.fingerprint("journal")
        rebuilt = await engine.views.rebuild("journal")
        assert rebuilt.events == count
        assert await engine.views.fingerprint("journal") == live, "the rebuild differs from live"
        return count / rebuilt.seconds


def runner(settings: dict[str, str], count: int) -> float:
    """Run the library's projection from the beginning of its log."""
    dsn = f"host={settings['POSTGRES_HOST']} dbname={settings['POSTGRES_DBNAME']} user=postgres"
    with psycopg.connect(dsn) as c:
        c.execute("DROP TABLE IF EXISTS journal, journal_tracking")
    begun = time.perf_counter()
    with ProjectionRunner[Application[UUID], Journal](
        application_class=Application[UUID], projection_class=JournalProjection, view_class=Journal, env=settings
    ) as projection:
        last = projection.app.recorder.max_notification_id()
        projection.wait(last, timeout=600)
        elapsed = time.perf_counter() - begun
    with psycopg.connect(dsn) as c:
        assert c.execute("SELECT count(*) FROM journal").fetchone() == (count,)
    return count / elapsed


def copy(dsn: str, rows: list[tuple[Any, ...]]) -> float:
    with psycopg.connect(dsn) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        connection.execute(f"CREATE TABLE bare ({_COLUMNS})")
        begun = time.perf_counter()
        with connection.cursor().copy("COPY bare FROM STDIN (FORMAT BINARY)") as stream:
            stream.set_types(_TYPES)
            for row in rows:
                stream.write_row(row)
        connection.commit()
        return len(rows) / (time.perf_counter() - begun)


def main(quick: bool) -> list[Result]:
    """Measure rebuilds beside both peers."""
    count, peer_count, n = (20_000, 500, 1) if quick else (200_000, 3_000, ROUNDS)
    with Servers() as servers:
        dsn = servers.database("ours")
        fill(dsn, count)
        settings = library_settings(servers.server, servers.database("peer", migrated=False))
        app = Application[UUID](settings)
        for _ in range(peer_count // 10):
            account = Account()
            for _ in range(9):
                account.deposit(5)
            app.save(account)
        app.close()
        uvloop.run(ours(dsn, count))  # makes the view that COPY takes its rows from
        with psycopg.connect(dsn) as connection:
            rows = connection.execute(f"SELECT * FROM {JOURNAL.schema}.journal ORDER BY position").fetchall()
        assert len(rows) == count
        figures = rounds(
            {
                "ours": lambda: uvloop.run(ours(dsn, count)),
                "ProjectionRunner": lambda: runner(settings, peer_count),
                "COPY": lambda: copy(dsn, rows),
            },
            n,
        )
    return [
        compare(f"view rebuild; peer: {name}", "events/s", figures["ours"], figures[name], target=target, note=note)
        for name, target, note in (
            ("ProjectionRunner", Target(ratio_min=50), f"{count:,} events; peer {peer_count:,}"),
            (
                "COPY",
                Target(ratio_min=0.2),
                f"{count:,} events; peer: the same rows, same table and primary key, fsync on",
            ),
        )
    ]
