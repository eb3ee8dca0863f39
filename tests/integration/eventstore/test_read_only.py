"""PostgreSQL takes no writes for a while, or ends idle sessions: whoever meets it waits, and nobody sees a defect."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from showfloor.eventstore import projector
from showfloor.eventstore.deadlines import Deadline, DeadlineRunner, deadline_view
from showfloor.eventstore.lease import leadership
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.runtime import open_store
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import BEGINNING, DeadLetter
from showfloor.testing.ledger import BALANCES, JOURNAL, LEDGER, Deposited, close, deposit
from showfloor.testing.waiting import PATIENCE, eventually


@pytest.fixture
def dsn(private_postgres):
    migrate(private_postgres.dsn())
    return private_postgres.dsn()


async def positions_of(store) -> list[int]:
    found: list[int] = []
    while page := await store.read_log(found[-1] if found else 0):
        found += [one.position for one in page]
    return found


@pytest.mark.parametrize("windows", [(0.3, 0.3, 0.3), (3.0,)], ids=["short", "long"])
async def test_windows_without_writes_under_load(private_postgres, dsn, windows):
    """Callers wait or are told UNAVAILABLE; views and their listeners lack nothing, and none of them fails."""
    heard: list[int] = []
    async with open_store(dsn, [LEDGER], [BALANCES, JOURNAL]) as engine:
        engine.views.on_advance(lambda _positions, page: heard.extend(one.position for one in page))
        accounts = {uuid4(): 0 for _ in range(8)}
        refused: list[Refusal] = []
        failed: set[str] = set()
        stop = False

        async def caller(account):
            while not stop:
                try:
                    done = await engine.store.execute(LEDGER, account, deposit, 1)
                    assert done.version > accounts[account]
                    accounts[account] = done.version
                except Refusal as refusal:
                    refused.append(refusal)

        async def watcher():
            while not stop:
                failed.update(one.error for one in await engine.views.status() if one.state == "failed")
                await asyncio.sleep(0.02)

        load = asyncio.gather(*(caller(account) for account in accounts), watcher())
        for seconds in windows:
            before = dict(accounts)
            await eventually(lambda before=before: all(accounts[one] > before[one] for one in accounts))
            with private_postgres.read_only():
                await asyncio.sleep(seconds)
        before = dict(accounts)
        await eventually(lambda: all(accounts[one] > before[one] for one in accounts))
        stop = True
        await load
        assert {refusal.kind for refusal in refused} <= {RefusalKind.UNAVAILABLE}
        assert not failed
        log = await positions_of(engine.store)
        await engine.views.wait_for(["balances", "journal"], log[-1], timeout=PATIENCE)
        await eventually(lambda: heard and heard[-1] == log[-1])
        assert heard == log
        for account, acknowledged in accounts.items():
            loaded = await engine.store.load(LEDGER, account)
            assert loaded.version == loaded.state.count == acknowledged
        for name in ("balances", "journal"):
            live = await engine.views.fingerprint(name)
            await engine.views.rebuild(name)
            assert await engine.views.fingerprint(name) == live


async def test_what_reads_answers_and_what_writes_is_unavailable(private_postgres, dsn):
    letter = DeadLetter(3, "public.up.0", {}, b"", "why", datetime.now(UTC))
    async with open_store(dsn, [LEDGER], [BALANCES]) as engine:
        account = uuid4()
        done = await engine.store.execute(LEDGER, account, deposit, 7)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        with private_postgres.read_only():
            assert (await engine.store.load(LEDGER, account)).state.total == 7
            assert await engine.database.fetch("SELECT total FROM balance") == [{"total": 7}]
            for writing in (
                engine.store.execute(LEDGER, account, deposit, 1),
                engine.database.fetch("INSERT INTO dead_letter (name) VALUES ('x') RETURNING 1"),
                engine.tracking.commit([Statement("SELECT 1")], "up>me", 3, BEGINNING, after=0),
                engine.tracking.add_dead_letter("up>me", letter, BEGINNING, after=0),
            ):
                with pytest.raises(Refusal) as refused:
                    await writing
                assert refused.value.kind is RefusalKind.UNAVAILABLE
        assert (await engine.store.execute(LEDGER, account, deposit, 1)).state.total == 8
        assert await engine.tracking.position("up>me") == (0, BEGINNING)


async def test_an_idle_transaction_ended_by_the_server_is_an_outage(private_postgres, dsn):
    async with open_store(dsn, [LEDGER]) as engine:
        with private_postgres.no_idling(), pytest.raises(Refusal) as refused:
            async with engine.database.transaction() as connection:
                await connection.execute("SELECT 1")
                while True:  # until PostgreSQL has had enough
                    await asyncio.sleep(0.05)
                    await connection.execute("SELECT 1")
        assert refused.value.reason == "DATABASE_UNAVAILABLE"
        assert await engine.database.fetch("SELECT 1 AS one") == [{"one": 1}]


async def test_a_commit_ended_by_the_server_counts_once(private_postgres, dsn, monkeypatch):
    """The server ends the session (57P01) after the commit: the batch is looked for before it is decided again."""
    async with open_store(dsn, [LEDGER]) as engine:
        account, log = uuid4(), engine.store.log
        await engine.store.execute(LEDGER, account, deposit, 1)
        append = log._insert

        def ended(*asked):
            append(*asked)
            monkeypatch.undo()
            with log._connections.get() as connection:
                connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        monkeypatch.setattr(log, "_insert", ended)
        done = await engine.store.execute(LEDGER, account, deposit, 10)
        assert (done.version, done.state.total) == (2, 11)
        assert len(await engine.store.read_log(0)) == 2


async def test_a_batch_in_doubt_that_arrives_late_counts_once(dsn, monkeypatch):
    """It was looked for before the server had it; the second attempt then meets its rows."""
    async with open_store(dsn, [LEDGER]) as engine:
        account, log = uuid4(), engine.store.log
        append, calls = log._insert, []

        def late(*asked):
            calls.append(asked)
            if len(calls) == 1:
                raise psycopg.OperationalError("the connection broke")
            if len(calls) == 2:
                append(*calls[0])
            return append(*asked)

        monkeypatch.setattr(log, "_insert", late)
        done = await engine.store.execute(LEDGER, account, deposit, 10)
        assert (done.version, done.state.total, len(calls)) == (1, 10, 2)
        assert (await engine.store.load(LEDGER, account)).state.total == 10


async def test_a_defect_after_a_commit_in_doubt_decides_nothing_again(dsn, monkeypatch):
    async with open_store(dsn, [LEDGER]) as engine:
        account, log = uuid4(), engine.store.log
        calls: list[object] = []

        def late(*asked):
            calls.append(asked)
            if len(calls) == 1:
                raise psycopg.OperationalError("the connection broke")
            raise ValueError("a defect")

        monkeypatch.setattr(log, "_insert", late)
        with pytest.raises(Refusal) as refused:
            await engine.store.execute(LEDGER, account, deposit, 10)
        assert refused.value.kind is RefusalKind.UNAVAILABLE
        assert "send the same request again" in refused.value.message
        assert len(calls) == 2


async def test_deadlines_fire_once_the_database_takes_writes(private_postgres, dsn):
    start = datetime.now(UTC)

    def due(recorded: Recorded) -> Sequence[Deadline]:
        return [Deadline("close", recorded.stream, start - timedelta(seconds=1))]

    async with open_store(dsn, [LEDGER], [deadline_view((Deposited,), due)]) as engine:
        fired: list[UUID] = []

        async def fire(deadline: Deadline) -> None:
            fired.append(deadline.stream)
            await engine.store.execute(LEDGER, deadline.stream, close, None, timeout=1.0)

        runner = DeadlineRunner(engine.views, engine.database, fire)
        account = uuid4()
        done = await engine.store.execute(LEDGER, account, deposit, 1)
        await engine.views.wait_for(["deadlines"], done.position, timeout=PATIENCE)
        with private_postgres.read_only():
            runner.start()
            await eventually(lambda: fired)
        await eventually(lambda: len(fired) > 1)
        for _ in range(200):
            if (await engine.store.load(LEDGER, account)).state.closed:
                break
            await asyncio.sleep(0.05)
        await runner.close()
        assert (await engine.store.load(LEDGER, account)).state.closed


async def test_the_lead_stays_and_can_be_taken_without_writes(private_postgres, dsn):
    lead = leadership(dsn, "relay")
    async with lead() as lease:
        with private_postgres.read_only():
            assert await lease.held()
    with private_postgres.read_only():
        async with lead() as lease:
            assert await lease.held()


async def test_a_view_that_failed_is_tried_again_until_it_goes_on(database, monkeypatch):
    monkeypatch.setattr(projector, "AGAIN", (0.05, 0.2))
    tries: list[int] = []
    mended = False

    def evolve(page):
        if any(recorded.event.amount == 3 for recorded in page) and not mended:
            tries.append(len(page))
            raise KeyError("no such thing")
        return [Statement("INSERT INTO seen VALUES (%s)", rows=[(recorded.position,) for recorded in page])]

    view = View("picky", "CREATE TABLE seen (position bigint PRIMARY KEY)", (Deposited,), evolve)
    async with open_store(database, [LEDGER], [BALANCES, view]) as engine:
        for amount in (1, 2, 3, 4):
            done = await engine.store.execute(LEDGER, uuid4(), deposit, amount)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        await eventually(lambda: len(tries) >= 8)
        state = {one.name: one for one in await engine.views.status()}
        assert (state["picky"].state, state["balances"].state) == ("failed", "live")
        assert "no such thing" in state["picky"].error
        assert "tried again after" in state["picky"].error
        mended = True
        for _ in range(400):
            if engine.views.position("picky") == done.position:
                break
            await asyncio.sleep(0.02)
        assert {one.state for one in await engine.views.status()} == {"live"}
        await engine.views.wait_for(["picky"], done.position, timeout=PATIENCE)
        assert len(await engine.database.fetch("SELECT 1 FROM seen")) == 4


async def test_the_pauses_of_a_failed_view_grow_to_a_limit(database, monkeypatch):
    monkeypatch.setattr(projector, "AGAIN", (0.01, 0.04))
    view = View("bad", "CREATE TABLE bad (n int)", (Deposited,), lambda _page: [Statement("SELECT nonsense")])
    async with open_store(database, [LEDGER], [view]) as engine:
        pauses: list[float] = []
        fail = projector.Projector._fail

        def noted(self, *args):
            fail(self, *args)
            pauses.append(self._again["bad"][1])

        monkeypatch.setattr(projector.Projector, "_fail", noted)
        await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await eventually(lambda: len(pauses) >= 5)
        assert pauses[:5] == [0.01, 0.02, 0.04, 0.04, 0.04]


async def test_a_rebuild_in_an_outage_leaves_the_old_rows(private_postgres, dsn):
    async with open_store(dsn, [LEDGER], [BALANCES]) as engine:
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 7)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        with private_postgres.read_only():
            with pytest.raises(Refusal) as refused:
                await engine.views.rebuild("balances")
            assert (refused.value.kind, refused.value.reason) == (RefusalKind.UNAVAILABLE, "DATABASE_UNAVAILABLE")
            assert await engine.database.fetch("SELECT total FROM balance") == [{"total": 7}]
        await engine.views.rebuild("balances")
        private_postgres.kill()
        with pytest.raises(Refusal) as refused:
            await engine.views.fingerprint("balances")
        assert refused.value.kind is RefusalKind.UNAVAILABLE
        private_postgres.start()
