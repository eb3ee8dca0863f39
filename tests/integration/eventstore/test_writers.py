"""Who writes the log waits for other writers, so that order of position is order of commit, and for nobody else."""

import asyncio
from uuid import uuid4

import psycopg

from showfloor.eventstore.runtime import open_store
from showfloor.testing.ledger import LEDGER, deposit
from showfloor.testing.waiting import eventually


async def test_a_commit_does_not_wait_for_vacuum(database):
    async with open_store(database, [LEDGER]) as engine:
        with psycopg.connect(database) as vacuum:
            vacuum.execute("LOCK TABLE stored_events IN SHARE UPDATE EXCLUSIVE MODE")  # as VACUUM and ANALYZE do
            done = await engine.store.execute(LEDGER, uuid4(), deposit, 1, timeout=10)
            assert done.version == 1


async def test_nobody_overtakes_a_commit_that_has_drawn_its_positions(database):
    """A reader that had seen the later position would never look for the earlier one."""

    def waiting() -> int:
        found = watch.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        return found[0] if found else 0

    async with open_store(database, [LEDGER]) as one, open_store(database, [LEDGER]) as two:
        held, account = uuid4(), uuid4()
        with psycopg.connect(database, autocommit=True) as watch, psycopg.connect(database) as slow:
            slow.execute("INSERT INTO stored_events VALUES (%s, 1, 'slow', '')", [held])
            first = asyncio.create_task(one.store.execute(LEDGER, held, deposit, 1, timeout=20))
            await eventually(lambda: waiting() == 1)  # it has a position, and waits whether its row may be
            second = asyncio.create_task(two.store.execute(LEDGER, account, deposit, 1, timeout=20))
            await eventually(lambda: waiting() == 2 or second.done())
            assert not second.done()
            slow.rollback()
            earlier, later = (await first).position, (await second).position
        assert earlier < later
        assert [one.position for one in await two.store.read_log(0)] == [earlier, later]
