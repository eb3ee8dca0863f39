"""Views on a real PostgreSQL: they follow, wait, fail alone, and come out the same when rebuilt."""

import asyncio
import traceback
from uuid import uuid4

import psycopg
import pytest

from showfloor.eventstore import rebuild as rebuilding
from showfloor.eventstore import view as tables
from showfloor.eventstore.runtime import open_store
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import BALANCES, JOURNAL, LEDGER, Deposited, deposit
from showfloor.testing.waiting import PATIENCE, eventually


def broken(name: str = "broken", at: int = 3) -> View:
    def evolve(page):
        for recorded in page:
            if recorded.event.amount == at:
                raise KeyError("no such thing")
            yield Statement("INSERT INTO seen VALUES (%s)", rows=[(recorded.position,)])

    return View(name, "CREATE TABLE seen (position bigint PRIMARY KEY)", (Deposited,), evolve)


async def test_a_read_that_waits_for_a_position_sees_the_command(database):
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        account = uuid4()
        for amount in (1, 2, 3):
            done = await engine.store.execute(LEDGER, account, deposit, amount)
            await engine.views.wait_for(["balances", "journal"], done.position, timeout=PATIENCE)
            row = await engine.database.fetch_one("SELECT total FROM balance WHERE account = %s", [account])
            assert row == {"total": done.state.total}
        assert {s.state for s in await engine.views.status()} == {"live"}


async def test_waiting_for_what_does_not_come_is_refused(database):
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        with pytest.raises(Refusal) as refused:
            await engine.views.wait_for(["balances"], 10, timeout=0.05)
        assert refused.value.reason == "NOT_YET"


async def test_a_broken_view_stops_alone_and_is_revived_by_a_rebuild(database):
    view = broken()
    async with open_store(database, [LEDGER], [BALANCES, view, JOURNAL]) as engine:
        for amount in (1, 2, 3, 4):
            done = await engine.store.execute(LEDGER, uuid4(), deposit, amount)
        await engine.views.wait_for(["balances", "journal"], done.position, timeout=PATIENCE)
        state = {s.name: s for s in await engine.views.status()}
        assert state["broken"].state == "failed"
        assert "no such thing" in state["broken"].error
        assert state["balances"].lag == 0
        with pytest.raises(Refusal) as refused:
            await engine.views.wait_for(["broken"], done.position)
        assert refused.value.reason == "VIEW_FAILED"
        object.__setattr__(view, "evolve", broken(at=-1).evolve)
        rebuilt = await engine.views.rebuild("broken")
        assert (rebuilt.events, rebuilt.position) == (4, done.position)
        await engine.views.wait_for(["broken"], done.position, timeout=PATIENCE)
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 5)
        await engine.views.wait_for(["broken"], done.position, timeout=PATIENCE)
        assert len(await engine.database.fetch("SELECT * FROM seen")) == 5


async def test_a_failing_statement_leaves_nothing_behind(database):
    bad = View("bad", "CREATE TABLE bad (n int)", (Deposited,), lambda _page: [Statement("SELECT nonsense")])
    async with open_store(database, [LEDGER], [BALANCES, bad]) as engine:
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 7)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        assert {s.name: s.state for s in await engine.views.status()} == {"balances": "live", "bad": "failed"}
        assert await engine.database.fetch("SELECT total FROM balance") == [{"total": 7}]


async def test_what_is_told_of_a_failure_holds_no_content_of_rows(database, caplog):
    clash = View(
        "clash",
        "CREATE TABLE clash (name text PRIMARY KEY)",
        (Deposited,),
        lambda _page: [Statement("INSERT INTO clash VALUES (%s)", rows=[("secret name",), ("secret name",)])],
    )
    async with open_store(database, [LEDGER], [BALANCES, clash]) as engine:
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 7)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        [told] = [s.error for s in await engine.views.status() if s.name == "clash"]
        with pytest.raises(rebuilding.RebuildFailed) as failed:
            await engine.views.rebuild("clash")
    assert "secret" not in "".join(traceback.format_exception(failed.value))
    assert "UniqueViolation 23505" in told
    assert "clash_pkey" in told
    assert "clash" in caplog.text
    assert "secret" not in told + caplog.text


async def test_rebuild_while_writing_equals_live(database):
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        accounts = [uuid4() for _ in range(20)]

        async def write(times: int) -> int:
            position = 0
            for n in range(times):
                done = await engine.store.execute(LEDGER, accounts[n % 20], deposit, n)
                position = done.position
            return position

        await asyncio.gather(*(write(150) for _ in range(20)))
        seen: list[tuple[int, int]] = []
        writing = asyncio.gather(*(write(100) for _ in range(20)))
        await engine.views.rebuild("journal", lambda done, end: seen.append((done, end)))
        await engine.views.rebuild("balances")
        last = max(await writing)
        await engine.views.wait_for(["balances", "journal"], last, timeout=PATIENCE)
        assert seen
        for name in ("balances", "journal"):
            live = await engine.views.fingerprint(name)
            await engine.views.rebuild(name)
            assert await engine.views.fingerprint(name) == live
        count = await engine.database.fetch_one("SELECT count(*) AS n FROM journal")
        assert count == {"n": len(await read_all(engine.store))}


