"""One suite for every store: the in-memory one and PostgreSQL."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from showfloor.eventstore.log import NewRow, VersionConflict
from showfloor.eventstore.mapper import UnknownTopic
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.ledger import AT, LEDGER, Account, Deposited, close, deposit
from showfloor.testing.refusals import refusal_of


async def test_events_are_recorded_in_order_with_meta(opened):
    async with opened() as store:
        account, meta = uuid4(), Meta(actor="user:1", request_id="r1", traceparent="00-a-b-01")
        first = await store.execute(LEDGER, account, deposit, 5, meta)
        second = await store.execute(LEDGER, account, deposit, 6, msgspec.structs.replace(meta, request_id="r2"))
        assert (first.version, second.version) == (1, 2)
        assert second.position > first.position
        assert second.state == Account(11, 2)
        assert second.events == (Deposited(at=AT, amount=6),)
        log = await store.read_log(0)
        assert [(r.position, r.stream, r.version) for r in log] == [
            (first.position, account, 1),
            (second.position, account, 2),
        ]
        assert log[1].event == second.events[0]
        assert (log[0].meta, log[1].meta.request_id) == (meta, "r2")
        assert await store.last_position() == second.position


async def test_a_command_that_changes_nothing_answers_its_position(opened):
    async with opened() as store:
        account = uuid4()
        done = await store.execute(LEDGER, account, deposit, 5)
        await store.execute(LEDGER, uuid4(), deposit, 5)
        again = await store.execute(LEDGER, account, deposit, 0)
        assert (again.position, again.version, again.events) == (done.position, 1, ())
    async with opened() as store:
        again = await store.execute(LEDGER, account, deposit, 0)
        assert (again.position, again.version, again.state) == (done.position, 1, Account(5, 1))


async def test_nothing_on_a_new_stream(opened):
    async with opened() as store:
        nothing = await store.execute(LEDGER, uuid4(), deposit, 0)
        assert (nothing.position, nothing.version, nothing.state) == (0, 0, Account())
        loaded = await store.load(LEDGER, uuid4())
        assert (loaded.position, loaded.version, loaded.state) == (0, 0, Account())
        assert await store.read_log(0) == []
        assert await store.last_position() == 0


async def test_refusals_and_defects_reach_only_their_caller(opened):
    async with opened() as store:
        account = uuid4()
        wrong_type = lambda _state, _facts: [Unknown(at=AT)]  # noqa: E731
        results = await asyncio.gather(
            store.execute(LEDGER, account, deposit, 1),
            store.execute(LEDGER, account, deposit, -1),
            store.execute(LEDGER, account, wrong_type, None),
            store.execute(LEDGER, account, close, None),
            store.execute(LEDGER, account, deposit, 2),
            store.execute(LEDGER, uuid4(), deposit, 3),
            return_exceptions=True,
        )
        assert results[0].state == Account(1, 1)
        assert isinstance(results[1], ArithmeticError)
        assert isinstance(results[2], TypeError)
        assert results[3].state == Account(1, 1, closed=True)
        assert isinstance(results[4], Refusal)
        assert results[4].reason == "ACCOUNT_CLOSED"
        assert results[5].state == Account(3, 1)
        assert len(await store.read_log(0)) == 3


class Unknown(Event, frozen=True, kw_only=True):
    TOPIC = "unknown.thing"


async def test_a_burst_on_one_stream_is_decided_in_order(opened):
    async with opened() as store:
        account = uuid4()
        done = await asyncio.gather(*(store.execute(LEDGER, account, deposit, n) for n in range(1, 1501)))
        assert [d.state.count for d in done] == list(range(1, 1501))
        assert [d.version for d in done] == list(range(1, 1501))
        assert done[-1].state.total == sum(range(1501))
        assert store._writer.commits < 100


async def test_no_commit_holds_more_than_its_share(opened):
    async with opened() as store:
        many = lambda _state, n: [Deposited(at=AT, amount=1)] * n  # noqa: E731
        done = await asyncio.gather(*(store.execute(LEDGER, uuid4(), many, 400) for _ in range(20)))
        assert {d.version for d in done} == {400}
        assert len(await store.read_log(0, 10_000)) == 8_000
        full = await store.execute(LEDGER, uuid4(), many, 1_000)
        assert full.version == 1_000
        refusal = await refusal_of(store.execute(LEDGER, uuid4(), many, 1_001))
        assert (refusal.kind, refusal.reason) == (RefusalKind.LIMIT, "TOO_MANY_EVENTS")


async def test_an_event_beyond_the_limit_is_refused(opened):
    async with opened() as store:
        huge = lambda _state, _facts: [Deposited(at=AT, amount=1, note="x" * 2_000_000)]  # noqa: E731
        refusal = await refusal_of(store.execute(LEDGER, uuid4(), huge, None))
        assert (refusal.kind, refusal.reason) == (RefusalKind.LIMIT, "EVENT_TOO_LARGE")


async def test_another_replica_wrote_first(opened):
    async with opened() as one, opened() as two:
        account = uuid4()
        await one.execute(LEDGER, account, deposit, 1)
        await two.execute(LEDGER, account, deposit, 2)
        done = await one.execute(LEDGER, account, deposit, 3)
        assert done.state == Account(6, 3)
        assert one._writer.conflicts == 1
        await two.execute(LEDGER, account, close, None)
        refusal = await refusal_of(one.execute(LEDGER, account, deposit, 4))
        assert refusal.reason == "ACCOUNT_CLOSED"
        assert (await two.load(LEDGER, account)).state == Account(6, 3, closed=True)


async def test_a_stale_cache_does_not_refuse_or_wave_through(opened):
    async with opened() as one, opened() as two:
        account = uuid4()
        await one.execute(LEDGER, account, deposit, 1)
        closed = await two.execute(LEDGER, account, close, None)
        again = await one.execute(LEDGER, account, close, None)
        assert (again.events, again.position) == ((), closed.position)
        assert (await one.load(LEDGER, account)).version == 2


async def test_a_stream_taken_to_be_new_is_decided_as_it_is(opened):
    async with opened() as one, opened() as two:
        known, unknown = uuid4(), uuid4()
        await two.execute(LEDGER, known, deposit, 1)
        calls = [one.execute(LEDGER, account, deposit, 2, new=True) for account in (known, unknown)]
        first, second = await asyncio.gather(*calls)
        assert (first.state, second.state) == (Account(3, 2), Account(2, 1))
    async with opened() as three:
        closed = (await three.execute(LEDGER, known, close, None)).position
    async with opened() as four:
        assert (await refusal_of(four.execute(LEDGER, known, deposit, 4, new=True))).reason == "ACCOUNT_CLOSED"
    async with opened() as five:
        again = await five.execute(LEDGER, known, close, None, new=True)
        assert (again.events, again.position) == ((), closed)


async def test_a_recent_state_will_do_when_the_caller_says_so(opened):
    async with opened() as one, opened() as two:
        account, nobody = uuid4(), uuid4()
        await two.execute(LEDGER, account, deposit, 1)
        assert (await one.load(LEDGER, account, within=60)).version == 1
        await two.execute(LEDGER, account, deposit, 2)
        assert (await one.load(LEDGER, account, within=60)).version == 1
        assert (await one.load(LEDGER, account)).version == 2
        assert (await one.load(LEDGER, account, within=60)).version == 2
        await two.execute(LEDGER, account, deposit, 3)
        await asyncio.sleep(0.02)
        assert (await one.load(LEDGER, account, within=0.01)).version == 3
        await one.execute(LEDGER, account, deposit, 4)
        assert (await one.load(LEDGER, account, within=60)).version == 4
        assert (await one.load(LEDGER, nobody, within=60)).version == 0
        await two.execute(LEDGER, nobody, deposit, 1)
        assert (await one.load(LEDGER, nobody, within=60)).version == 1


async def test_replicas_in_a_race_lose_nothing(opened):
    async with opened() as one, opened() as two:
        account = uuid4()
        calls = [s.execute(LEDGER, account, deposit, 1) for _ in range(40) for s in (one, two)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        done = [r for r in results if not isinstance(r, Exception)]
        assert all(r.reason == "CONTENTION" for r in results if isinstance(r, Refusal))
        assert (await one.load(LEDGER, account)).state.count == len(done) > 0
        assert sorted(d.version for d in done) == list(range(1, len(done) + 1))


async def test_pages_of_the_log(opened):
    async with opened() as store:
        done = await asyncio.gather(*(store.execute(LEDGER, uuid4(), deposit, 1) for _ in range(10)))
        positions = sorted(d.position for d in done)
        assert [r.position for r in await store.read_log(0, 4)] == positions[:4]
        assert [r.position for r in await store.read_log(positions[3])] == positions[4:]
        assert [r.position for r in await store.read_log(0, upto=positions[5])] == positions[:6]
        assert await store.read_log(positions[-1]) == []


async def test_old_versions_are_read_in_the_newest_shape(opened):
    async with opened() as store:
        account = uuid4()
        state = b'[{"actor":"a"},{"at":"2026-01-02T03:04:05Z","value":7}]'
        store.log.append([NewRow(account, 1, "ledger.deposited:1", state)])
        assert (await store.load(LEDGER, account)).state == Account(7, 1)
        [recorded] = await store.read_log(0)
        assert recorded.event == Deposited(at=AT, amount=7)


async def test_an_unknown_topic_is_named_and_hurts_only_its_stream(opened):
    async with opened() as store:
        account = uuid4()
        store.log.append([NewRow(account, 1, "ledger.renamed:1", b"[{},{}]")])
        results = await asyncio.gather(
            store.execute(LEDGER, account, deposit, 1),
            store.execute(LEDGER, uuid4(), deposit, 1),
            return_exceptions=True,
        )
        assert isinstance(results[0], UnknownTopic)
        assert results[0].topic == "ledger.renamed:1"
        assert results[1].state == Account(1, 1)


async def test_the_log_appends_all_or_nothing(opened):
    async with opened() as store:
        account = uuid4()
        row = NewRow(account, 1, "ledger.closed:1", b'[{},{"at":"2026-01-02T03:04:05Z"}]')
        store.log.append([row])
        with pytest.raises(VersionConflict):
            store.log.append([NewRow(uuid4(), 1, row.topic, row.state), row])
        assert len(await store.read_log(0)) == 1
        assert store.log.find([row]) == [await store.last_position()]
        assert store.log.find([row._replace(state=b"[]")]) is None
        assert store.log.find([row._replace(version=2)]) is None


async def test_time_and_text_of_every_script_come_back_as_they_were(opened):
    async with opened() as store:
        note = "ไทย 中文 العربية 🛍️ \x00 \u202e end"
        at = AT + timedelta(microseconds=123_456)
        await store.execute(LEDGER, uuid4(), lambda _s, _f: [Deposited(at=at, amount=1, note=note)], None)
        [recorded] = await store.read_log(0)
        assert recorded.event == Deposited(at=at, amount=1, note=note)
