"""Migrations, roles, reads and effects with positions, on a real PostgreSQL."""

from contextlib import closing
from uuid import uuid4

import msgspec
import psycopg
import pytest

from showfloor.embedded import condition
from showfloor.eventstore import migrations
from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.inventory import Inventory, inventory
from showfloor.eventstore.lease import leadership
from showfloor.eventstore.migrations import (
    FORM,
    MigrationChanged,
    OtherForm,
    _create_library_tables,
    migrate,
    missing,
)
from showfloor.eventstore.postgres_log import LogConnections
from showfloor.eventstore.projector import connect
from showfloor.eventstore.query import Database
from showfloor.eventstore.runtime import open_store
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.tracking import PostgresTracking
from showfloor.kernel.refusal import Refusal
from showfloor.kernel.tracking import BEGINNING
from showfloor.platform.migrations import Migrations, MigrationSettings
from showfloor.platform.startup_error import StartupError
from showfloor.testing.ledger import BALANCES, LEDGER, deposit
from showfloor.testing.waiting import PATIENCE


@pytest.fixture
async def reads(database):
    pool = Database(database, statement_timeout=0.3, wait=0.5)
    await pool.open()
    yield pool
    await pool.close()


def test_files_are_applied_once_in_order_and_never_edited(database, tmp_path):
    (tmp_path / "0002_fill.sql").write_text("INSERT INTO note VALUES (1); INSERT INTO note VALUES (2);")
    (tmp_path / "0001_note.sql").write_text("CREATE TABLE note (n int);")
    assert migrate(database, tmp_path) == ["0001_note.sql", "0002_fill.sql"]
    assert migrate(database, tmp_path) == []
    (tmp_path / "0003_bad.sql").write_text("INSERT INTO note VALUES (3); SELECT nonsense;")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        migrate(database, tmp_path)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (2,)
    (tmp_path / "0003_bad.sql").unlink()
    (tmp_path / "0001_note.sql").write_text("CREATE TABLE note (n bigint);")
    with pytest.raises(MigrationChanged, match="0001_note"):
        migrate(database, tmp_path)


def test_one_that_ended_too_early_goes_on_and_is_no_older_log(private_postgres, tmp_path, monkeypatch):
    dsn = private_postgres.dsn()
    lacking = []

    def ends(connection):
        _create_library_tables(connection)
        lacking.extend(missing(dsn, tmp_path))  # a service that starts meanwhile
        raise InterruptedError

    with monkeypatch.context() as ending, pytest.raises(InterruptedError):
        ending.setattr(migrations, "_create_library_tables", ends)
        migrate(dsn)
    migrate(dsn)
    assert lacking == ["the event store's own tables"]
    assert missing(dsn, tmp_path) == []


def test_a_migration_with_nothing_to_do_waits_for_no_reader(database):
    with psycopg.connect(database) as reading:
        reading.execute("SELECT FROM stored_events")
        migrate(f"{database} options='-c lock_timeout=1s'")


def test_a_migration_leaves_no_errors_in_the_databases_log(private_postgres):
    for _ in range(2):
        migrate(private_postgres.dsn())
    log = (private_postgres.folder / "log").read_text()
    assert "ERROR" not in log, log


async def test_the_service_role_may_append_and_nothing_else(database, postgres_server, tmp_path):
    role = f"svc_{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        (tmp_path / "0001_edge.sql").write_text("CREATE TABLE idempotency (key text PRIMARY KEY);")
        migrate(database, tmp_path, service_role=role)
        service = database.replace("user=postgres", f"user={role}")
        async with open_store(service, [LEDGER], [BALANCES]) as engine:
            done = await engine.store.execute(LEDGER, uuid4(), deposit, 5)
            await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
            await engine.views.rebuild("balances")
            assert await engine.database.fetch("SELECT total FROM balance") == [{"total": 5}]
            await engine.tracking.commit([], "a>b", 1, {"sequence": 1}, after=0)
            async with engine.database.transaction() as edge:
                await edge.execute("INSERT INTO idempotency VALUES ('k')")
        for change in (
            "UPDATE stored_events SET topic = 'x'",
            "DELETE FROM stored_events",
            "TRUNCATE stored_events",
            "DROP TABLE stored_events",
            "LOCK TABLE stored_events IN EXCLUSIVE MODE",
            "ALTER TABLE stored_events ADD note text",
            "CREATE RULE loses AS ON INSERT TO stored_events DO INSTEAD NOTHING",
            "CREATE TRIGGER t BEFORE INSERT ON stored_events EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "SELECT setval('stored_events_notification_id_seq', 1)",
            "UPDATE schema_migration SET digest = ''",
        ):
            with psycopg.connect(service) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change)
        owner.execute(f"DROP OWNED BY {role}")
        owner.execute(f"DROP ROLE {role}")


def test_tracking_tables_are_vacuumed(database):
    with psycopg.connect(database) as connection:
        options = connection.execute(
            "SELECT reloptions FROM pg_class WHERE relname = 'notification_tracking'"
        ).fetchone()
    assert options is not None
    assert "autovacuum_vacuum_threshold=1000" in options[0]


async def test_rows_come_as_dicts_or_structs(reads):
    class Pair(msgspec.Struct):
        a: int
        b: str

    sql = "SELECT 1 AS a, 'x' AS b"
    assert await reads.fetch(sql) == [{"a": 1, "b": "x"}]
    assert await reads.fetch(sql, into=Pair) == [Pair(1, "x")]
    assert await reads.fetch_one(sql, into=Pair) == Pair(1, "x")
    assert await reads.fetch_one("SELECT 1 WHERE %s", [False]) is None


