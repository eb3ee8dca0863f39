"""Groups of commands: all of it or nothing. One suite for every store, the in-memory one and PostgreSQL."""

import asyncio
from uuid import uuid4

import pytest

from showfloor.eventstore.group import MAX_STEPS, GroupRefused, Step
from showfloor.eventstore.log import LogUnavailable, VersionConflict
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import LEDGER, Account, close, deposit


def deposits(*amounts: int) -> list[Step]:
    return [Step(LEDGER, uuid4(), deposit, amount) for amount in amounts]


async def test_a_group_is_committed_as_a_whole_and_answers_in_order(opened):
    async with opened() as store:
        steps, meta = deposits(*range(1, 2_501)), Meta(actor="user:1", request_id="r1")
        wakes = []
        store.on_commit(wakes.append)
        done = await store.execute_many(steps, meta)
        assert [one.state for one in done] == [Account(n, 1) for n in range(1, 2_501)]
        positions = [one.position for one in done]
        assert positions == sorted(positions) and len(set(positions)) == len(steps)
        assert wakes == [positions[-1]]
        log = [one for after in (0, positions[999], positions[1_999]) for one in await store.read_log(after)]
        assert [(one.position, one.stream) for one in log] == [
            (position, step.stream) for position, step in zip(positions, steps, strict=True)
        ]
        assert {one.meta for one in log} == {meta}
        loaded = await store.load_many(LEDGER, [step.stream for step in steps])
        assert [one.state.total for one in loaded.values()] == list(range(1, 2_501))


async def test_a_group_with_a_refusal_commits_nothing_and_tells_all(opened):
    async with opened() as store:
        steps = deposits(1, 2, 3, 4)
        for number in (1, 3):
            await store.execute(LEDGER, steps[number].stream, close, None)
        before = await store.last_position()
        with pytest.raises(GroupRefused) as refused:
            await store.execute_many(steps)
        assert {i: one.reason for i, one in refused.value.refusals.items()} == {
            1: "ACCOUNT_CLOSED",
            3: "ACCOUNT_CLOSED",
        }
        assert await store.last_position() == before
        assert (await store.load(LEDGER, steps[0].stream)).version == 0


async def test_a_defect_in_one_step_commits_nothing(opened):
    async with opened() as store:
        with pytest.raises(ArithmeticError):
            await store.execute_many(deposits(1, -1, 2))
        assert await store.last_position() == 0


async def test_later_steps_see_what_earlier_ones_did(opened):
    async with opened() as store:
        account = uuid4()
        steps = [
            Step(LEDGER, account, deposit, 1),
            Step(LEDGER, account, deposit, 0),
            Step(LEDGER, account, deposit, 5),
        ]
        done = await store.execute_many(steps)
        assert [(one.version, one.state) for one in done] == [
            (1, Account(1, 1)),
            (1, Account(1, 1)),
            (2, Account(6, 2)),
        ]
        assert done[0].position == done[1].position < done[2].position
        with pytest.raises(GroupRefused):
            await store.execute_many([Step(LEDGER, account, close, None), Step(LEDGER, account, deposit, 1)])
        assert not (await store.load(LEDGER, account)).state.closed


async def test_a_group_of_what_is_already_so_commits_nothing_again(opened):
    async with opened() as store:
        steps = [Step(LEDGER, uuid4(), close, None) for _ in range(3)]
        first = await store.execute_many(steps)
        again = await store.execute_many(steps)
        assert [(one.position, one.version) for one in again] == [(one.position, one.version) for one in first]
        assert [one.events for one in again] == [()] * 3


async def test_a_preview_decides_and_leaves_everything_as_it_was(opened):
    async with opened() as store:
        steps = deposits(1, 0, 3)
        await store.execute(LEDGER, steps[2].stream, deposit, 7)
        await store.execute(LEDGER, steps[1].stream, close, None)
        before = await store.last_position()
        new, refused, changed = await store.preview(steps)
        assert (new.before, new.version, len(new.events), new.refusal) == (Account(), 0, 1, None)
        assert refused.refusal is not None and refused.refusal.reason == "ACCOUNT_CLOSED"
        assert (changed.before, changed.version, len(changed.events)) == (Account(7, 1), 1, 1)
        assert await store.last_position() == before


