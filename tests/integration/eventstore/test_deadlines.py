"""Deadlines fire once each that counts, in due order, late ones at once, after any restart."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from showfloor.eventstore.deadlines import Cleared, Deadline, DeadlineRunner, deadline_view
from showfloor.eventstore.runtime import open_store
from showfloor.kernel.clock import utc_now
from showfloor.kernel.event import Event, Recorded
from showfloor.testing.ledger import AT, LEDGER, Closed, Deposited, close
from showfloor.testing.waiting import PATIENCE, eventually


def changes(recorded: Recorded):
    """An account closes `amount` milliseconds after its deposit, unless it was closed before."""
    match recorded.event:
        case Deposited(at=at, amount=amount):
            yield Deadline("close", recorded.stream, at + timedelta(milliseconds=amount))
        case Closed():
            yield Cleared("close", recorded.stream)


VIEW = deadline_view((Deposited, Closed), changes)


def opens(_state, due: tuple[datetime, int]) -> list[Event]:
    return [Deposited(at=due[0], amount=due[1])]


@asynccontextmanager
async def running(dsn, fired: list, lateness: list, fails: int = 0, clock=utc_now):
    async with open_store(dsn, [LEDGER], [VIEW]) as engine:
        left = fails

        async def fire(deadline: Deadline) -> None:
            nonlocal left
            fired.append(deadline.stream)
            if left:
                left -= 1
                raise RuntimeError("not now")
            await engine.store.execute(LEDGER, deadline.stream, close, None)

        runner = DeadlineRunner(engine.views, engine.database, fire, observe=lateness.append, clock=clock)
        runner.start()
        try:
            yield engine
        finally:
            await runner.close()


async def set_due(engine, milliseconds: int, at: datetime | None = None) -> UUID:
    account = uuid4()
    await engine.store.execute(LEDGER, account, opens, (at or datetime.now(UTC), milliseconds))
    return account


async def test_in_due_order_and_soon(database):
    fired: list[UUID] = []
    lateness: list[float] = []
    ahead = timedelta()
    async with running(database, fired, lateness, clock=lambda: utc_now() + ahead) as engine:
        third = await set_due(engine, 50_000)
        first = await set_due(engine, 200)  # sooner than what is being waited for
        await eventually(lambda: fired == [first])
        second = await set_due(engine, 40_000)
        await engine.views.wait_for(["deadlines"], await engine.store.last_position(), timeout=PATIENCE)
        ahead = timedelta(seconds=120)
        await eventually(lambda: len(fired) == 3)
        assert fired == [first, second, third]
        assert len(lateness) == 3
        await asyncio.sleep(0.2)
        assert await engine.database.fetch("SELECT * FROM deadline") == []
        assert len(fired) == 3


async def test_late_ones_fire_at_once_after_a_restart(database):
    async with open_store(database, [LEDGER], [VIEW]) as engine:
        late = [await set_due(engine, n, AT) for n in (300, 100, 200)]
        ahead = await set_due(engine, 60_000)
        await engine.views.wait_for(["deadlines"], await engine.store.last_position(), timeout=PATIENCE)
    fired: list[UUID] = []
    lateness: list[float] = []
    async with running(database, fired, lateness) as engine:
        await eventually(lambda: len(fired) == 3)
        assert fired == [late[1], late[2], late[0]]
        assert ahead not in fired
        while not (await engine.store.load(LEDGER, late[0])).state.closed:
            await asyncio.sleep(0.005)


async def test_one_cleared_before_its_time_does_not_fire(database):
    fired: list[UUID] = []
    ahead = timedelta()
    async with running(database, fired, [], clock=lambda: utc_now() + ahead) as engine:
        account = await set_due(engine, 50_000)
        await engine.store.execute(LEDGER, account, close, None)
        other = await set_due(engine, 50_001)
        await engine.views.wait_for(["deadlines"], await engine.store.last_position(), timeout=PATIENCE)
        ahead = timedelta(seconds=120)
        await eventually(lambda: fired)
        assert fired == [other]


async def test_a_failing_one_is_tried_again_and_delays_no_other(database):
    fired: list[UUID] = []
    async with running(database, fired, [], fails=1) as engine:
        failing = await set_due(engine, 0)
        await eventually(lambda: fired)
        other = await set_due(engine, 50)
        await eventually(lambda: len(fired) == 3)
        assert fired == [failing, other, failing]


async def test_a_slow_one_delays_no_other_and_fires_once(database):
    async with open_store(database, [LEDGER], [VIEW]) as engine:
        fired: list[UUID] = []
        others_fired = asyncio.Event()
        slow = await set_due(engine, 0)

        async def fire(deadline: Deadline) -> None:
            fired.append(deadline.stream)
            if deadline.stream == slow:
                await asyncio.sleep(2.5)  # longer than the pause after which it would fire again
                await others_fired.wait()
            await engine.store.execute(LEDGER, deadline.stream, close, None)

        runner = DeadlineRunner(engine.views, engine.database, fire)
        runner.start()
        await eventually(lambda: fired)
        others = [await set_due(engine, n) for n in (100, 200, 1_500)]
        await eventually(lambda: len(fired) == 4)
        assert fired == [slow, *others]
        others_fired.set()
        while not (await engine.store.load(LEDGER, slow)).state.closed:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.2)
        assert len(fired) == 4
        await runner.close()


async def test_whatever_goes_wrong_it_goes_on(database, monkeypatch):
    fired: list[UUID] = []
    async with running(database, fired, []) as engine:
        fetch, failed = engine.database.fetch, []

        async def broken(*args, **more):
            if len(failed) < 2:
                failed.append(True)
                raise RuntimeError("relation is gone for a moment")
            return await fetch(*args, **more)

        monkeypatch.setattr(engine.database, "fetch", broken)
        account = await set_due(engine, 0)
        await eventually(lambda: fired == [account])
        assert failed


async def test_a_clock_that_is_set_forward_fires_what_is_due_then(database):
    fired: list[UUID] = []
    ahead = timedelta()
    async with running(database, fired, [], clock=lambda: utc_now() + ahead) as engine:
        account = await set_due(engine, 50_000)
        await engine.views.wait_for(["deadlines"], await engine.store.last_position(), timeout=PATIENCE)
        await asyncio.sleep(0.1)  # it sleeps until then
        assert not fired
        ahead = timedelta(seconds=120)
        await eventually(lambda: fired == [account])


async def test_very_many_at_one_moment(database):
    fired: list[UUID] = []
    lateness: list[float] = []
    async with running(database, fired, lateness) as engine:
        now = datetime.now(UTC)
        accounts = await asyncio.gather(*(set_due(engine, 1_500, now) for _ in range(1_200)))
        await eventually(lambda: len(lateness) == len(accounts))
        await eventually(lambda: set(fired) == set(accounts))
        while await engine.database.fetch("SELECT 1 FROM deadline LIMIT 1"):
            await asyncio.sleep(0.005)
        for account in accounts[::100]:
            assert (await engine.store.load(LEDGER, account)).version == 2
