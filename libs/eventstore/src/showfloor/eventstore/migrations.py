"""Database migrations: the library's tables, the event store's own, and a service's numbered SQL files."""

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresTrackingRecorder
from psycopg.sql import SQL, Identifier

from showfloor.eventstore.address import with_tcp_timeouts

_LOCK = 0x5F10_0F10_0DB0  # advisory lock: one migration of a database at a time

FORM = 5
"""Of the log: what an event holds, and what lies beside it. Another form is neither read nor changed."""

# Before the log's own table, in one transaction: there is never a log of unknown form, however early this ends, and any
# role may read it.
_FORM = f"""
CREATE TABLE IF NOT EXISTS log_form (form int PRIMARY KEY);
INSERT INTO log_form VALUES ({FORM}) ON CONFLICT DO NOTHING;
GRANT SELECT ON log_form TO PUBLIC;
"""  # noqa: S608 - a constant

_ENGINE = """
-- What is remembered of a command stands at the last event that it recorded, or, when it recorded none, here.
-- To add a column waits for all readers, and all writers for it: so only once.
DO $$ BEGIN
    IF to_regclass('stored_events_request') IS NULL THEN
        ALTER TABLE stored_events ADD COLUMN IF NOT EXISTS request_id text, ADD COLUMN IF NOT EXISTS request_done bytea;
        CREATE UNIQUE INDEX stored_events_request ON stored_events (originator_id, request_id)
            WHERE request_id IS NOT NULL;
    END IF;
END $$;
CREATE TABLE IF NOT EXISTS quiet_command (
    stream uuid, request_id text, digest bytea NOT NULL, version bigint NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (stream, request_id));
CREATE INDEX IF NOT EXISTS quiet_command_done_at ON quiet_command (done_at);
-- Which keyring the log is sealed with: the newest row.
CREATE TABLE IF NOT EXISTS log_keyring (number int PRIMARY KEY, id text NOT NULL);
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS stored_snapshots (
    stream uuid, version bigint, topic text NOT NULL, state bytea NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (stream, version, topic));
CREATE TABLE IF NOT EXISTS stream_position (name text PRIMARY KEY, read jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letter (
    name text, position bigint, subject text NOT NULL, headers jsonb NOT NULL, body bytea NOT NULL,
    reason text NOT NULL, failed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (name, position));
-- One row for each definition of a view that has tables here, used or not. `served_at`: it had caught up then.
CREATE TABLE IF NOT EXISTS view_definition (
    schema text PRIMARY KEY, view text NOT NULL, digest text NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(), served_at timestamptz);
INSERT INTO notification_tracking VALUES ('__migration__', 1) ON CONFLICT DO NOTHING; -- as the library marks its shape
-- The library has vacuum wait for a hundred million dead rows. Tracking rows are updated thousands of times a
-- minute: without vacuum one row becomes a table of dead ones.
ALTER TABLE notification_tracking SET (autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0, fillfactor = 50);
ALTER TABLE stream_position SET (autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0, fillfactor = 50);
"""

_GRANTS = """
GRANT CREATE, TEMPORARY ON DATABASE {database} TO {role};
GRANT USAGE, CREATE ON SCHEMA public TO {role};
REVOKE ALL ON stored_events FROM {role};
GRANT INSERT, SELECT ON stored_events TO {role};
GRANT USAGE ON SEQUENCE stored_events_notification_id_seq TO {role};
GRANT SELECT ON schema_migration TO {role};
GRANT SELECT, INSERT ON log_keyring TO {role};
GRANT SELECT, INSERT, DELETE ON quiet_command TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE
    ON notification_tracking, stored_snapshots, stream_position, dead_letter, view_definition TO {role};
"""


class MigrationChanged(Exception):
    """A migration file differs from what was applied under its name: add a new file instead."""