async def test_a_group_is_decided_again_when_another_writer_was_first(opened, monkeypatch):
    async with opened() as one, opened() as two:
        steps = deposits(1, 0, 2)
        raced = []
        append = one.log.append

        def beaten(rows, unchanged, *more):
            # The other writes the stream that the group changes, then the one that it decided to leave as it is.
            if unchanged and len(raced) < 2:
                stream = steps[2 - len(raced)].stream
                raced.append(stream)
                asyncio.run_coroutine_threadsafe(two.execute(LEDGER, stream, deposit, 40), loop).result(10)
            return append(rows, unchanged, *more)

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(one.log, "append", beaten)
        done = await one.execute_many(steps)
        assert raced == [steps[2].stream, steps[1].stream]
        assert [outcome.state for outcome in done] == [Account(1, 1), Account(40, 1), Account(42, 2)]
        assert len(await one.read_log(0)) == 4


async def test_a_group_always_overtaken_gives_up_and_changes_nothing(opened, monkeypatch):
    async with opened() as store:

        def beaten(*_args):
            raise VersionConflict("somebody was first")

        monkeypatch.setattr(store.log, "append", beaten)
        with pytest.raises(Refusal) as refused:
            await store.execute_many(deposits(1, 2))
        assert refused.value.reason == "CONTENTION"


async def test_a_commit_whose_answer_was_lost_is_not_done_twice(opened, monkeypatch):
    async with opened() as store:
        append, lost = store.log.append, []

        def cut(*args):
            positions = append(*args)
            if not lost:
                lost.append(positions)
                raise LogUnavailable("the connection broke", in_doubt=True)
            return positions

        monkeypatch.setattr(store.log, "append", cut)
        done = await store.execute_many(deposits(1, 2, 3))
        assert [one.position for one in done] == list(lost[0])
        assert len(await store.read_log(0)) == 3


async def test_commands_go_on_beside_a_group_and_see_it_whole(opened):
    async with opened() as store:
        steps = deposits(*[1] * 3_000)
        group = asyncio.create_task(store.execute_many(steps))
        seen = set()
        while not group.done():
            await store.execute(LEDGER, uuid4(), deposit, 1)
            loaded = await store.load_many(LEDGER, [steps[0].stream, steps[-1].stream])
            seen.add(tuple(one.version for one in loaded.values()))
        assert seen <= {(0, 0), (1, 1)}
        await group


async def test_a_step_that_expects_another_version_is_refused(opened):
    async with opened() as store:
        account = uuid4()
        await store.execute(LEDGER, account, deposit, 1)
        wrong = Step(LEDGER, account, deposit, 1, expected=0)
        with pytest.raises(GroupRefused) as refused:
            await store.execute_many([*deposits(1), wrong])
        assert {i: one.reason for i, one in refused.value.refusals.items()} == {1: "VERSION_CONFLICT"}
        (done,) = await store.execute_many([Step(LEDGER, account, deposit, 1, expected=1)])
        assert done.state == Account(2, 2)


async def test_a_group_leaves_the_cache_to_others(opened):
    async with opened(cache_limit=10) as store:
        busy = uuid4()
        await store.execute(LEDGER, busy, deposit, 1)
        steps = deposits(*[1] * 100)
        await store.execute_many(steps)
        await store.preview(steps)
        assert store._streams.cache.version(busy) == 1
        outcome = await store.execute(LEDGER, steps[0].stream, deposit, 1)
        assert outcome.state == Account(2, 2)


async def test_limits_of_a_group(opened):
    async with opened() as store:
        with pytest.raises(Refusal) as refused:
            await store.execute_many(deposits(*[1] * (MAX_STEPS + 1)))
        assert refused.value.reason == "TOO_MANY_EVENTS"
        with pytest.raises(Refusal) as late:
            await store.execute_many(deposits(1), timeout=0)
        assert late.value.reason == "DEADLINE_PASSED"
        assert await store.last_position() == 0


async def test_the_store_closes_after_the_group_in_hand(opened):
    async with opened() as store:
        group = asyncio.create_task(store.execute_many(deposits(*[1] * 500)))
        await asyncio.sleep(0)
    assert len(await group) == 500
