"""Checks of PostgreSQL while it runs."""

import time
from pathlib import Path

from showfloor.cli.backups import cluster
from showfloor.cli.backups.manifest import migrations_of
from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning
from showfloor.cli.services import with_database
from showfloor.embedded.programs import MAJOR
from showfloor.eventstore.keyring import OtherKeyring, id_of

CONNECTIONS_MANY, CONNECTIONS_ALL = 0.8, 0.95  # shares of what clients may have
SKEW_SECONDS = 2.0
TRANSACTION_SECONDS = 300
OVERDUE_SECONDS = 60  # the runner repeats at least this often

_CONNECTIONS = """
SELECT count(*), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""

_PRIVILEGES = """
SELECT string_agg(what, ', ') FROM (
    SELECT lower(p) AS what FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
    WHERE to_regclass('public.stored_events') IS NOT NULL
      AND has_table_privilege('{role}', to_regclass('public.stored_events'), p)
    UNION ALL SELECT 'superuser' FROM pg_roles WHERE rolname = '{role}' AND rolsuper) found"""

_MIGRATIONS = """
SELECT name, digest FROM schema_migration WHERE to_regclass('public.schema_migration') IS NOT NULL ORDER BY 1"""

_OLD_TRANSACTION = """
SELECT pid, datname, state, extract(epoch FROM now() - xact_start)::int FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start < now() - interval '{0} seconds'
ORDER BY xact_start LIMIT 1"""

_DEADLINES = """
SELECT schema FROM view_definition WHERE view = 'deadlines' AND to_regclass(schema || '.deadline') IS NOT NULL
ORDER BY used_at DESC, made_at DESC LIMIT 1"""

_OVERDUE = """
SELECT count(*), coalesce(extract(epoch FROM max(now() - due_at)), 0)::int FROM {1}.deadline
WHERE due_at < now() - interval '{0} seconds'"""

_SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE NOT active AND NOT temporary"
_BAD_PAGES = "SELECT datname, checksum_failures FROM pg_stat_database WHERE checksum_failures > 0"


def postgres(patient: Patient) -> Finding:
    try:
        version = patient.postgres.query("SHOW server_version")
    except OSError as error:
        return broken(str(error), patient.postgres.socket, "see `showfloor logs postgres`")
    if version.partition(".")[0] != MAJOR:
        return broken(f"version {version}", patient.postgres.cluster, f"{MAJOR} is needed: run `make install`")
    if patient.postgres.query("SHOW transaction_read_only") != "off":
        step = "look who set it (a failover, a guard of the disk); ALTER SYSTEM RESET default_transaction_read_only"
        return broken("takes no writes: callers are told to try again", _settings(patient), f"{step}, then reload")
    return good(f"version {version}, takes writes")


def durability(patient: Patient) -> Finding:
    """Acknowledged must mean on disk."""
    names = ("fsync", "synchronous_commit", "full_page_writes")
    values = patient.postgres.query("".join(f"SHOW {name};" for name in names)).split()
    off = [name for name, value in zip(names, values, strict=True) if value != "on"]
    if off:
        step = "ALTER SYSTEM RESET ALL, then `showfloor down`, `showfloor up`"
        return broken(f"not on: {', '.join(off)}", _settings(patient), step)
    return good("fsync, synchronous_commit and full_page_writes are on")


def _settings(patient: Patient) -> Path:
    return patient.postgres.cluster / "postgresql.auto.conf"


def page_checksums(patient: Patient) -> Finding:
    bad = patient.postgres.query(_BAD_PAGES).splitlines()
    if bad:
        where = ", ".join(row.partition("|")[0] for row in bad)
        step = "the disk or the memory fails: back up elsewhere now, restore the last good backup on another machine"
        return broken("pages came back from the disk with other bytes", f"database {where}", step)
    return good("no page failed its checksum")


def connections(patient: Patient) -> Finding:
    used, most = map(int, patient.postgres.query(_CONNECTIONS).split("|"))
    says = f"{used} of {most} in use"
    step = "see who holds them: SELECT * FROM pg_stat_activity; restart the service that has too many"
    if used >= most * CONNECTIONS_ALL:
        return broken(says, patient.postgres.socket, step)
    return warning(says, patient.postgres.socket, step) if used >= most * CONNECTIONS_MANY else good(says)


def database_clock(patient: Patient) -> Finding:
    """Times are recorded by services and compared in the database."""
    before = time.time()
    there = float(patient.postgres.query("SELECT extract(epoch FROM clock_timestamp())"))
    skew = max(before - there, there - time.time(), 0.0)
    if skew > SKEW_SECONDS:
        return broken(f"the database is {skew:.1f} s off this machine", "clock", "run NTP on both, then restart both")
    return good("the same as here")


def append_only(patient: Patient) -> Finding:
    """A service may add to its event log and never change it."""
    for service in with_database():
        role = f"{service.name}_app"
        if may := patient.postgres.query(_PRIVILEGES.format(role=role), database=service.name):
            step = f"REVOKE {may.upper()} ON stored_events FROM {role}, and find out who granted it"
            return broken(f"{role} may {may} on the event log", f"database {service.name}", step)
    return good("services can add events, and change none")


def migrations(patient: Patient) -> Finding:
    """The tables must be those that this version of the code knows."""
    for service in with_database():
        if not patient.postgres.query("SELECT to_regclass('public.schema_migration')", database=service.name):
            continue
        known = migrations_of(service.module)
        rows = patient.postgres.query(_MIGRATIONS, database=service.name).splitlines()
        applied = dict(row.split("|", 1) for row in rows)
        place = f"database {service.name}, table schema_migration"
        if unknown := sorted(applied.items() - known.items()):
            step = "install the version of Showfloor that last ran here, or restore a backup of this version"
            return broken(f"{unknown[0][0]} is not of this version", place, step)
        if missing := sorted(known.keys() - applied.keys()):
            return broken(f"{missing[0]} is not applied", place, "restart: `showfloor down`, `showfloor up`")
    return good("all applied, none unknown")


def keyrings(patient: Patient) -> Finding:
    """Without the keyring that a log is sealed with nobody can read what people wrote."""
    held = cluster.keyrings_in(patient.postgres)
    for service, wanted in held.items():
        file = patient.folder.keyring / f"{service}.sqlite"
        if (found := id_of(file)) != wanted:
            step = f"put it back now (a copy lies beside each backup: showfloor-keys-{wanted}.sqlite), then restart"
            return broken(str(OtherKeyring(wanted, found)), f"{file}, database {service}", step)
    return good(f"in place, of {', '.join(held)}" if held else "none in use yet")


def old_transactions(patient: Patient) -> Finding:
    """One that stays open keeps dead rows from being removed."""
    found = patient.postgres.query(_OLD_TRANSACTION.format(TRANSACTION_SECONDS))
    if found:
        pid, database, state, seconds = found.split("|")
        step = f"SELECT pg_terminate_backend({pid}) ends it"
        return warning(f"one is open for {seconds} s ({state})", f"database {database}, pid {pid}", step)
    return good(f"none older than {TRANSACTION_SECONDS} s")


def replication_slots(patient: Patient) -> Finding:
    """A slot that nobody reads keeps the log of writes for ever: the disk fills."""
    left = patient.postgres.query(_SLOTS).split()
    if left:
        step = f"SELECT pg_drop_replication_slot('{left[0]}')"
        return warning(f"nobody reads from {', '.join(left)}", patient.postgres.cluster / "pg_wal", step)
    return good("none left behind")


def deadlines(patient: Patient) -> Finding:
    """What is due must have fired."""
    for service in with_database():
        if not patient.postgres.query("SELECT to_regclass('public.view_definition')", database=service.name):
            continue
        schema = patient.postgres.query(_DEADLINES, database=service.name)  # those of the version that runs
        if not schema:
            continue
        found = patient.postgres.query(_OVERDUE.format(OVERDUE_SECONDS, schema), database=service.name)
        count, seconds = map(int, found.split("|"))
        if count:
            step = f"see `showfloor logs {service.name}` for `deadline … refused`; else restart"
            return broken(f"{count} overdue, the oldest by {seconds} s", f"{service.name}: deadlines", step)
    return good(f"none overdue by more than {OVERDUE_SECONDS} s")


WHILE_RUNNING: tuple[Check, ...] = (
    postgres,
    durability,
    page_checksums,
    connections,
    database_clock,
    append_only,
    migrations,
    keyrings,
    old_transactions,
    replication_slots,
    deadlines,
)