async def test_a_slow_query_is_refused(reads):
    with pytest.raises(Refusal) as refused:
        await reads.fetch("SELECT pg_sleep(5)")
    assert refused.value.reason == "QUERY_TOO_SLOW"


async def test_a_transaction_commits_or_leaves_nothing(reads):
    async with reads.transaction() as connection:
        await connection.execute("CREATE TABLE t (n int)")
    with pytest.raises(ZeroDivisionError):
        async with reads.transaction() as connection:
            await connection.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError
    assert await reads.fetch("SELECT * FROM t") == []


async def test_effect_and_position_stand_or_fall_together(reads):
    tracking = PostgresTracking(reads)
    async with reads.transaction() as connection:
        await connection.execute("CREATE TABLE effect (n int PRIMARY KEY)")
    rows = Statement("INSERT INTO effect VALUES (%s)", rows=[(1,), (2,)])
    await tracking.commit([rows], "a>b", 1, BEGINNING, after=0)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await tracking.commit([rows], "a>b", 2, BEGINNING, after=1)
    assert await tracking.position("a>b") == (1, BEGINNING)
    columns = Statement("INSERT INTO effect SELECT unnest(%s::int[])", columns=[[3, 4]])
    await tracking.commit([columns], "a>b", 2, BEGINNING, after=1)
    assert len(await reads.fetch("SELECT * FROM effect")) == 4


def test_a_database_that_no_service_brought_up_to_date_is_empty(private_postgres):
    assert inventory(private_postgres.dsn()) == Inventory(0, {}, {})
    migrate(private_postgres.dsn())
    with psycopg.connect(private_postgres.dsn(), autocommit=True) as damaged:
        damaged.execute("DROP TABLE stored_events")
    with pytest.raises(psycopg.errors.UndefinedTable):  # one that has lost its log is not
        inventory(private_postgres.dsn())


LIMITS = {"keepalives_idle": "2", "keepalives_interval": "1", "keepalives_count": "3", "tcp_user_timeout": "5000"}


def limits_of(connection):
    found = connection.info.get_parameters()
    return {name: found.get(name) for name in LIMITS}


async def test_no_connection_waits_long_for_packets_that_do_not_come(database, reads):
    with closing(connect(database, ())) as projector:
        assert limits_of(projector) == LIMITS
    async with leadership(database, "test")() as lease:
        assert limits_of(lease._connection) == LIMITS
    async with reads.transaction() as connection:
        assert limits_of(connection) == LIMITS
    with closing(LogConnections(database)) as log, log.get() as connection:
        assert limits_of(connection) == LIMITS
    with closing(psycopg.connect(with_tcp_timeouts(f"{database} tcp_user_timeout=60000"))) as connection:
        assert limits_of(connection) == LIMITS | {"tcp_user_timeout": "60000"}  # what an operator says stands


# What the version before forms made of an empty database, and one event as it wrote it.
OLDER = """
CREATE TABLE stored_events (originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
    notification_id bigserial, PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX stored_events_notification_id_index ON stored_events (notification_id);
CREATE TABLE notification_tracking (application_name text, notification_id bigint, PRIMARY KEY (application_name));
CREATE TABLE schema_migration (name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz DEFAULT now());
CREATE TABLE stored_snapshots (stream uuid, version bigint, topic text NOT NULL, state bytea NOT NULL,
    position bigint NOT NULL, PRIMARY KEY (stream, version, topic));
CREATE TABLE view_definition (schema text PRIMARY KEY, view text NOT NULL, digest text NOT NULL);
INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES
    ('00000000-0000-0000-0000-000000000001', 1, 'session.opened:1', '[{}, {"request_id": "r1", "content": "open"}]')"""


def everything(connection: psycopg.Connection) -> list[tuple]:
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    return [*connection.execute(f"{columns} ORDER BY 1, 2"), *connection.execute("SELECT * FROM stored_events")]


@pytest.mark.parametrize("form", [1, 99])
def test_a_log_of_another_form_is_refused_and_left_as_it_was(private_postgres, tmp_path, form):
    dsn = private_postgres.dsn()
    (tmp_path / "0001_note.sql").write_text("CREATE TABLE note (n int);")
    steps = Migrations("showfloor.session")
    with psycopg.connect(dsn, autocommit=True) as connection:
        if form == 1:
            connection.execute(OLDER)
        else:
            migrate(dsn)
            connection.execute("UPDATE log_form SET form = %s", (form,))
        before = everything(connection)
        with pytest.raises(OtherForm) as other:
            migrate(dsn, tmp_path, "ledger_app")
        assert (other.value.form, other.value.database) == (form, connection.info.dbname)
        for refused in (lambda: steps.require(dsn), lambda: steps._apply(MigrationSettings(database_owner_url=dsn))):
            with pytest.raises(StartupError) as trouble:
                refused()
            assert f"form: {form}, and this version needs {FORM}" in trouble.value.cause
            assert connection.info.dbname in trouble.value.place
            assert "showfloor up --data NEWFOLDER" in trouble.value.next_step
        assert everything(connection) == before


def test_the_embedded_folder_and_the_log_have_one_form():
    assert condition.FORM == FORM