async def read_all(store):
    events, after = [], 0
    while page := await store.read_log(after):
        events += page
        after = page[-1].position
    return events


async def test_a_new_view_catches_up_while_the_others_stay_live(database):
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        for _ in range(30):
            await asyncio.gather(*(engine.store.execute(LEDGER, uuid4(), deposit, 1) for _ in range(100)))
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await engine.views.wait_for(["balances", "journal"], done.position, timeout=PATIENCE)
        assert await engine.database.fetch_one("SELECT count(*) AS n FROM journal") == {"n": 3001}


async def test_two_replicas_do_the_work_once_and_both_see_it(database):
    async with (
        open_store(database, [LEDGER], [JOURNAL]) as one,
        open_store(database, [LEDGER], [JOURNAL]) as two,
    ):
        account = uuid4()
        for n in range(1, 21):
            engine = (one, two)[n % 2]
            done = await engine.store.execute(LEDGER, account, deposit, n)
            for replica in (one, two):
                await replica.views.wait_for(["journal"], done.position, timeout=PATIENCE)
        assert done.state.total == 210


async def test_any_replica_rebuilds_whichever_follows(database):
    async with (
        open_store(database, [LEDGER], [BALANCES, JOURNAL]) as one,
        open_store(database, [LEDGER], [BALANCES, JOURNAL]) as two,
    ):
        assert one.views._projector.leads == {"balances", "journal"} and not two.views._projector.leads

        async def write(engine, times: int) -> int:
            account = uuid4()  # two replicas that write one stream would refuse each other
            for n in range(times):
                done = await engine.store.execute(LEDGER, account, deposit, n)
            return done.position

        await write(one, 20)
        writing = asyncio.gather(write(one, 60), write(two, 60))
        while not writing.done():
            old, new = (await two.views.rebuild("journal", compare=True)).compared
            assert old == new
            await two.views.rebuild("balances")
        last = max(await writing)
        for engine in (one, two):
            await engine.views.wait_for(["balances", "journal"], last, timeout=PATIENCE)
            assert {status.state for status in await engine.views.status()} == {"live"}
        live = await one.views.fingerprint("journal")
        rows = await two.database.fetch("SELECT position FROM journal ORDER BY position")
        assert [row["position"] for row in rows] == [recorded.position for recorded in await read_all(one.store)]
        await one.views.rebuild("journal")
        assert await two.views.fingerprint("journal") == live


async def test_a_failed_view_goes_on_once_another_replica_rebuilt_it(database):
    async with open_store(database, [LEDGER], [BALANCES, broken()]) as one:
        for amount in (1, 2, 3, 4):
            done = await one.store.execute(LEDGER, uuid4(), deposit, amount)
        await one.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        async with open_store(database, [LEDGER], [BALANCES, broken(at=-1)]) as two:
            assert "broken" in one.views._projector.failed
            await two.views.rebuild("broken")
            await eventually(lambda: not one.views._projector.failed)
            await one.views.wait_for(["broken"], done.position, timeout=PATIENCE)
            assert {status.state for status in await one.views.status()} == {"live"}


async def test_a_rebuild_by_two_replicas_at_once_is_refused(database):
    async with open_store(database, [LEDGER], [JOURNAL]) as one:
        done = await one.store.execute(LEDGER, uuid4(), deposit, 1)
        await one.views.wait_for(["journal"], done.position, timeout=PATIENCE)
        with psycopg.connect(database) as other:
            assert tables.try_to_rebuild(other, JOURNAL)
            with pytest.raises(Refusal, match="by another replica") as refused:
                await one.views.rebuild("journal")
            assert refused.value.reason == "REBUILD_RUNNING"


