"""Two versions of a service on one database: each reads tables of its own, and none before they have caught up."""

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from showfloor.eventstore import builder, definitions
from showfloor.eventstore import view as tables
from showfloor.eventstore.inventory import inventory
from showfloor.eventstore.log import NewRow
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.eventstore.statements import Change
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import BALANCES, JOURNAL, LEDGER, deposit
from showfloor.testing.waiting import PATIENCE, eventually

TOTAL = "SELECT coalesce(sum(amount), 0)::bigint AS total, count(*) AS count FROM journal"
LONG_AGO = "UPDATE view_definition SET used_at = now() - interval '2 hours'"


def newer(version: int = 2, gate: threading.Event | None = None, seen: list[int] | None = None) -> View:
    """Return another version of the journal. It is filled no further than one page while the gate is shut."""

    def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
        if gate is not None and page[0].position > 1:
            assert gate.wait(30)
        if seen is not None:
            seen.extend(recorded.position for recorded in page)
        return JOURNAL.evolve(page)

    return replace(JOURNAL, evolve=evolve, version=version)


async def write(engine: Runtime, times: int, account: UUID | None = None) -> int:
    account = account or uuid4()
    done = await asyncio.gather(*(engine.store.execute(LEDGER, account, deposit, 1) for _ in range(times)))
    return max(one.position for one in done)


async def ready(engine: Runtime) -> None:
    await eventually(lambda: not engine.views.building())


def schemas(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'view\\_%'").fetchall()
    return {str(name) for (name,) in rows}


def test_a_definition_is_all_that_rows_depend_on() -> None:
    same = replace(JOURNAL, evolve=lambda _page: [])
    others = [
        replace(JOURNAL, version=2),
        replace(JOURNAL, ddl=JOURNAL.ddl + " "),
        replace(JOURNAL, settings="7 days"),
        replace(JOURNAL, handles=JOURNAL.handles[:-1]),
        replace(JOURNAL, name="diary"),
    ]
    assert same.schema == JOURNAL.schema
    assert replace(JOURNAL, handles=JOURNAL.handles[::-1]).schema == JOURNAL.schema
    for names in ({one.schema for one in others}, {one.tracking_name for one in others}):
        assert len(names) == len(others)
        assert not names & {JOURNAL.schema, JOURNAL.tracking_name}


@pytest.mark.parametrize("name", ["", "Journal", "a-b", "a" * 33, "1st"])
def test_a_name_that_makes_no_schema_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a view's name"):
        replace(JOURNAL, name=name)


async def test_two_versions_live_side_by_side(database: str) -> None:
    gate = threading.Event()
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as old:
        await write(old, 6_000)
        async with open_store(database, [LEDGER], [BALANCES, newer(gate=gate)]) as new:
            for engine in (old, new, old, new):  # both take commands; the old one answers as if nobody else were there
                position = await write(engine, 50)
                await old.views.wait_for(["journal", "balances"], position, timeout=PATIENCE)
                assert await old.database.fetch_one(TOTAL) == {"total": position, "count": position}
            await new.views.wait_for(["balances"], position, timeout=PATIENCE)
            assert new.views.building().startswith("view journal is being built: at position ")
            with pytest.raises(Refusal) as refused:
                await new.database.fetch_one(TOTAL)
            assert refused.value.reason == "NOT_YET"
            for asked in (0, position):
                with pytest.raises(Refusal, match="view journal is being built") as refused:
                    await new.views.wait_for(["journal"], asked, timeout=0.05)
                assert refused.value.reason == "NOT_YET"
            states = {status.name: status.state for status in await new.views.status()}
            assert states == {"balances": "live", "journal": "building"}
            gate.set()
            await ready(new)
            assert await new.database.fetch_one(TOTAL) == {"total": position, "count": position}
            position = await write(old, 50)
            for engine in (old, new):
                await engine.views.wait_for(["journal"], position, timeout=PATIENCE)
                assert await engine.database.fetch_one(TOTAL) == {"total": position, "count": position}
            compared = [(await engine.views.rebuild("journal", compare=True)).compared for engine in (old, new)]
            assert compared[0] == compared[1]
            assert compared[0] is not None and compared[0][0] == compared[0][1]
            assert set(inventory(database).views) == {s.removeprefix("view_") for s in schemas(database)}
            assert len(inventory(database).views) == 3


async def test_no_answer_is_ever_a_part(database: str) -> None:
    async with open_store(database, [LEDGER], [JOURNAL]) as old:
        written = await write(old, 8_000)
    seen: list[int] = []
    async with open_store(database, [LEDGER], [newer()]) as new:
        while not seen:
            try:
                row = await new.database.fetch_one(TOTAL)
            except Refusal as refusal:
                assert refusal.reason == "NOT_YET"
            else:
                seen = [row["count"]] if row else []
    assert seen == [written]


async def test_tables_that_no_process_uses_are_dropped(database: str) -> None:
    view = newer()
    async with open_store(database, [LEDGER], [BALANCES, view], keep=1.0) as new:
        async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as old:
            position = await write(old, 10)
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute(LONG_AGO)  # a clock went wrong: who carries the tables on holds a lock all the same
                assert definitions.drop_unused(connection, [BALANCES, view], 1.0) == []
            await old.views.wait_for(["journal"], position, timeout=PATIENCE)
            assert JOURNAL.schema in schemas(database)
        await eventually(lambda: JOURNAL.schema not in schemas(database))
        assert {view.schema, BALANCES.schema} == schemas(database)
        with psycopg.connect(database) as connection:
            assert tables.positions(connection, [JOURNAL]) == {}
            known = connection.execute("SELECT schema FROM view_definition").fetchall()
        assert {schema for (schema,) in known} == {view.schema, BALANCES.schema}
        assert await new.database.fetch_one("SELECT count(*) AS n FROM journal") == {"n": position}


async def test_only_what_is_known_to_be_ours_is_dropped(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES]):
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA view_mine_0123456789ab; CREATE SCHEMA mine; CREATE SCHEMA view_before")
            connection.execute("INSERT INTO view_definition (schema, view, digest) VALUES ('mine', 'mine', 'x')")
            connection.execute(LONG_AGO)
            definitions.prepare(connection, [replace(JOURNAL, name="before")])  # a schema of that name without our mark
            connection.execute(LONG_AGO)
            dropped = definitions.drop_unused(connection, [BALANCES], 1.0)
    assert dropped == [replace(JOURNAL, name="before").schema]
    with psycopg.connect(database) as connection:
        there = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('mine', 'view_before')")
        assert there.rowcount == 2
    assert {"view_mine_0123456789ab", BALANCES.schema, "view_before"} == schemas(database)


