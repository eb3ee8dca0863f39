"""A command sent again is recognised: one suite for every store, the in-memory one and PostgreSQL."""

import asyncio
import threading
from uuid import uuid4

import pytest

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.log import LogUnavailable
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import RefusalKind
from showfloor.testing.ledger import LEDGER, WORDS, Account, add_word, close, deposit
from showfloor.testing.refusals import refusal_of
from showfloor.testing.waiting import PATIENCE, eventually


def meta(request_id):
    return Meta(actor="user:1", request_id=request_id)


async def fill(store, account):
    """Let other commands come after, so that what is answered is not what the stream is now."""
    await store.execute(LEDGER, account, deposit, 100)
    await store.execute(LEDGER, account, close, None)


async def test_the_same_outcome_is_given_again(opened):
    account = uuid4()
    async with opened() as store:
        await store.execute(LEDGER, account, deposit, 1)
        first = await store.execute(LEDGER, account, deposit, 5, meta("r1"))
        assert await store.execute(LEDGER, account, deposit, 5, meta("r1")) == first
        await fill(store, account)
        assert await store.execute(LEDGER, account, deposit, 5, meta("r1")) == first
    async with opened() as restarted:
        assert await restarted.execute(LEDGER, account, deposit, 5, meta("r1")) == first
        assert (first.state, first.version, len(first.events)) == (Account(6, 2), 2, 1)
        assert len(await restarted.read_log(0)) == 4


async def test_a_command_that_changed_nothing_changes_nothing_later(opened):
    account = uuid4()
    async with opened() as store:
        await store.execute(LEDGER, account, close, None)
        first = await store.execute(LEDGER, account, close, None, meta("r1"))
        nowhere = uuid4()
        nothing = await store.execute(LEDGER, nowhere, deposit, 0, meta("r1"))
        assert (first.events, nothing.events, nothing.version) == ((), (), 0)
        await store.execute(LEDGER, nowhere, deposit, 7)
    async with opened() as restarted:
        assert await restarted.execute(LEDGER, account, close, None, meta("r1")) == first
        assert await restarted.execute(LEDGER, nowhere, deposit, 0, meta("r1")) == nothing
        assert (await refusal_of(restarted.execute(LEDGER, nowhere, deposit, 3, meta("r1")))).reason == (
            "REQUEST_ID_REUSED"
        )
        assert (await restarted.load(LEDGER, nowhere)).state == Account(7, 1)


async def test_another_command_under_the_id_is_refused_before_the_rule(opened):
    account = uuid4()
    async with opened() as store:
        await store.execute(LEDGER, account, deposit, 5, meta("r1"))
        for rule, facts in ((deposit, 6), (close, None), (deposit, 0), (deposit, -1)):
            refusal = await refusal_of(store.execute(LEDGER, account, rule, facts, meta("r1")))
            assert (refusal.kind, refusal.reason) == (RefusalKind.CONFLICT, "REQUEST_ID_REUSED")
            assert refusal.metadata == {"request_id": "r1"}
    async with opened() as restarted:
        await restarted.execute(LEDGER, account, close, None)
        for rule, facts in ((deposit, 6), (close, None), (deposit, -1)):  # closed: these would be refused, or nothing
            refusal = await refusal_of(restarted.execute(LEDGER, account, rule, facts, meta("r1")))
            assert refusal.reason == "REQUEST_ID_REUSED"
        assert len(await restarted.read_log(0)) == 2


async def test_one_id_on_two_streams_is_two_commands(opened):
    async with opened() as store:
        done = [await store.execute(LEDGER, uuid4(), deposit, n, meta("r1")) for n in (1, 2)]
        assert [one.state.total for one in done] == [1, 2]


async def test_a_refused_command_is_decided_anew(opened):
    async with opened() as store:
        account = uuid4()
        assert isinstance(await raised(store.execute(LEDGER, account, deposit, -1, meta("r1"))), ArithmeticError)
        assert (await store.execute(LEDGER, account, deposit, 1, meta("r1"))).version == 1


async def test_a_batch_may_hold_a_command_and_its_resends(opened):
    async with opened() as store:
        account, other = uuid4(), uuid4()
        await store.execute(LEDGER, other, close, None)
        sent = [(account, deposit, 5, "r1"), (account, deposit, 1, "r2"), (account, deposit, 5, "r1")]
        sent += [(account, deposit, 6, "r1"), (account, deposit, 0, "r3"), (account, deposit, 0, "r3")]
        sent += [(other, deposit, 1, "r1"), (other, deposit, 1, "r1")]
        calls = [store.execute(LEDGER, stream, rule, facts, meta(name)) for stream, rule, facts, name in sent]
        first, second, again, reused, quiet, still, *closed = await asyncio.gather(*calls, return_exceptions=True)
        assert again == first and still == quiet
        assert (second.state, quiet.version, quiet.position) == (Account(6, 2), 2, second.position)
        assert reused.reason == "REQUEST_ID_REUSED"
        assert [refusal.reason for refusal in closed] == ["ACCOUNT_CLOSED"] * 2
        assert len(await store.read_log(0)) == 3


