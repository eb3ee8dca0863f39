"""One suite for every tracking: the in-memory one and PostgreSQL."""

import asyncio

import pytest

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.tracking import MemoryTracking, Parked, PostgresTracking
from showfloor.kernel.refusal import Refusal

NAME = "session/0>board"


@pytest.fixture
async def tracking(store_dsn):
    if store_dsn is None:
        yield MemoryTracking()
        return
    database = Database(store_dsn)
    await database.open()
    yield PostgresTracking(database)
    await database.close()


async def test_positions_only_grow_and_duplicates_are_told(tracking):
    assert await tracking.position(NAME) == 0
    assert await tracking.commit([], NAME, 5) is True
    assert await tracking.commit([], NAME, 5) is False
    assert await tracking.commit([], NAME, 3) is False
    assert await tracking.commit([], NAME, 9) is True
    assert await tracking.position(NAME) == 9
    assert await tracking.position("session/0>other") == 0


async def test_hints_stay_beside_the_position(tracking):
    assert await tracking.hint(NAME) is None
    await tracking.commit([], NAME, 1, {"seq": 10, "created": "2026-01-01"})
    await tracking.commit([], NAME, 2)
    await tracking.commit([], NAME, 1, {"seq": 99})
    assert await tracking.hint(NAME) == {"seq": 10, "created": "2026-01-01"}


async def test_a_poison_message_is_parked_listed_and_taken_once(tracking):
    message = Parked(NAME, 7, "sf.session.0", {"traceparent": "00-a-b-01"}, b"\x00\xff", "cannot parse")
    await tracking.commit([], NAME, 6)
    assert await tracking.park(message, {"seq": 7}) is True
    assert await tracking.park(message) is False
    assert await tracking.position(NAME) == 7
    assert await tracking.parked() == [message]
    assert await tracking.parked("other") == []
    assert await tracking.take(NAME, 7) == message
    assert await tracking.parked(NAME) == []
    with pytest.raises(Refusal) as refused:
        await tracking.take(NAME, 7)
    assert refused.value.reason == "NOT_PARKED"


async def test_many_at_once_count_once(tracking):
    done = await asyncio.gather(*(tracking.commit([], NAME, 1) for _ in range(20)))
    assert sorted(done) == [False] * 19 + [True]


async def test_statements_are_done_once(tracking):
    statement = Statement("SELECT 1", rows=[(), ()])
    assert await tracking.commit([statement], NAME, 1)
    assert not await tracking.commit([statement], NAME, 1)
    if isinstance(tracking, MemoryTracking):
        assert tracking.done == [statement]
