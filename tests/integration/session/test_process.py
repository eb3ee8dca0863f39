"""`python -m showfloor.session` as the supervisor runs it: ready, useful, drained in time."""

import asyncio
import signal
import socket
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import psycopg
import pytest
from session_process import environment_of, migrated, ready, started

from showfloor.eventstore.inventory import inventory
from showfloor.eventstore.keyring import Keyring, id_of
from showfloor.eventstore.sealed_with import keyring_of
from showfloor.testing.ports import free_port
from showfloor.testing.waiting import PATIENCE


@pytest.fixture
def environment(database: str, nats_server: Any, tmp_path: Path) -> dict[str, str]:
    return environment_of(database, nats_server, tmp_path)


async def test_starts_answers_and_drains(environment: dict[str, str]) -> None:
    http = int(environment["SHOWFLOOR_HTTP_LISTEN"].rpartition(":")[2])
    for _ in range(2):  # the second start finds everything made
        process = await started(environment)
        try:
            async with asyncio.timeout(PATIENCE):
                while not await asyncio.to_thread(ready, http):
                    assert process.returncode is None, (await process.communicate())[1].decode()[-2000:]
                    await asyncio.sleep(0.05)
            async with grpc.aio.insecure_channel(environment["SHOWFLOOR_LISTEN"]) as link:
                await link.channel_ready()
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                await process.communicate()
            assert process.returncode == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def test_says_what_is_missing(environment: dict[str, str]) -> None:
    del environment["SHOWFLOOR_INTERNAL_JWKS"]
    process = await started(environment)
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "SHOWFLOOR_INTERNAL_JWKS" in errors.decode()


@pytest.mark.parametrize("there", ["missing", "another"])
async def test_a_log_does_not_start_without_its_keyring(
    environment: dict[str, str], tmp_path: Path, there: str
) -> None:
    known = keyring_of(environment["SHOWFLOOR_DATABASE_URL"], Path(environment["SHOWFLOOR_KEYRING"]))
    known.close()
    file = tmp_path / "other" / "keyring.sqlite"
    if there == "another":
        Keyring(file).close()
    environment["SHOWFLOOR_KEYRING"] = str(file)
    process = await started(environment)
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    told = errors.decode()
    assert process.returncode == 2, told
    assert there in told and str(file) in told and f"SHOWFLOOR_LOST_KEYRING={known.id}" in told
    assert file.exists() == (there == "another")


async def test_a_new_keyring_replaces_one_that_is_named_as_lost(environment: dict[str, str], tmp_path: Path) -> None:
    database = environment["SHOWFLOOR_DATABASE_URL"]
    known = keyring_of(database, Path(environment["SHOWFLOOR_KEYRING"]))
    known.close()
    file = tmp_path / "other" / "keyring.sqlite"
    environment |= {"SHOWFLOOR_KEYRING": str(file), "SHOWFLOOR_LOST_KEYRING": known.id}
    http = int(environment["SHOWFLOOR_HTTP_LISTEN"].rpartition(":")[2])
    process = await started(environment)
    try:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(ready, http):
                assert process.returncode is None, (await process.communicate())[1].decode()[-2000:]
                await asyncio.sleep(0.05)
        assert inventory(database).keyring == id_of(file) != known.id
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("setting", ["LISTEN", "HTTP_LISTEN"])
async def test_a_port_that_is_taken_is_told_in_words(environment: dict[str, str], setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = environment[f"SHOWFLOOR_{setting}"] = f"127.0.0.1:{other.getsockname()[1]}"
        process = await started(environment)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    told = errors.decode()
    assert process.returncode == 2, told
    assert "session: the port cannot be taken: " in told and f"where: SHOWFLOOR_{setting}={address}\n" in told
    assert "choose another port" in told and "Traceback" not in told


async def test_a_process_that_serves_makes_no_tables(environment: dict[str, str], postgres_server: Any) -> None:
    name = f"fresh_{uuid4().hex}"
    with psycopg.connect(postgres_server.dsn(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    fresh = postgres_server.dsn(name)
    process = await started(environment | {"SHOWFLOOR_DATABASE_URL": fresh, "SHOWFLOOR_DATABASE_OWNER_URL": fresh})
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2 and "Traceback" not in errors.decode()
    assert "it lacks 0001_viewer_names.sql" in errors.decode()
    assert "run `python -m showfloor.platform.migrations showfloor.session`" in errors.decode()
    with psycopg.connect(fresh) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_the_step_before_tells_what_it_could_not_do(environment: dict[str, str], database: str) -> None:
    away = migrated({"SHOWFLOOR_DATABASE_OWNER_URL": f"postgresql://owner@127.0.0.1:{free_port()}/nowhere"})
    assert away.returncode == 1 and "Traceback" not in away.stderr  # not 2: trying again may help
    assert "session: unexpected OperationalError: " in away.stderr and "then run this again" in away.stderr
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE schema_migration SET digest = 'another'")
    changed = migrated({"SHOWFLOOR_DATABASE_OWNER_URL": database})
    assert changed.returncode == 2 and "Traceback" not in changed.stderr
    assert "0001_viewer_names.sql was changed after it was applied" in changed.stderr
    assert "next:  put the file back as it was" in changed.stderr


def test_the_step_before_says_what_it_needs(environment: dict[str, str]) -> None:
    told = migrated(environment)
    assert told.returncode == 2 and "SHOWFLOOR_DATABASE_OWNER_URL is missing" in told.stderr, told.stderr