class OtherForm(Exception):
    """The database holds a log of another form. Nothing was changed."""

    def __init__(self, form: int, database: str) -> None:
        age = "an older" if form < FORM else "a newer"
        super().__init__(f"the database holds a log of {age} form: {form}, and this version needs {FORM}")
        self.form, self.database = form, database


def migrate(dsn: str, folder: Path | None = None, service_role: str | None = None) -> list[str]:
    """Bring a database up to date; return the names of the files applied now. Safe to run before every start.

    `folder` holds the service's `NNNN_name.sql` files, applied in order, each in its own transaction.
    With `service_role`, `dsn` is the owner's: the role may append to and read the event table and nothing
    else there, and the files run as that role, which so owns the service's edge tables.
    Raises OtherForm, MigrationChanged; psycopg errors as they are.
    """
    with psycopg.connect(with_tcp_timeouts(dsn), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _must_be_of_this_form(connection)
        connection.execute(_FORM)
        _create_library_tables(connection)
        connection.execute(_ENGINE)
        if service_role is not None:
            database = connection.info.dbname
            connection.execute(SQL(_GRANTS).format(role=Identifier(service_role), database=Identifier(database)))
        return _apply_files(connection, folder, service_role) if folder else []


def missing(dsn: str, folder: Path) -> list[str]:
    """Return the service's files that a database lacks; all of them when nothing was ever made. For any role.

    Raises OtherForm.
    """
    with psycopg.connect(with_tcp_timeouts(dsn), autocommit=True, connect_timeout=2) as connection:
        _must_be_of_this_form(connection)
        names = {file.name for file in _files(folder)}
        if _exists(connection, "schema_migration"):
            names -= {name for (name,) in connection.execute("SELECT name FROM schema_migration").fetchall()}
        if not _exists(connection, "dead_letter"):  # the newest of them
            names.add("the event store's own tables")
        return sorted(names)


def _must_be_of_this_form(connection: psycopg.Connection[Any]) -> None:
    """Raise OtherForm for a log that another version wrote. One that was never begun is of every form."""
    if not _exists(connection, "stored_events"):
        return
    form = 1  # from before forms were recorded
    if _exists(connection, "log_form"):
        kept = connection.execute("SELECT max(form) FROM log_form").fetchone()
        form = FORM if kept is None or kept[0] is None else int(kept[0])
    if form != FORM:
        raise OtherForm(form, connection.info.dbname)


class _Unconnected(PostgresDatastore):
    """What the library's recorders need to say which tables they use."""

    def __init__(self) -> None:
        super().__init__("", "", "", "", "")

    def register_type_adapters(self) -> None:
        """Ask no database."""


def _create_library_tables(connection: psycopg.Connection[Any]) -> None:
    """Make the library's tables. It would look for them by statements that fail, which alarms who reads the
    database's log."""
    with _Unconnected() as datastore:
        for recorder in (PostgresApplicationRecorder(datastore), PostgresTrackingRecorder(datastore)):
            for statement in recorder.sql_create_statements:
                if "IF NOT EXISTS" in statement.as_string():  # the others make a type and a function, unused here
                    connection.execute(statement)


def _exists(connection: psycopg.Connection[Any], table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"public.{table}",)).fetchone() == (True,)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*_*.sql"))


def _apply_files(connection: psycopg.Connection, folder: Path, role: str | None) -> list[str]:
    applied: dict[str, str] = dict(connection.execute("SELECT name, digest FROM schema_migration").fetchall())
    fresh: list[str] = []
    for file in _files(folder):
        text = file.read_bytes()
        digest = hashlib.sha256(text).hexdigest()
        if file.name in applied:
            if applied[file.name] != digest:
                raise MigrationChanged(f"{file.name} was changed after it was applied: add a new file")
            continue
        with connection.transaction():
            if role is not None:
                connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
            connection.execute(text)
            connection.execute("RESET ROLE")
            connection.execute("INSERT INTO schema_migration (name, digest) VALUES (%s, %s)", (file.name, digest))
        fresh.append(file.name)
    return fresh
