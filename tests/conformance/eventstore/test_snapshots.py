"""States of both stores: what a restart, a small cache and another version make of them."""

import asyncio
from uuid import uuid4

import msgspec

from showfloor.eventstore import streams
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.testing.ledger import AT, LEDGER, Account, Closed, Deposited, deposit


async def test_states_survive_a_restart_and_a_small_cache(opened):
    accounts = [uuid4() for _ in range(30)]
    async with opened(cache_limit=5) as store:
        for amount in (1, 2):
            await asyncio.gather(*(store.execute(LEDGER, a, deposit, amount) for a in accounts))
    async with opened(cache_limit=5) as store:
        done = await asyncio.gather(*(store.execute(LEDGER, a, deposit, 3) for a in accounts))
        assert {d.state for d in done} == {Account(6, 3)}


async def test_a_long_stream_loads_from_its_snapshot(opened, monkeypatch):
    account = uuid4()
    async with opened() as store:
        await asyncio.gather(*(store.execute(LEDGER, account, deposit, 1) for _ in range(2_099)))
        await store.execute(LEDGER, account, deposit, 1)  # surely after the snapshot, however the others were batched
    decoded = []
    async with opened() as store:
        decode = store.mapper.decode
        monkeypatch.setattr(store.mapper, "decode", lambda row: decoded.append(row) or decode(row))
        loaded = await store.load(LEDGER, account)
        assert (loaded.version, loaded.state) == (2_100, Account(2_100, 2_100))
        assert 0 < len(decoded) <= streams.SNAPSHOT_EVERY


async def test_a_snapshot_of_another_shape_is_ignored(opened):
    class Other(msgspec.Struct, frozen=True):
        total: int = 0
        seen: int = 0

    def evolve(state: Other, event: Event) -> Other:
        return Other(state.total + getattr(event, "amount", 0), state.seen + 1)

    account = uuid4()
    async with opened() as store:
        await asyncio.gather(*(store.execute(LEDGER, account, deposit, 2) for _ in range(1_001)))
    newer = Decider("ledger", Other, Other, evolve, (Deposited, Closed))
    async with opened(newer) as store:
        loaded = await store.load(newer, account)
        assert loaded.state == Other(2_002, 1_001)


async def test_two_versions_keep_a_snapshot_each(opened, monkeypatch):
    class Newer(msgspec.Struct, frozen=True):
        total: int = 0

    newer = Decider("ledger", Newer, Newer, lambda state, event: Newer(state.total + event.amount), (Deposited, Closed))
    account = uuid4()
    async with opened() as store:
        await asyncio.gather(*(store.execute(LEDGER, account, deposit, 1) for _ in range(1_100)))

    def more(_state, _facts):
        return [Deposited(at=AT, amount=1)]

    async with opened(newer) as store:
        await asyncio.gather(*(store.execute(newer, account, more, None) for _ in range(1_100)))
    for decider in (LEDGER, newer):
        async with opened(decider) as store:
            snapshots, _ = await asyncio.to_thread(store.log.read_streams, {account: 0}, [streams.shape(decider)])
            assert [kept.topic for kept in snapshots] == [streams.shape(decider)]
            assert (await store.load(decider, account)).state.total == 2_200
