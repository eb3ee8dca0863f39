"""The log of what grants allowed: alike calls are one row, changes are there at once, an outage loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.membership.relations import Use
from showfloor.eventstore.beside import ensure_schema
from showfloor.eventstore.query import Database
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.tasks import stop
from showfloor.service import grant_uses
from showfloor.service.grant_uses import DDL, KEPT, SCHEMA, GrantUses
from showfloor.testing.waiting import until

pytestmark = pytest.mark.requirement("D5")
AT = datetime(2026, 6, 1, 12, 0, 10, tzinfo=UTC)
GRANT = uuid4()


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tables(database: str) -> AsyncIterator[Database]:
    ensure_schema(database, SCHEMA, DDL)
    opened = Database(database)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def uses(tables: Database, clock: Clock) -> GrantUses:
    return GrantUses(tables, clock, {"PinComment"})


def use(action: str = "GetBoard", grant: UUID = GRANT, thing: str = "session:1") -> Use:
    return Use(str(grant), "user:1", action, thing)


async def kept(tables: Database) -> list[Any]:
    return await tables.fetch("SELECT action, calls FROM grant_log.grant_use ORDER BY first_at, action")


async def test_alike_calls_of_a_minute_are_one_row(uses: GrantUses, tables: Database, clock: Clock) -> None:
    for seconds in (0, 20, 40, 60):
        clock.now = AT + timedelta(seconds=seconds)
        await uses.note(use())
        await uses.written()
    newest, first = await uses.page(GRANT, 10)
    assert (first["calls"], first["first_at"], first["last_at"]) == (3, AT, AT + timedelta(seconds=40))
    assert newest["calls"] == 1
    assert await uses.page(uuid4(), 10) == []


async def test_a_change_is_in_the_database_before_it_is_done(uses: GrantUses, tables: Database) -> None:
    await uses.note(use())
    assert await kept(tables) == []  # what only reads waits for the next second
    await uses.note(use("PinComment"))
    assert [row["action"] for row in await kept(tables)] == ["GetBoard", "PinComment"]


async def test_replicas_write_the_same_rows(uses: GrantUses, tables: Database, clock: Clock) -> None:
    other = GrantUses(tables, clock)
    for log in (uses, other, uses):
        await log.note(use())
    await asyncio.gather(uses.close(), other.close())
    (row,) = await kept(tables)
    assert row["calls"] == 3


async def test_pages_go_from_the_newest_to_the_oldest(uses: GrantUses, clock: Clock) -> None:
    for number in range(5):
        clock.now = AT + timedelta(seconds=number)
        await uses.note(use(thing=f"session:{number}"))
    first = await uses.page(GRANT, 3)
    rest = await uses.page(GRANT, 3, first[-1]["first_at"], first[-1]["use_id"])
    assert [row["thing"][-1] for row in (*first, *rest)] == ["4", "3", "2", "1", "0"]


async def test_while_the_database_is_away_changes_are_refused(
    uses: GrantUses, tables: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, away = tables.fetch, Refusal(RefusalKind.UNAVAILABLE, "DATABASE_UNAVAILABLE", "away")

    async def fail(*_: Any, **__: Any) -> Any:
        raise away

    await uses.note(use())
    monkeypatch.setattr(tables, "fetch", fail)
    with pytest.raises(Refusal):
        await uses.note(use("PinComment"))
    await uses.note(use())
    await uses.close()
    monkeypatch.setattr(tables, "fetch", there)
    await uses.written()
    assert {row["action"]: row["calls"] for row in await kept(tables)} == {"GetBoard": 2, "PinComment": 1}


async def test_uses_older_than_a_year_go_and_no_others(
    uses: GrantUses, tables: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for action, age in (("GetBoard", KEPT + timedelta(seconds=61)), ("ListComments", KEPT - timedelta(seconds=61))):
        clock.now = AT - age
        await uses.note(use(action))
    await uses.written()
    clock.now = AT
    monkeypatch.setattr(grant_uses, "EVERY_S", 0.01)
    monkeypatch.setattr(grant_uses, "SWEEP_EVERY_S", -1.0)
    running = asyncio.create_task(uses.run())

    async def swept() -> bool:
        return len(await kept(tables)) < 2

    await until(swept)
    await stop(running)
    assert [row["action"] for row in await kept(tables)] == ["ListComments"]
