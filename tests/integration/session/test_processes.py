"""What happens by itself: half-done commands are finished, slots given back, sessions reported."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import order_pb2 as pb
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.api.session.v1 import viewer_pb2
from showfloor.eventstore.deadlines import Deadline, DeadlineRunner
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal
from showfloor.service.slices import Started
from showfloor.session.activity import service as activity
from showfloor.session.activity.domain.order import ORDER, OrderExpired, OrderPlaced
from showfloor.session.analytics import service as analytics
from showfloor.session.analytics.domain.report import MinuteSummarised, Reading, SessionReported
from showfloor.session.analytics.processes import report
from showfloor.session.analytics.processes.report import Minutes, reports_in
from showfloor.session.service import DECIDERS, SLICES
from showfloor.session.show import commands
from showfloor.session.show import service as show
from showfloor.session.show.domain import live_slot_rules, session_rules
from showfloor.session.show.domain.live_slot import LIVE_SLOT, live_slot_id
from showfloor.session.show.domain.live_slot_rules import Slot
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_rules import Command, EndSession, OpenSession, Signs
from showfloor.session.show.processes import expiry
from showfloor.testing.waiting import PATIENCE, until

ACCOUNT, SHOP = UUID(int=1), UUID(int=2)
POLICY = Policy(finish_after=timedelta(milliseconds=50), report_after=timedelta(milliseconds=100))
META = Meta(actor="user:1")


class Rollups:
    """Three minutes of numbers for every session."""

    async def totals(self, session: Session) -> tuple[Reading, ...]:
        return (Reading("gmv", 12.0, currency="USD"),)

    async def simulated(self, session: Session) -> bool:
        return False

    async def minutes(self, session: Session, after: datetime | None, before: datetime, limit: int) -> Minutes:
        assert session.started_at is not None
        starts = [session.started_at.replace(second=0, microsecond=0) + timedelta(minutes=n) for n in range(3)]
        return [(start, (Reading("gmv", 4.0),)) for start in starts if after is None or start > after][:limit]


async def _no_signs(_: Session) -> Signs:
    """Nobody is in these rooms."""
    return Signs()


def fire(opened: Runtime) -> Callable[[Deadline], Awaitable[object]]:
    """What due deadlines do, as in the service, but for the numbers and the signs."""
    store, clock = opened.store, lambda: datetime.now(UTC)
    others: Any = SimpleNamespace(is_reported=reports_in(store), signs_of=_no_signs, forgets=())
    fires = show.fires(store, clock, POLICY, others) | activity.fires(store, clock)
    return Started((), fires | analytics.fires(store, clock, POLICY, Rollups())).fire


@pytest.fixture
async def runtime(database: str) -> AsyncIterator[Runtime]:
    async with open_store(database, DECIDERS, [SLICES.deadlines(POLICY)]) as opened:
        todo = fire(opened)
        runner = DeadlineRunner(opened.views, opened.database, todo)
        runner.start()
        yield opened
        await runner.close()


def asked(session_id: UUID) -> Any:
    return {"session_id": session_id, "now": datetime.now(UTC)}


async def prepared(runtime: Runtime) -> UUID:
    session_id = uuid4()
    opening = OpenSession(**asked(session_id), account_id=ACCOUNT, shop_id=SHOP, currency="USD", title="Mugs")
    await runtime.store.execute(SESSION, session_id, session_rules.open_session, opening, META)
    return session_id


async def status(runtime: Runtime, session_id: UUID) -> str:
    return (await runtime.store.load(SESSION, session_id)).state.status


async def holder(runtime: Runtime) -> UUID | None:
    return (await runtime.store.load(LIVE_SLOT, live_slot_id(ACCOUNT))).state.session_id


async def take(runtime: Runtime, session_id: UUID) -> None:
    slot = Slot(account_id=ACCOUNT, session_id=session_id, now=datetime.now(UTC))
    await runtime.store.execute(LIVE_SLOT, live_slot_id(ACCOUNT), live_slot_rules.take_slot, slot, META)


@pytest.mark.requirement("R74")
async def test_a_session_that_took_the_slot_and_no_more_goes_live(runtime: Runtime) -> None:
    session_id = await prepared(runtime)
    await take(runtime, session_id)  # and here the process died
    await until(lambda: _is(runtime, session_id, "live"))
    assert await holder(runtime) == session_id


@pytest.mark.requirement("R74")
async def test_a_slot_of_an_ended_session_is_given_back(runtime: Runtime) -> None:
    session_id = await prepared(runtime)
    await commands.go_live(runtime.store, Command(**asked(session_id)), META)
    ending = EndSession(**asked(session_id))
    await runtime.store.execute(SESSION, session_id, session_rules.end_session, ending, META)  # and it died
    other = await prepared(runtime)
    await commands.go_live(runtime.store, Command(**asked(other)), META)  # nobody has to wait for the deadline
    await asyncio.sleep(0.3)
    assert (await holder(runtime), await status(runtime, other)) == (other, "live")


async def test_a_slot_is_given_back_without_anybody_asking(runtime: Runtime) -> None:
    session_id = await prepared(runtime)
    await commands.go_live(runtime.store, Command(**asked(session_id)), META)
    ending = EndSession(**asked(session_id))
    await runtime.store.execute(SESSION, session_id, session_rules.end_session, ending, META)

    async def free() -> bool:
        return await holder(runtime) is None

    await until(free)


@pytest.mark.requirement("R74")
async def test_two_at_once(runtime: Runtime) -> None:
    for _ in range(5):
        ids = [await prepared(runtime) for _ in range(3)]
        going = [commands.go_live(runtime.store, Command(**asked(session_id)), META) for session_id in ids]
        answers = await asyncio.gather(*going, return_exceptions=True)
        winners = [one for one, answer in zip(ids, answers, strict=True) if not isinstance(answer, BaseException)]
        assert len(winners) == 1
        for answer in answers:
            assert not isinstance(answer, BaseException) or isinstance(answer, Refusal)
        assert [await status(runtime, one) for one in ids].count("live") == 1
        await commands.end_session(runtime.store, EndSession(**asked(winners[0])), META)
        assert await holder(runtime) is None


async def test_the_final_report_comes_once_after_its_minutes(runtime: Runtime) -> None:
    session_id = await prepared(runtime)
    await commands.go_live(runtime.store, Command(**asked(session_id)), META)
    await commands.end_session(runtime.store, EndSession(**asked(session_id)), META)

    async def reported() -> bool:
        return any(isinstance(event, SessionReported) for event in await _events(runtime))

    await until(reported)
    await asyncio.sleep(0.3)  # the deadline is cleared: it does not fire again
    told = [e for e in await _events(runtime) if isinstance(e, MinuteSummarised | SessionReported)]
    assert [type(event) for event in told] == [MinuteSummarised] * 3 + [SessionReported]
    waiting = await runtime.database.fetch("SELECT name FROM deadline")
    assert [row["name"] for row in waiting] == ["expire_details"]  # in three months


async def test_minutes_of_an_ended_session_stay_open_for_late_signals(runtime: Runtime) -> None:
    session_id = await prepared(runtime)
    await commands.go_live(runtime.store, Command(**asked(session_id)), META)
    await commands.end_session(runtime.store, EndSession(**asked(session_id)), META)
    now, asked_before = datetime.now(UTC), []

    class Noted(Rollups):
        async def minutes(self, session: Session, after: datetime | None, before: datetime, limit: int) -> Minutes:
            asked_before.append(before)
            return []

    await report.tell_minutes(runtime.store, Noted(), session_id, lambda: now, POLICY)
    await report.tell_final(runtime.store, Noted(), session_id, lambda: now)
    assert asked_before[0] <= now - POLICY.minutes_open
    assert asked_before[1] == now


@pytest.mark.requirement("D16")
async def test_a_reservation_that_ran_out_is_let_go_at_the_next_start(database: str) -> None:
    order_id = uuid4()
    due = datetime.now(UTC) + timedelta(milliseconds=300)
    placed = OrderPlaced(
        at=datetime.now(UTC), order_id=order_id, session_id=uuid4(), account_id=ACCOUNT, shop_id=SHOP, viewer_ref="v",
        currency="USD", reference="r", items=(), total_minor=1, commission_minor=0, affiliate_minor=0, direct=True,
        pay_before=due,
    )  # fmt: skip
    async with open_store(database, DECIDERS, [SLICES.deadlines(POLICY)]) as opened:
        await opened.store.execute(ORDER, order_id, lambda _, fact: [fact], placed, META)
    while datetime.now(UTC) < due:
        await asyncio.sleep(0.05)
    async with open_store(database, DECIDERS, [SLICES.deadlines(POLICY)]) as opened:
        todo = fire(opened)
        runner = DeadlineRunner(opened.views, opened.database, todo)
        runner.start()

        async def expired() -> bool:
            return (await opened.store.load(ORDER, order_id)).state.status == "expired"

        await until(expired)
        await runner.close()
        (gone,) = [event for event in await _events(opened) if isinstance(event, OrderExpired)]
    assert gone.at == due


async def test_the_whole_service_reports_what_was_sold(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    price = pb.OrderItem(product_id=ids[0], quantity=2)
    price.unit_price.minor, price.unit_price.currency = 999, "USD"
    order = order_pb.PlaceOrderRequest(
        request_id="o", reference="A", viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1"), items=[price]
    )
    sold = act.ActivityFact(paid_order=act.PaidOrder(order=order))
    await connector.RecordActivity(act.RecordActivityRequest(session_id=session.session_id, facts=[sold]))
    await host.EndSession(ses.EndSessionRequest(request_id="e", session_id=session.session_id))
    final: list[Any] = []

    async def reported() -> bool:
        final[:] = await service.public("SessionReported")
        return bool(final)

    await until(reported)
    (told,) = final
    readings = {reading.metric: reading for reading in told.readings}
    assert (readings["gmv"].value, readings["gmv"].currency, readings["units_sold"].value) == (1998, "USD", 2)
    assert not readings["views"].HasField("value")  # no signal came: missing, not zero


async def _events(runtime: Runtime) -> list[Event]:
    return [recorded.event for recorded in await runtime.store.read_log(0)]


async def _is(runtime: Runtime, session_id: UUID, wanted: str) -> bool:
    return await status(runtime, session_id) == wanted


@pytest.mark.requirement("D9")
async def test_due_times_follow_the_settings_of_the_last_start(database: str) -> None:
    """Sessions that ended before count as well: a shorter time to keep details is applied to all of them."""
    due: list[datetime] = []
    for days in (92, 10):
        policy = Policy(detail_days=days)
        async with open_store(database, DECIDERS, [SLICES.deadlines(policy)]) as opened:
            if not due:
                session_id = await prepared(opened)
                await commands.go_live(opened.store, Command(**asked(session_id)), META)
                ending = EndSession(**asked(session_id))
                await opened.store.execute(SESSION, session_id, session_rules.end_session, ending, META)
            await opened.views.wait_for(["deadlines"], await opened.store.last_position(), timeout=PATIENCE)
            (row,) = await opened.database.fetch("SELECT due_at FROM deadline WHERE name = %s", [expiry.EXPIRE])
            over_at = (await opened.store.load(SESSION, session_id)).state.over_at
            assert over_at is not None
            assert row["due_at"] == policy.details_until(over_at)
            due.append(row["due_at"])
            compared = (await opened.views.rebuild("deadlines", compare=True)).compared
            assert compared is not None
            assert compared[0] == compared[1]
    assert due[0] - due[1] == timedelta(days=82)