async def test_resends_do_not_hold_up_the_others_of_their_batch(opened):
    accounts = [uuid4() for _ in range(40)]
    async with opened() as store:
        first = [await store.execute(LEDGER, one, deposit, 1, meta("r1")) for one in accounts]
    async with opened() as restarted:
        calls = [restarted.execute(LEDGER, one, deposit, 1, meta("r1")) for one in accounts]
        fresh = [restarted.execute(LEDGER, one, deposit, 2, meta("r2")) for one in accounts]
        done = await asyncio.gather(*calls, *fresh)
        assert done[:40] == first
        assert {one.state for one in done[40:]} == {Account(3, 2)}


async def test_the_other_replica_did_it(opened):
    async with opened() as one, opened() as two:
        account, quiet = uuid4(), uuid4()
        await one.load(LEDGER, account)
        first = await two.execute(LEDGER, account, deposit, 5, meta("r1"))
        assert await one.execute(LEDGER, account, deposit, 5, meta("r1"), new=True) == first
        nothing = await two.execute(LEDGER, quiet, deposit, 0, meta("r1"))
        await one.execute(LEDGER, quiet, close, None)
        assert await one.execute(LEDGER, quiet, deposit, 0, meta("r1")) == nothing
        closed = await two.execute(LEDGER, account, close, None, meta("r2"))
        assert (await refusal_of(one.execute(LEDGER, account, deposit, 1, meta("r3")))).reason == "ACCOUNT_CLOSED"
        assert await one.execute(LEDGER, account, close, None, meta("r2")) == closed


async def test_replicas_in_a_race_do_it_once(opened):
    async with opened() as one, opened() as two:
        for amount in (0, 1):  # one that changes nothing, one that does
            streams = [uuid4() for _ in range(20)]
            calls = [s.execute(LEDGER, stream, deposit, amount, meta("r1")) for stream in streams for s in (one, two)]
            done = await asyncio.gather(*calls)
            assert done[::2] == done[1::2]
            loaded = await one.load_many(LEDGER, streams)
            assert {loaded[stream].version for stream in streams} == {amount}


async def test_streams_that_left_the_cache_are_remembered(opened):
    async with opened(cache_limit=1) as store:
        accounts = [uuid4() for _ in range(5)]
        first = [await store.execute(LEDGER, one, deposit, 1, meta("r1")) for one in accounts]
        store._writer._recent._done.clear()  # as if ten thousand others had come since
        assert [await store.execute(LEDGER, one, deposit, 1, meta("r1")) for one in accounts] == first


@pytest.mark.parametrize("amount", [0, 5])
async def test_a_commit_whose_answer_was_lost_is_known(opened, monkeypatch, amount):
    async with opened() as store:
        account, append = uuid4(), store.log.append

        def cut(*args):
            append(*args)
            monkeypatch.undo()
            raise LogUnavailable("the connection broke", in_doubt=True)

        monkeypatch.setattr(store.log, "append", cut)
        first = await store.execute(LEDGER, account, deposit, amount, meta("r1"))
        assert first.version == bool(amount)
        assert await store.execute(LEDGER, account, deposit, amount, meta("r1")) == first


async def test_a_late_commit_stands_as_it_was_decided_first(opened, monkeypatch):
    async with opened() as store:
        account, append = uuid4(), store.log.append
        lost, begun, together, left = [], threading.Event(), threading.Event(), threading.Event()

        def hold(*_):
            begun.set()
            together.wait(PATIENCE)
            return ()

        def cut(rows, *more):
            monkeypatch.setattr(store.log, "append", late)
            lost.extend(rows)
            left.wait(PATIENCE)
            raise LogUnavailable("the connection broke", in_doubt=True)

        def late(rows, *more):
            monkeypatch.undo()
            append(lost)  # the server had it all the while
            return append(rows, *more)

        monkeypatch.setattr(store.log, "append", cut)
        held = asyncio.ensure_future(store.execute(LEDGER, uuid4(), hold, None, timeout=PATIENCE))
        await eventually(begun.is_set)
        gone = asyncio.ensure_future(store.execute(LEDGER, account, deposit, 1, meta("r1"), timeout=PATIENCE))
        waits = asyncio.ensure_future(store.execute(LEDGER, account, deposit, 2, meta("r2"), timeout=PATIENCE))
        await eventually(lambda: store._writer.waiting() == 2)
        together.set()
        await eventually(lambda: lost)
        gone.cancel()  # it is not decided anew
        left.set()
        done = await waits
        assert (done.state, done.version, len(lost)) == (Account(3, 2), 2, 2)
        assert done.position == await store.last_position()
        assert await store.execute(LEDGER, account, deposit, 2, meta("r2")) == done
        await held


