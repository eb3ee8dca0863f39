"""PostgreSQL dies without warning; nothing acknowledged is lost, everything heals by itself."""

import asyncio
from uuid import uuid4

import psycopg

from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.projector import Projector
from showfloor.eventstore.runtime import open_store
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.ledger import BALANCES, JOURNAL, LEDGER, deposit
from showfloor.testing.waiting import PATIENCE, eventually


async def test_kill_minus_nine_under_load(private_postgres):
    migrate(private_postgres.dsn())
    async with open_store(private_postgres.dsn(), [LEDGER], [BALANCES, JOURNAL]) as engine:
        accounts = {uuid4(): 0 for _ in range(16)}
        refused: list[Refusal] = []
        stop = False

        async def caller(account):
            while not stop:
                try:
                    done = await engine.store.execute(LEDGER, account, deposit, 1)
                    assert done.version > accounts[account]
                    accounts[account] = done.version
                except Refusal as refusal:
                    refused.append(refusal)
                    await asyncio.sleep(0.05)

        callers = asyncio.gather(*(caller(account) for account in accounts))
        for downtime in (0.0, 1.5):
            await asyncio.sleep(0.5)
            private_postgres.kill()
            await asyncio.sleep(downtime)
            await asyncio.to_thread(private_postgres.start)
        await asyncio.sleep(1.0)
        stop = True
        await callers
        assert all(r.kind is RefusalKind.UNAVAILABLE for r in refused)
        last = await engine.store.last_position()
        await engine.views.wait_for(["balances", "journal"], last, timeout=PATIENCE)
        for account, acknowledged in accounts.items():
            loaded = await engine.store.load(LEDGER, account)
            assert loaded.version >= acknowledged > 0
            row = await engine.database.fetch_one("SELECT count FROM balance WHERE account = %s", [account])
            assert row == {"count": loaded.state.count}
        live = await engine.views.fingerprint("balances")
        await engine.views.rebuild("balances")
        assert await engine.views.fingerprint("balances") == live


async def test_callers_are_refused_in_time_while_the_database_is_away(private_postgres):
    migrate(private_postgres.dsn())
    async with open_store(private_postgres.dsn(), [LEDGER], [BALANCES]) as engine:
        await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        private_postgres.kill()
        calls = [engine.store.execute(LEDGER, uuid4(), deposit, 1, timeout=0.5) for _ in range(50)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert {r.reason for r in results} <= {"DEADLINE_PASSED", "STORE_UNAVAILABLE"}
        for reading in (
            engine.store.load(LEDGER, uuid4()),
            engine.store.read_log(0),
            engine.database.fetch("SELECT 1"),
        ):
            try:
                await reading
            except Refusal as refusal:
                assert refusal.kind is RefusalKind.UNAVAILABLE
            else:
                raise AssertionError("answered without a database")
        await asyncio.to_thread(private_postgres.start)
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        assert (await engine.database.fetch_one("SELECT count(*) AS n FROM balance")) == {"n": 2}


async def test_a_commit_whose_answer_was_lost_counts_once(database, monkeypatch):
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        account, log = uuid4(), engine.store.log
        await engine.store.execute(LEDGER, account, deposit, 1)
        append = log._insert

        def cut(rows, *more):
            append(rows, *more)
            monkeypatch.undo()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(log, "_insert", cut)
        done = await engine.store.execute(LEDGER, account, deposit, 10)
        assert (done.version, done.state.total) == (2, 11)
        assert done.position == await engine.store.last_position()
        assert (await engine.store.load(LEDGER, account)).state.total == 11


async def test_callers_do_not_notice_a_connection_cut_by_the_server(database):
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        assert len(await engine.store.read_log(0)) == 2


async def test_a_page_whose_commit_answer_was_lost_is_told_of(database, monkeypatch):
    """Whoever listens to the views hears of every event once, also when the connection breaks with the commit."""
    heard: list[int] = []
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        engine.views.on_advance(lambda _positions, page: heard.extend(one.position for one in page))
        first = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await engine.views.wait_for(["balances"], first.position, timeout=PATIENCE)
        commit, cut = Projector._commit, [True]

        def cut_after(projector, *args):
            before = dict(projector.positions)
            commit(projector, *args)
            if cut.pop() if cut else False:
                projector.positions = before  # as it was when the answer did not come
                raise psycopg.OperationalError("the connection broke")

        monkeypatch.setattr(Projector, "_commit", cut_after)
        second = await engine.store.execute(LEDGER, uuid4(), deposit, 2)
        third = await engine.store.execute(LEDGER, uuid4(), deposit, 3)
        await engine.views.wait_for(["balances"], third.position, timeout=PATIENCE)
        await eventually(lambda: third.position in heard)
        assert not cut
        assert heard == [first.position, second.position, third.position]
