"""Rows whose time has passed go, under the role that serves, however many they are."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

import showfloor.gateway
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway import sweeping
from showfloor.gateway.access.oidc import UsedTokens
from showfloor.gateway.access.sign_ins import SignIns
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.kernel.clock import utc_now

TABLES = {  # how a row comes from a number x, but for when it expires
    "sign_in": "(token_hash, sign_in_id, user_id, expires_at) SELECT x::text::bytea, uuidv7(), uuidv7()",
    "sign_in_link": "(code_hash, user_id, expires_at) SELECT x::text::bytea, uuidv7()",
    "used_token": "(token_hash, forget_at) SELECT x::text::bytea",
    "idempotent_request": "(principal, route, key, fingerprint, lease_until, expires_at)"
    " SELECT 'p', 'r', x::text, '', now()",
}


@pytest.fixture
async def tables(database: str) -> AsyncIterator[Database]:
    """A gateway's tables as the role that serves sees them, with five rows that have expired and two that have not."""
    role = f"svc_{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        migrate(database, Path(showfloor.gateway.__path__[0]) / "migrations", service_role=role)
        served = Database(database.replace("user=postgres", f"user={role}"))
        await served.open()
        for table, columns in TABLES.items():
            sql = f"INSERT INTO {table} {columns}, now() + (x - 5.5) * interval '1 hour' FROM generate_series(1, 7) x"
            await served.fetch(sql + " RETURNING 1")
        yield served
        await served.close()
        owner.execute(f"DROP OWNED BY {role}".encode())
        owner.execute(f"DROP ROLE {role}".encode())


async def left(tables: Database) -> dict[str, int]:
    return {table: (await tables.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in TABLES}


@pytest.mark.parametrize("most", [2, 5, 10_000])
async def test_what_has_expired_goes_in_slices(tables: Database, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(sweeping, "SLICE", most)
    for room in (SignIns(tables, utc_now), UsedTokens(tables, utc_now), Idempotency(tables, Sealing(Keyring()), 1)):
        await room.sweep()
    assert await left(tables) == dict.fromkeys(TABLES, 2)


async def test_sign_ins_and_links_are_found_by_when_they_expire(tables: Database) -> None:
    for table in ("sign_in", "sign_in_link"):
        plan = await tables.fetch(f"EXPLAIN SELECT ctid FROM {table} WHERE expires_at < now() LIMIT 10000")
        assert f"{table}_expiry" in str(plan)


async def test_a_sweep_that_fails_is_logged_and_done_in_the_next_round(capsys: pytest.CaptureFixture[str]) -> None:
    rounds: list[datetime] = []

    class Enough(BaseException):
        """Ends the endless."""

    async def work() -> None:
        rounds.append(datetime.now(UTC))
        if len(rounds) == 3:
            raise Enough
        raise OSError("the disk is full")

    with pytest.raises(Enough):
        await sweeping.sweeping("sign-ins", work, every=0.01)
    told = capsys.readouterr().out
    assert told.count("sweeping failed") == 2 and "sign-ins" in told and "the disk is full" in told


async def test_a_secret_written_but_not_told_is_written_again(
    tables: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool sends a statement again whose connection broke: the row may be there already, and is our own."""
    monkeypatch.setattr("showfloor.gateway.access.sign_ins.new_secret", lambda: "s")
    before, sign_ins, user = await left(tables), SignIns(tables, utc_now), uuid4()
    for _ in range(2):
        token, _signed_in = await sign_ins.start(user)
        code, _until = await sign_ins.new_link(user)
    assert (await sign_ins.find(token)).user_id == user
    assert await sign_ins.use_link(code) == user
    after = await left(tables)
    assert {name: after[name] - before[name] for name in ("sign_in", "sign_in_link")} == {
        "sign_in": 1,
        "sign_in_link": 1,
    }