async def test_an_old_version_started_again_finds_its_tables(database: str) -> None:
    async with open_store(database, [LEDGER], [JOURNAL]) as old:
        await write(old, 10)
    async with open_store(database, [LEDGER], [newer()]) as new:
        await ready(new)
        position = await write(new, 10)
    async with open_store(database, [LEDGER], [JOURNAL]) as old:
        assert not old.views.building()
        await old.views.wait_for(["journal"], position, timeout=PATIENCE)
        assert await old.database.fetch_one(TOTAL) == {"total": 20, "count": 20}


async def test_tables_far_behind_are_hidden_and_go_on_where_they_stand(database: str) -> None:
    seen: list[int] = []
    async with open_store(database, [LEDGER], [newer(seen=seen)]) as one:
        first = await write(one, 3_000)
        await one.views.wait_for(["journal"], first, timeout=PATIENCE)
    async with open_store(database, [LEDGER], [BALANCES]) as other:
        last = await write(other, 3_000)
    async with open_store(database, [LEDGER], [newer(seen=seen)]) as one:
        try:
            assert await one.database.fetch_one(TOTAL) == {"total": last, "count": last}
        except Refusal as refusal:
            assert refusal.reason == "NOT_YET"
        await ready(one)
        assert await one.database.fetch_one(TOTAL) == {"total": last, "count": last}
    assert seen == list(range(1, last + 1)), "nothing is read a second time"


