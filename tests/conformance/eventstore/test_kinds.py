"""A stream of another kind is no such stream: one suite for every store, the in-memory one and PostgreSQL."""

import asyncio
import threading
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from showfloor.eventstore.group import GroupRefused, Preview, Step
from showfloor.eventstore.log import NewRow
from showfloor.eventstore.mapper import UnknownTopic, Unreadable
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Loaded
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.ledger import LEDGER, WORDS, Account, Words, add_to_list, add_word, close, deposit, look

KINDS = (LEDGER, WORDS)
NO_LIST = Loaded(Words(), 0, 0)
NO_ACCOUNT = Loaded(Account(), 0, 0)


@contextmanager
def one_batch(store: Store):
    """Hold the writer while the block submits: what it submits is one batch."""
    held, go = threading.Event(), threading.Event()

    def hold(_state, _facts):
        held.set()
        assert go.wait(30)
        return []

    blocker = asyncio.ensure_future(store.execute(LEDGER, uuid4(), hold, None, timeout=60))
    try:
        yield held, blocker
    finally:
        go.set()


async def together(store: Store, *calls):
    """Return the outcomes of calls that share one batch, and how many commits and conflicts it took."""
    with one_batch(store) as (held, blocker):
        await asyncio.to_thread(held.wait)
        tasks = [asyncio.ensure_future(call) for call in calls]
        while store._writer.waiting() < len(tasks):  # each has been handed to the writer
            await asyncio.sleep(0)
        before = store._writer.commits, store._writer.conflicts
    await blocker
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    return answers, store._writer.commits - before[0] - 1, store._writer.conflicts - before[1]


def is_reuse(answer: object) -> bool:
    return isinstance(answer, Refusal) and (answer.kind, answer.reason) == (RefusalKind.CONFLICT, "REQUEST_ID_REUSED")


@pytest.fixture(params=["cached", "cold", "snapshot"])
def warmth(request, monkeypatch) -> str:
    if request.param == "snapshot":
        monkeypatch.setattr("showfloor.eventstore.writer.SNAPSHOT_EVERY", 2)
    return request.param


async def three_deposits(store: Store) -> UUID:
    account = uuid4()
    for _ in range(3):
        await store.execute(LEDGER, account, deposit, 1)
    return account


async def test_a_load_finds_no_stream_and_leaves_it_as_it_was(opened, warmth):
    async with opened(*KINDS) as one, opened(*KINDS) as two:
        account = await three_deposits(one)
        store = one if warmth == "cached" else two
        for within in (0, 60, 0):
            assert await store.load(WORDS, account, within=within) == NO_LIST
            assert (await store.load(LEDGER, account, within=within)).state == Account(3, 3)
        assert (await store.execute(LEDGER, account, deposit, 1)).state == Account(4, 4)


async def test_a_load_of_many_finds_those_that_are_of_the_kind(opened, warmth):
    async with opened(*KINDS) as one, opened(*KINDS) as two:
        account, words, nowhere = await three_deposits(one), uuid4(), uuid4()
        await one.execute(WORDS, words, add_word, "lamp")
        store = one if warmth == "cached" else two
        found = await store.load_many(WORDS, [account, words, nowhere])
        assert (found[account], found[words].state, found[nowhere]) == (NO_LIST, Words(("lamp",)), NO_LIST)
        found = await store.load_many(LEDGER, [account, words, nowhere])
        assert (found[account].state, found[words], found[nowhere]) == (Account(3, 3), NO_ACCOUNT, NO_ACCOUNT)


async def test_a_command_sees_no_stream_and_hurts_nobody(opened, warmth):
    async with opened(*KINDS) as one, opened(*KINDS) as two:
        account, other, words, nowhere = await three_deposits(one), uuid4(), uuid4(), uuid4()
        await one.execute(WORDS, words, add_word, "lamp")
        store = one if warmth == "cached" else two
        answers, commits, conflicts = await together(
            store,
            store.execute(WORDS, account, add_to_list, "sofa"),  # the first to ask: it must not say what the stream is
            store.execute(WORDS, account, add_word, "sofa", Meta(request_id="r1")),
            store.execute(WORDS, account, look, None),
            store.execute(LEDGER, account, deposit, 1),
            store.execute(LEDGER, other, deposit, 5),
            store.execute(WORDS, account, add_word, "lamp"),
            store.execute(WORDS, words, add_to_list, "sofa"),
            store.execute(LEDGER, words, close, None),
            store.execute(LEDGER, account, deposit, 1),
        )
        assert isinstance(answers[0], Refusal) and answers[0].reason == "NO_SUCH_LIST"
        assert is_reuse(answers[1]) and is_reuse(answers[5]) and is_reuse(answers[7])
        assert answers[1].metadata == {"request_id": "r1"}
        assert answers[2] == await store.execute(WORDS, nowhere, look, None)
        states = [answers[number].state for number in (3, 4, 6, 8)]
        assert states == [Account(4, 4), Account(5, 1), Words(("lamp", "sofa")), Account(5, 5)]
        assert (commits, conflicts) == (1, 0), "one batch, decided once"
        assert (await store.load(LEDGER, account)).state == Account(5, 5)
        assert (await store.load(WORDS, words)).state == Words(("lamp", "sofa"))


async def test_a_new_stream_under_an_id_of_another_kind_fails_alone(opened):
    async with opened(*KINDS) as one, opened(*KINDS) as two:
        account, fresh = await three_deposits(one), uuid4()
        answers, commits, conflicts = await together(
            two,
            two.execute(WORDS, account, add_word, "sofa", new=True),
            two.execute(WORDS, fresh, add_word, "lamp", new=True),
            two.execute(LEDGER, account, deposit, 1),
        )
        assert is_reuse(answers[0])
        assert (answers[1].state, answers[2].state) == (Words(("lamp",)), Account(4, 4))
        assert (commits, conflicts) == (1, 1), "the guess costs one more attempt and nothing else"
        answers, commits, conflicts = await together(two, two.execute(WORDS, account, add_word, "sofa", new=True))
        assert is_reuse(answers[0]) and conflicts == 0


