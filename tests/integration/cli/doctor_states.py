"""Bad states for the doctor, most of them made for real. Each begins bad, and is well again when it ends.

`@bad("check", "words")` says which check must find it, in which words. A state may yield another patient.
"""

import errno
import json
import os
import resource
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from doctor_installation import Installation, ended, until

from showfloor.access.tokens import Signer, publish_keys
from showfloor.cli.checks import database, machine, processes
from showfloor.cli.checks.finding import Patient
from showfloor.embedded import nats as nats_programs
from showfloor.embedded import programs as postgres_programs
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import SUPERUSER

Make = Callable[[Installation, pytest.MonkeyPatch, Path], Iterator[Any]]
STATES: dict[str, tuple[str, str, Callable[..., AbstractContextManager[Any]]]] = {}
"""By name: the check, its words, and the state."""


def bad(check: str, words: str) -> Callable[[Make], Make]:
    def register(make: Make) -> Make:
        STATES[f"{check}-{make.__name__}"] = check, words, contextmanager(make)
        return make

    return register


# The machine


@bad("python", "not in a virtual environment")
def system_python(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(sys, "prefix", sys.base_prefix)
    yield


@bad("clock", "is before the last start")
def clock_set_back(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(started=time.time() + 3600)
    yield
    setup.tell()


@bad("memory", "0.5 GiB available")
def little_memory(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(machine.psutil, "virtual_memory", lambda: SimpleNamespace(available=2**29))
    yield


@bad("disk", "0.5 GiB free")
def full_disk(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**29))
    yield


@bad("shared_memory", "1024 KiB free")
def docker_shared_memory(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**20))
    yield


@bad("open_files", "limit 512")
def few_files(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@bad("loopback", "it cannot be used")
def no_loopback(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    def bind(_self: socket.socket, _address: object) -> None:
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")

    patch.setattr(machine.socket, "socket", type("Closed", (socket.socket,), {"bind": bind}))
    yield


@bad("postgres_programs", "is not installed")
def no_postgres(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    postgres_programs.packages.cache_clear()
    patch.setattr(postgres_programs.importlib.util, "find_spec", lambda _: None)
    yield
    postgres_programs.packages.cache_clear()


@bad("nats_program", "2.9.0 at")
def debian_nats(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    old = tmp / "nats-server"
    old.write_text("#!/bin/sh\necho 'nats-server: v2.9.0'\n")
    old.chmod(0o700)
    patch.setattr(nats_programs.sysconfig, "get_path", lambda _: str(tmp))
    yield


@bad("web_console", "the pages do not")
def no_console(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(machine, "resources", SimpleNamespace(files=lambda _: tmp / "nothing"))
    yield


# The data folder


@bad("data_folder", "")
def foreign_folder(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    root = setup.folder.root
    if os.geteuid() == 0:
        os.chown(root, 65534, -1)
        yield
        os.chown(root, 0, -1)
    else:
        root.chmod(0o500)
        yield
        root.chmod(0o700)


@bad("data_folder", "does not exist yet")
def no_folder(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[Patient]:
    yield Patient(DataFolder(tmp / "none"))


@bad("folder_privacy", "mode 755 lets others look in")
def open_folder(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    mode = stat.S_IMODE(setup.folder.root.stat().st_mode)
    setup.folder.root.chmod(0o755)
    yield
    setup.folder.root.chmod(mode)


@bad("secrets", "others can read 1")
def open_secret(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.folder.operator_key.chmod(0o644)
    yield
    setup.folder.operator_key.chmod(0o600)


@bad("secrets", "others can read 1")
def open_key_of_a_service(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    key = setup.folder.services / "polls" / "service.key.json"
    key.parent.mkdir()
    key.touch(0o644)
    yield
    key.unlink()
    key.parent.rmdir()


@bad("signing_keys", "a key that services do not know")
def unpublished_key(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    signer = Signer(setup.folder.signing_key)
    signer.rotate()
    yield
    publish_keys(signer, setup.folder.public_keys)


@bad("signing_keys", "cannot be read")
def damaged_keys(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.folder.public_keys.write_text("[]")
    yield
    publish_keys(Signer(setup.folder.signing_key), setup.folder.public_keys)


@bad("socket_path", "107 is the limit")
def deep_folder(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[Patient]:
    patch.setattr("showfloor.embedded.folder._elsewhere", lambda: Path(f"/tmp/{'t' * 100}"))
    yield Patient(DataFolder(tmp / ("d" * 90)))


@bad("postgres_files", "the data is of PostgreSQL 16")
def older_postgres(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[Patient]:
    (tmp / "postgres").mkdir()
    (tmp / "postgres/PG_VERSION").write_text("16\n")
    yield Patient(DataFolder(tmp))


@bad("backup_age", "the last one is 3 d old")
def old_backup(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    record = setup.folder.root / "backup.json"
    record.write_text(json.dumps({"time": time.time() - 3 * 86_400, "file": "/b", "size": 1}))
    yield
    record.unlink()


@bad("backup_age", "there was none")
def never_a_backup(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    os.utime(setup.folder.operator_key, (0, time.time() - 3 * 86_400))
    yield
    os.utime(setup.folder.operator_key)


# The processes


@bad("lock", "disagree")
def foreign_lock(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(pid=2**22 + 1)
    yield
    setup.tell()


@bad("orphans", "running without a supervisor: nats, session")
def left_behind(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    with setup.stopped():
        yield


@bad("ports", "taken by another program")
def taken_port(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    with setup.stopped():
        yield


@bad("services", "does not answer")
def stopped_service(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr("showfloor.embedded.probes.PROBE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        setup.tell(processes=[*setup.state["processes"], setup.process("gateway", http=deaf.getsockname()[1])])
        yield
    setup.tell()


@bad("restarts", "dies again and again: session (ended by SIGKILL)")
def crash_loop(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    looping = {"status": "crash-loop", "problem": "ended by SIGKILL"}
    setup.tell(processes=[{**one, **looping} if one["name"] == "session" else one for one in setup.state["processes"]])
    yield
    setup.tell()


@bad("restarts", "restarted: nats 3")
def many_restarts(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(processes=[{**one, "restarts": 3} if one["name"] == "nats" else one for one in setup.state["processes"]])
    yield
    setup.tell()


GREEDY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
held = [open("/dev/null") for _ in range(15)]
print("ready", flush=True)
sys.stdin.read()
"""


@bad("files_in_use", "greedy uses 90% of its limit")
def greedy_process(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    words = [sys.executable, "-I", "-S", "-c", GREEDY]
    with ended(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)) as process, process:
        assert process.stdout is not None and process.stdout.readline()
        setup.tell(processes=[*setup.state["processes"], setup.process("greedy", process)])
        yield
        process.kill()
    setup.tell()


@bad("memory_in_use", "MB in all services")
def much_memory(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(processes, "MEMORY_PROMISED", 1)
    yield


# PostgreSQL


@bad("postgres", "")
@bad("durability", "cannot be asked")
def unreachable(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    socket_file = setup.postgres.socket / ".s.PGSQL.5432"
    socket_file.rename(tmp / "hidden")
    yield
    (tmp / "hidden").rename(socket_file)


@bad("durability", "not on: synchronous_commit")
def not_durable(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    shown = "SHOW synchronous_commit"
    setup.query("ALTER SYSTEM SET synchronous_commit = 'off';\nSELECT pg_reload_conf()")
    until(lambda: setup.query(shown) == "off")
    yield
    setup.query("ALTER SYSTEM RESET ALL;\nSELECT pg_reload_conf()")
    until(lambda: setup.query(shown) == "on")


@bad("postgres", "takes no writes")
def read_only(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    shown = "SHOW transaction_read_only"
    setup.query("ALTER SYSTEM SET default_transaction_read_only = on;\nSELECT pg_reload_conf()")
    until(lambda: setup.query(shown) == "on")
    yield
    setup.query("ALTER SYSTEM RESET default_transaction_read_only;\nSELECT pg_reload_conf()")
    until(lambda: setup.query(shown) == "off")


@bad("page_checksums", "other bytes")
def rotten_page(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    """A new database is copied as files: none of its pages is in memory yet."""
    setup.query("CREATE DATABASE sound")
    setup.query("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n; CHECKPOINT", database="sound")
    setup.query("CREATE DATABASE rotten TEMPLATE sound STRATEGY file_copy")
    oid = setup.query("SELECT oid FROM pg_database WHERE datname = 'rotten'")
    number = setup.query("SELECT relfilenode FROM pg_class WHERE relname = 't'", database="sound")
    with (setup.postgres.cluster / "base" / oid / number).open("r+b") as file:
        file.seek(5000)
        file.write(b"rot")
    with pytest.raises(OSError, match="invalid page"):
        setup.query("SELECT sum(n) FROM t", database="rotten")
    yield
    setup.query("DROP DATABASE rotten;\nDROP DATABASE sound")


@bad("connections", "of 57 in use")
def many_connections(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    held = [psycopg.connect(setup.postgres.url("session", SUPERUSER)) for _ in range(48)]
    yield
    for one in held:
        one.close()
    until(lambda: int(setup.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'session'")) < 5)


@bad("database_clock", "the database is")
def skewed_clock(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(database, "time", SimpleNamespace(time=lambda: time.time() + 10))
    yield


@bad("append_only", "session_app may update on the event log")
def writable_log(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("GRANT UPDATE ON stored_events TO session_app")
    yield
    setup.query("REVOKE UPDATE ON stored_events FROM session_app")


@bad("append_only", "superuser")
def mighty_role(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("ALTER ROLE gateway_app SUPERUSER")
    yield
    setup.query("ALTER ROLE gateway_app NOSUPERUSER")


@bad("migrations", "9999_later.sql is not of this version")
def newer_tables(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("INSERT INTO schema_migration VALUES ('9999_later.sql', '0')")
    yield
    setup.query("DELETE FROM schema_migration WHERE name = '9999_later.sql'")


@bad("migrations", "0001_access.sql is not applied")
def missing_tables(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    applied = "SELECT digest FROM schema_migration WHERE name = '0001_access.sql'"
    digest = setup.query(applied, database="gateway")
    setup.query("DELETE FROM schema_migration WHERE name = '0001_access.sql'", database="gateway")
    yield
    setup.query(f"INSERT INTO schema_migration VALUES ('0001_access.sql', '{digest}')", database="gateway")


@bad("old_transactions", "one is open for")
def open_transaction(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(database, "TRANSACTION_SECONDS", 0)
    with psycopg.connect(setup.postgres.url("session", SUPERUSER)) as held:
        held.execute("SELECT 1")
        yield


@bad("replication_slots", "nobody reads from left")
def left_slot(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("SELECT pg_create_physical_replication_slot('left')")
    yield
    setup.query("SELECT pg_drop_replication_slot('left')")


@bad("deadlines", "1 overdue, the oldest by 7")
def late_deadline(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("INSERT INTO view_deadlines_1.deadline VALUES ('x', gen_random_uuid(), now() - interval '75 seconds')")
    yield
    setup.query("DELETE FROM view_deadlines_1.deadline")
