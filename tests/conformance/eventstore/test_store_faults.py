"""What goes wrong beside a commit: one suite for every store, the in-memory one and PostgreSQL."""

import asyncio
from uuid import uuid4

from showfloor.eventstore.log import VersionConflict
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.ledger import LEDGER, Account, deposit


async def test_contention_stays_with_its_stream(opened, monkeypatch):
    async with opened() as store:
        contested, calm = uuid4(), uuid4()
        append = store.log.append

        def beaten(rows, *more):
            if any(row.stream == contested for row in rows):
                raise VersionConflict("somebody was first")
            return append(rows, *more)

        monkeypatch.setattr(store.log, "append", beaten)
        results = await asyncio.gather(
            store.execute(LEDGER, contested, deposit, 1),
            store.execute(LEDGER, calm, deposit, 1),
            return_exceptions=True,
        )
        assert isinstance(results[0], Refusal)
        assert (results[0].kind, results[0].reason) == (RefusalKind.UNAVAILABLE, "CONTENTION")
        assert results[1].state == Account(1, 1)


async def test_a_batch_spoiled_by_one_command_is_committed_one_by_one(opened, monkeypatch):
    async with opened() as store:
        bad, good = uuid4(), uuid4()
        append = store.log.append

        def picky(rows, *more):
            if any(row.stream == bad for row in rows):
                raise ValueError("cannot be stored")
            return append(rows, *more)

        monkeypatch.setattr(store.log, "append", picky)
        results = await asyncio.gather(
            store.execute(LEDGER, bad, deposit, 1),
            store.execute(LEDGER, good, deposit, 1),
            return_exceptions=True,
        )
        assert isinstance(results[0], ValueError)
        assert results[1].state == Account(1, 1)


async def test_an_error_beside_a_commit_does_not_stop_the_writer(opened, monkeypatch):
    monkeypatch.setattr("showfloor.eventstore.writer.SNAPSHOT_EVERY", 1)
    async with opened() as store:
        failures = []

        def broken(*_args):
            failures.append(True)
            raise ValueError("not now")

        store.on_commit(broken)
        monkeypatch.setattr(store.log, "save_snapshot", broken)
        account = uuid4()
        for total in (1, 2, 3):
            assert (await store.execute(LEDGER, account, deposit, 1, timeout=2)).state.total == total
        assert len(failures) >= 3


async def test_many_streams_are_loaded_at_once(opened, monkeypatch):
    async with opened() as store, opened() as other:
        accounts = [uuid4() for _ in range(50)]
        await asyncio.gather(*(other.execute(LEDGER, one, deposit, n) for n, one in enumerate(accounts)))
        reads, read_streams = [], store.log.read_streams

        def counted(*args):
            reads.append(args)
            return read_streams(*args)

        monkeypatch.setattr(store.log, "read_streams", counted)
        nowhere = uuid4()
        found = await store.load_many(LEDGER, [*accounts, accounts[0], nowhere])
        assert [found[one].state.total for one in accounts] == list(range(50))
        assert (found[nowhere].version, len(found), len(reads)) == (0, 51, 1)
        assert found[accounts[0]] == await store.load(LEDGER, accounts[0])
        assert await store.load_many(LEDGER, []) == {}
        assert len(reads) == 2