async def test_of_two_kinds_that_begin_one_stream_the_first_has_it(opened):
    async with opened(*KINDS) as store:
        stream = uuid4()
        answers, commits, conflicts = await together(
            store,
            store.execute(WORDS, stream, add_to_list, "sofa"),
            store.execute(LEDGER, stream, deposit, 2),
            store.execute(WORDS, stream, add_word, "sofa"),
            store.execute(WORDS, stream, add_to_list, "sofa"),
            store.execute(LEDGER, stream, deposit, 3),
        )
        assert answers[0].reason == answers[3].reason == "NO_SUCH_LIST"
        assert is_reuse(answers[2])
        assert [answers[number].state for number in (1, 4)] == [Account(2, 1), Account(5, 2)]
        assert (commits, conflicts) == (1, 0)


async def test_a_known_stream_of_another_kind_is_not_asked_for_again(opened, monkeypatch):
    async with opened(*KINDS) as store:
        account = await three_deposits(store)
        reads, read_streams = [], store.log.read_streams

        def counted(*args):
            reads.append(args)
            return read_streams(*args)

        monkeypatch.setattr(store.log, "read_streams", counted)
        assert await store.load(WORDS, account, within=0.000_001) == NO_LIST  # a kind never changes
        with pytest.raises(Refusal):
            await store.execute(WORDS, account, add_to_list, "sofa")
        with pytest.raises(Refusal):
            await store.execute(WORDS, account, add_word, "sofa")
        await store.execute(LEDGER, account, deposit, 1)
        assert reads == []


async def test_a_damaged_stream_is_its_own_kind_s_trouble(opened):
    async with opened(*KINDS) as store:
        damaged, newer, strange = uuid4(), uuid4(), uuid4()
        rows = [
            NewRow(damaged, 1, "ledger.deposited:2", b"[]"),
            NewRow(newer, 1, "ledger.deposited:9", b"[{},{}]"),
            NewRow(strange, 1, "ledger.renamed:1", b"[{},{}]"),
        ]
        store.log.append(rows)
        for stream, problem in ((damaged, Unreadable), (newer, UnknownTopic)):
            assert await store.load(WORDS, stream) == NO_LIST
            with pytest.raises(problem):
                await store.load(LEDGER, stream)
            answers, *_ = await together(
                store,
                store.execute(WORDS, stream, add_word, "sofa"),
                store.execute(LEDGER, stream, deposit, 1),
                store.execute(LEDGER, uuid4(), deposit, 1),
            )
            assert is_reuse(answers[0])
            assert isinstance(answers[1], problem)
            assert answers[2].state == Account(1, 1)
        for kind in KINDS:  # what it is nobody here can tell
            with pytest.raises(UnknownTopic):
                await store.load(kind, strange)


async def test_a_rule_cannot_write_what_belongs_to_another_kind(opened):
    async with opened(*KINDS) as store:
        stream = uuid4()
        with pytest.raises(TypeError, match=r"words\.added"):
            await store.execute(LEDGER, stream, lambda _state, word: add_word(Words(), word), "sofa")
        assert (await store.load(WORDS, stream), await store.read_log(0)) == (NO_LIST, [])


async def test_a_step_of_a_group_sees_no_stream(opened, warmth):
    async with opened(*KINDS) as one, opened(*KINDS) as two:
        account, fresh, both = await three_deposits(one), uuid4(), uuid4()
        store = one if warmth == "cached" else two
        seen = await store.preview([Step(WORDS, account, look, None), Step(WORDS, account, add_to_list, "sofa")])
        assert seen[0] == Preview(Words(), 0)
        assert seen[1].refusal is not None and seen[1].refusal.reason == "NO_SUCH_LIST"
        steps = [
            Step(WORDS, fresh, add_word, "lamp"),
            Step(WORDS, account, add_word, "sofa"),
            Step(LEDGER, both, deposit, 1),
            Step(WORDS, both, add_word, "sofa"),
        ]
        before = await store.last_position()
        with pytest.raises(GroupRefused) as refused:
            await store.execute_many(steps)
        assert list(refused.value.refusals) == [1, 3]
        assert all(is_reuse(refusal) for refusal in refused.value.refusals.values())
        assert await store.last_position() == before
        done = await store.execute_many(
            [steps[0], Step(WORDS, account, look, None), steps[2], Step(LEDGER, account, deposit, 1)]
        )
        assert [outcome.state for outcome in done] == [Words(("lamp",)), Words(), Account(1, 1), Account(4, 4)]
        assert (done[1].position, done[1].version) == (0, 0)


async def test_a_group_waits_for_no_stream_of_another_kind(opened, monkeypatch):
    async with opened(*KINDS) as store:
        account, fresh = await three_deposits(store), uuid4()
        told, append = [], store.log.append

        def noted(rows, unchanged, *more):
            told.append(dict(unchanged))
            return append(rows, unchanged, *more)

        monkeypatch.setattr(store.log, "append", noted)
        nothing = uuid4()
        await store.execute_many(
            [
                Step(WORDS, fresh, add_word, "lamp"),
                Step(WORDS, account, look, None),
                Step(WORDS, nothing, look, None),
            ]
        )
        assert told == [{nothing: 0}], "that an account grows changes nothing for who takes it for a list"