async def test_an_overtaken_rebuild_loses_and_doubles_nothing(database, monkeypatch):
    async with (
        open_store(database, [LEDGER], [JOURNAL]) as one,
        open_store(database, [LEDGER], [JOURNAL]) as two,
    ):
        loop, account, lock = asyncio.get_running_loop(), uuid4(), tables.lock_position

        async def write(times: int) -> int:
            for n in range(times):
                done = await two.store.execute(LEDGER, account, deposit, n)
            return done.position

        async def overtake() -> None:
            with psycopg.connect(database, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", [one.views._projector._connection.info.backend_pid])
            await two.views.wait_for(["journal"], await write(5), timeout=PATIENCE)

        def late(*args) -> int:
            asyncio.run_coroutine_threadsafe(overtake(), loop).result(20)
            return lock(*args)

        await one.views.wait_for(["journal"], await write(10), timeout=PATIENCE)
        monkeypatch.setattr(tables, "lock_position", late)
        await one.views.rebuild("journal")
        monkeypatch.setattr(tables, "lock_position", lock)
        last = await write(5)
        await one.views.wait_for(["journal"], last, timeout=PATIENCE)
        await two.views.wait_for(["journal"], last, timeout=PATIENCE)
        rows = await one.database.fetch("SELECT position FROM journal ORDER BY position")
        assert [row["position"] for row in rows] == [one.position for one in await read_all(one.store)]


async def test_a_page_that_another_follower_has_written_is_passed_over(database):
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        projector, account = engine.views._projector, uuid4()
        done = await engine.store.execute(LEDGER, account, deposit, 1)
        await engine.views.wait_for(["journal"], done.position, timeout=PATIENCE)
        with projector.turn, psycopg.connect(database, autocommit=True) as other:
            done = await engine.store.execute(LEDGER, account, deposit, 2)
            other.execute("UPDATE notification_tracking SET notification_id = %s", [done.position])
            other.execute(f"UPDATE {BALANCES.schema}.balance SET total = 3, count = 2")
            other.execute(f"INSERT INTO {JOURNAL.schema}.journal VALUES (%s, %s, 2, 2)", [done.position, account])
        await engine.views.wait_for(["balances", "journal"], done.position, timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE):  # the round that found the new position is still to end
            while {status.state for status in await engine.views.status()} != {"live"}:
                await asyncio.sleep(0.01)
        done = await engine.store.execute(LEDGER, account, deposit, 4)
        await engine.views.wait_for(["balances", "journal"], done.position, timeout=PATIENCE)
        assert await engine.database.fetch("SELECT total, count FROM balance") == [{"total": 7, "count": 3}]


async def test_the_end_of_a_rebuild_takes_nothing_back(database, monkeypatch):
    async with open_store(database, [LEDGER], [JOURNAL]) as engine:
        loop, rebuild = asyncio.get_running_loop(), rebuilding.rebuild

        async def write() -> int:
            done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
            await engine.views.wait_for(["journal"], done.position, timeout=PATIENCE)
            return done.position

        def slow(*args):
            result = rebuild(*args)
            asyncio.run_coroutine_threadsafe(write(), loop).result(20)
            return result

        before = await write()
        monkeypatch.setattr(rebuilding, "rebuild", slow)
        await engine.views.rebuild("journal")
        assert engine.views.position("journal") > before


async def test_a_comparing_rebuild_finds_one_changed_row(database):
    async with open_store(database, [LEDGER], [BALANCES, JOURNAL]) as engine:
        accounts, stopped = [uuid4() for _ in range(10)], asyncio.Event()

        async def write(account) -> None:
            while not stopped.is_set():
                await engine.store.execute(LEDGER, account, deposit, 1)

        writing = asyncio.gather(*(write(account) for account in accounts))
        await engine.views.wait_for(["journal"], 200, timeout=PATIENCE)
        for name in ("journal", "balances") * 3:
            old, new = (await engine.views.rebuild(name, compare=True)).compared
            assert old == new, name
        with psycopg.connect(database) as connection:
            connection.execute(f"UPDATE {JOURNAL.schema}.journal SET amount = 99 WHERE position = 1")
        old, new = (await engine.views.rebuild("journal", compare=True)).compared
        assert old != new
        old, new = (await engine.views.rebuild("journal", compare=True)).compared
        assert old == new
        assert (await engine.views.rebuild("journal")).compared is None
        stopped.set()
        await writing


async def test_a_rebuild_that_compares_waits_for_a_view_that_lags(database, monkeypatch):
    async with open_store(database, [LEDGER], [JOURNAL]) as engine:
        projector = engine.views._projector
        with projector.turn:  # the projector stands still while much is written
            for _ in range(30):
                await asyncio.gather(*(engine.store.execute(LEDGER, uuid4(), deposit, 1) for _ in range(100)))
            comparing = asyncio.create_task(engine.views.rebuild("journal", compare=True))
            await asyncio.sleep(0.1)
        rebuilt = await comparing
        assert rebuilt.compared[0] == rebuilt.compared[1] == await engine.views.fingerprint("journal")
        assert rebuilt.position == 3000


async def test_a_view_that_stood_still_is_not_as_its_rebuild(database):
    view = broken()
    async with open_store(database, [LEDGER], [BALANCES, view]) as engine:
        for amount in (1, 2, 3, 4):
            done = await engine.store.execute(LEDGER, uuid4(), deposit, amount)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        object.__setattr__(view, "evolve", broken(at=-1).evolve)
        old, new = (await engine.views.rebuild("broken", compare=True)).compared
        assert old != new


async def test_a_view_that_does_not_advance_is_not_compared(database, monkeypatch):
    monkeypatch.setattr(rebuilding, "_PATIENCE", 0.0)
    async with open_store(database, [LEDGER], [JOURNAL]) as engine:
        with engine.views._projector.turn:
            await engine.store.execute(LEDGER, uuid4(), deposit, 1)
            with pytest.raises(Refusal) as refused:
                await engine.views.rebuild("journal", compare=True)
        assert refused.value.reason == "NOT_YET"


async def test_shared_table_names_are_refused_at_the_start(database):
    with pytest.raises(ValueError, match="share names"):
        async with open_store(database, [LEDGER], [broken("one"), broken("two")]):
            pass