async def test_a_build_that_is_cut_off_goes_on_where_it_was(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        last = await write(engine, 7_000)
    gate, seen = threading.Event(), list[int]()
    async with open_store(database, [LEDGER], [newer(gate=gate)]) as cut:
        await eventually(lambda: "position 2000" in cut.views.building())
        with psycopg.connect(database, autocommit=True) as admin:  # as if the process were killed
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        gate.set()
    async with open_store(database, [LEDGER], [newer(seen=seen)]) as engine:
        await ready(engine)
        assert await engine.database.fetch_one(TOTAL) == {"total": last, "count": last}
    assert 2_000 not in seen


async def test_of_several_processes_one_builds(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        last = await write(engine, 5_000)
    gate, first, second = threading.Event(), list[int](), list[int]()
    async with open_store(database, [LEDGER], [newer(gate=gate, seen=first)]) as one:
        await eventually(lambda: first)
        async with open_store(database, [LEDGER], [newer(seen=second)]) as two:
            assert two.views.building()
            gate.set()
            await ready(one)
            await ready(two)
            assert not second
            for engine in (one, two):
                assert await engine.database.fetch_one(TOTAL) == {"total": last, "count": last}


async def test_a_view_that_cannot_be_built_says_so_and_is_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "AGAIN", (0.05, 0.1))
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        last = await write(engine, 10)
    faults: list[Any] = [KeyError("no such thing")]

    def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
        for fault in faults:
            raise fault
        return JOURNAL.evolve(page)

    view = replace(JOURNAL, evolve=evolve)
    async with open_store(database, [LEDGER], [BALANCES, view]) as engine:
        await eventually(lambda: "cannot be built" in engine.views.building())
        assert "no such thing" in engine.views.building()
        assert {s.name: s.state for s in await engine.views.status()} == {"balances": "live", "journal": "failed"}
        with pytest.raises(Refusal) as refused:
            await engine.views.wait_for(["journal"], last)
        assert refused.value.reason == "VIEW_FAILED"
        faults.clear()
        await ready(engine)
        assert await engine.database.fetch_one(TOTAL) == {"total": last, "count": last}


async def test_a_failing_view_keeps_nobody_from_the_others(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        await engine.views.wait_for(["journal"], await write(engine, 10), timeout=PATIENCE)
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        last = await write(engine, 2_000)

    def evolve(_page: Sequence[Recorded]) -> Iterable[Change]:
        raise KeyError("no such thing")

    async with open_store(database, [LEDGER], [BALANCES, replace(JOURNAL, evolve=evolve)]) as engine:
        await ready(engine)
        await engine.views.wait_for(["balances"], last, timeout=PATIENCE)
        with pytest.raises(Refusal) as refused:
            await engine.database.fetch_one(TOTAL)
        assert refused.value.reason == "NOT_YET"


async def test_events_of_which_only_a_newer_version_knows_stop_no_view(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as old:
        await write(old, 3)
        rows = [NewRow(uuid4(), 1, "ledger.audited:1", b"[{}, {}]") for _ in range(2_500)]  # more than two pages
        await asyncio.to_thread(old.store.log.append, rows)
        position = await write(old, 3)
        await old.views.wait_for(["balances", "journal"], position, timeout=PATIENCE)
        assert await old.database.fetch_one(TOTAL) == {"total": 6, "count": 6}
        assert not old.views.building()
    async with open_store(database, [LEDGER], [newer()]) as old:
        await ready(old)
        assert await old.database.fetch_one(TOTAL) == {"total": 6, "count": 6}


async def test_a_newer_event_makes_an_old_process_unready_never_wrong(database: str) -> None:
    async with open_store(database, [LEDGER], [BALANCES]) as old:
        await write(old, 3)
        row = NewRow(uuid4(), 1, "ledger.deposited:3", b'[{}, {"sum": 7}]')
        (position,) = await asyncio.to_thread(old.store.log.append, [row])
        await eventually(lambda: "ledger.deposited:3" in old.views.building())
        assert old.views.position("balances") < position
    async with open_store(database, [LEDGER], [JOURNAL]) as old:  # a build must not pass over it either
        await eventually(lambda: "ledger.deposited:3" in old.views.building())
        with pytest.raises(Refusal) as refused:
            await old.database.fetch_one(TOTAL)
        assert refused.value.reason == "NOT_YET"