async def test_one_that_makes_nothing_twice_need_not_be_remembered(opened):
    async with opened() as store:
        account = uuid4()
        first = await store.execute(LEDGER, account, close, None, meta("r1"), remember_as="")
        again = await store.execute(LEDGER, account, close, None, meta("r1"), remember_as="")
        assert (again.events, again.position) == ((), first.position)
        assert (await refusal_of(store.execute(LEDGER, account, deposit, 1, meta("r1")))).reason == "ACCOUNT_CLOSED"


async def test_a_command_may_be_remembered_under_another_name(opened):
    async with opened() as store:
        account = uuid4()
        first = await store.execute(LEDGER, account, deposit, 1, meta("r1"), remember_as="order:7")
        assert await store.execute(LEDGER, account, deposit, 1, meta("r2"), remember_as="order:7") == first
        refusal = await refusal_of(store.execute(LEDGER, account, deposit, 2, meta("r3"), remember_as="order:7"))
        assert (refusal.reason, refusal.metadata) == ("REQUEST_ID_REUSED", {"request_id": "7"})
        assert (await store.execute(LEDGER, account, deposit, 1, meta("r1"))).version == 2


async def test_what_was_done_is_told_without_doing_it(opened):
    async with opened() as store:
        account = uuid4()
        assert await store.done_before(LEDGER, account, deposit, 1, meta("r1")) is None
        first = await store.execute(LEDGER, account, deposit, 1, meta("r1"))
        await fill(store, account)
        assert await store.done_before(LEDGER, account, deposit, 1, meta("r1")) == first
        refusal = await refusal_of(store.done_before(LEDGER, account, deposit, 2, meta("r1")))
        assert refusal.reason == "REQUEST_ID_REUSED"


async def test_a_group_sent_again_gives_the_same_outcomes(opened):
    streams = [uuid4() for _ in range(3)]
    steps = [Step(LEDGER, stream, deposit, n) for n, stream in enumerate(streams)]
    steps.append(Step(LEDGER, streams[2], deposit, 40))
    async with opened() as store:
        first = await store.execute_many(steps, meta("r1"))
        for stream in streams:
            await store.execute(LEDGER, stream, close, None)
    async with opened() as restarted:
        before = await restarted.last_position()
        assert await restarted.execute_many(steps, meta("r1")) == first
        assert await restarted.execute(LEDGER, streams[1], deposit, 1, meta("r1")) == first[1]
        assert await restarted.last_position() == before
        with pytest.raises(GroupRefused) as refused:
            await restarted.execute_many([steps[0], Step(LEDGER, streams[1], deposit, 9)], meta("r1"))
        assert {i: no.reason for i, no in refused.value.refusals.items()} == {1: "REQUEST_ID_REUSED"}


async def test_another_kind_of_stream_remembers_nothing_of_it(opened):
    async with opened(LEDGER, WORDS) as store:
        account = uuid4()
        await store.execute(LEDGER, account, deposit, 1)
        refusal = await refusal_of(store.execute(WORDS, account, add_word, "lamp", meta("r1")))
        assert refusal.reason == "REQUEST_ID_REUSED"
        assert (await store.execute(LEDGER, account, deposit, 1, meta("r1"))).version == 2


async def test_quiet_commands_are_forgotten_after_their_time(opened):
    async with opened() as store:
        account, log = uuid4(), store.log
        await store.execute(LEDGER, account, deposit, 5, meta("r1"))
        await store.execute(LEDGER, account, deposit, 0, meta("r2"))
        assert log.forget_quiet(60) == 0
        assert log.forget_quiet(-1) == 1
        assert list(log.requests([(account, "r1"), (account, "r2")])) == [(account, "r1")]


async def test_the_writer_forgets_them_by_itself(opened, monkeypatch):
    monkeypatch.setattr("showfloor.eventstore.writer.SWEEP_EVERY", -1.0)
    monkeypatch.setattr("showfloor.eventstore.writer.KEPT_SECONDS", -1.0)
    async with opened() as store:
        account = uuid4()
        await store.execute(LEDGER, account, deposit, 0, meta("r1"))
        await store.execute(LEDGER, account, deposit, 5, meta("r2"))
        # What comes after a commit is done before the next one is decided.
        await store.execute(LEDGER, account, deposit, 5, meta("r3"))
        assert list(store.log.requests([(account, "r1"), (account, "r2")])) == [(account, "r2")]


async def raised(call):
    with pytest.raises(Exception) as raised:
        await call
    return raised.value
