"""What is told late: streaks that grow, orders that are attributed after the end, and what becomes of reports."""

from datetime import timedelta
from typing import Any

import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import order_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.testing.waiting import until

KIM = viewer_pb2.ViewerIdentity(viewer_ref="v1")


def roses(session: pb.Session, count: int) -> act.SendGiftRequest:
    return act.SendGiftRequest(
        request_id="streak", session_id=session.session_id, viewer=KIM, gift="Rose", count=count,
        value=Money(minor=10 * count, currency="USD"),
    )  # fmt: skip


def sold(session: pb.Session, product: str, **more: Any) -> act.RecordActivityRequest:
    item = order_pb2.OrderItem(product_id=product, quantity=1, unit_price=Money(minor=999, currency="USD"))
    order = order_pb.PlaceOrderRequest(request_id="o", reference="o", viewer=KIM, items=[item], **more)
    fact = act.ActivityFact(paid_order=act.PaidOrder(order=order))
    return act.RecordActivityRequest(session_id=session.session_id, facts=[fact])


async def numbers(host: Any, session: pb.Session, position: int) -> dict[str, float]:
    asked = board.GetBoardRequest(session_id=session.session_id, min_position=position)
    return {one.metric: one.value for one in (await host.GetBoard(asked)).core if one.HasField("value")}


@pytest.mark.requirement("R85")
async def test_a_gift_streak_counts_its_largest_everywhere(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    for count in (1, 2, 3, 3, 2):
        told = await connector.SendGift(roses(session, count))
    assert (await numbers(host, session, told.position))["gifts"] == 3
    line = act.ListActivityRequest(session_id=session.session_id, kinds=["gift"], min_position=told.position)
    lines = (await host.ListActivity(line)).activities
    assert [(one.subject_id, one.summary, one.amount.minor) for one in lines] == [
        (told.gift_id, "Rose x 1", 10),
        (told.gift_id, "Rose x 2", 20),
        (told.gift_id, "Rose x 3", 30),
    ]
    (first,) = await service.public("GiftSent")
    assert [(one.gift_id, one.count, one.more) for one in await service.public("GiftGrown")] == [
        (first.gift_id, 2, 1),
        (first.gift_id, 3, 1),
    ]


async def test_an_order_attributed_after_the_end_restates_all_figures(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    await host.EndSession(ses.EndSessionRequest(request_id="e", **me))

    async def reports(many: int) -> list[Any]:
        found: list[Any] = []

        async def look() -> bool:
            found[:] = await service.public("SessionReported")
            return len(found) == many

        await until(look)
        return found

    (first,) = await reports(1)
    assert first.revision == 0
    service.now.ahead = timedelta(hours=2)
    inside = await connector.RecordActivity(sold(session, ids[0]))
    assert inside.outcomes[0].refused_reason == "SESSION_NOT_LIVE"
    told = await connector.RecordActivity(sold(session, ids[0], outside_room=True))
    assert not told.outcomes[0].refused_reason
    recap = await host.GetRecap(analytics_pb.GetRecapRequest(min_position=told.position, **me))
    shown = {one.metric: one.value for one in recap.readings}
    assert (shown["gmv"], shown["direct_gmv"], shown["orders"]) == (999, 0, 1)
    (row,) = (await host.ListSessions(analytics_pb.ListSessionsRequest(metrics=["gmv"]))).sessions
    assert row.readings[0].value == 999
    service.now.ahead = timedelta(hours=2, minutes=6)
    await service.opened(host)
    _, second = await reports(2)
    assert second.revision == 1
    assert {one.metric: one.value for one in second.readings}["gmv"] == 999

    async def restated() -> bool:
        (day,) = (await host.ListDailyTotals(analytics_pb.ListDailyTotalsRequest())).days
        return (day.sessions, {one.metric: one.value for one in day.readings}["gmv"]) == (1, 999)

    await until(restated)


async def test_an_order_outside_the_room_counts_for_a_day(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    await host.EndSession(ses.EndSessionRequest(request_id="e", **me))
    service.now.ahead = timedelta(hours=25)
    late = (await connector.RecordActivity(sold(session, ids[0], outside_room=True))).outcomes[0]
    assert late.refused_reason == "OUTSIDE_SESSION"
    assert "the latest is" in late.refused_message


@pytest.mark.parametrize("service", [{"test_checkout": True}], indirect=True)
@pytest.mark.requirement("D16")
async def test_a_late_simulated_payment_moves_a_session_to_simulated(service: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    buyer = service.viewer(session.session_id)
    item = order_pb2.OrderItem(product_id=ids[0], quantity=1, unit_price=Money(minor=999, currency="USD"))
    placed = await buyer.PlaceOrder(order_pb.PlaceOrderRequest(request_id="o", reference="o", items=[item], **me))
    await host.EndSession(ses.EndSessionRequest(request_id="e", **me))

    async def days() -> list[tuple[bool, int]]:
        return [
            (day.simulated, day.sessions)
            for day in (await host.ListDailyTotals(analytics_pb.ListDailyTotalsRequest())).days
        ]

    async def real() -> bool:
        return await days() == [(False, 1)]

    async def simulated() -> bool:
        return await days() == [(True, 1)]

    await until(real)
    paying = order_pb.PayInTestCheckoutRequest(request_id="p", order_id=placed.order.order_id, **me)
    await buyer.PayInTestCheckout(paying)
    service.now.ahead = timedelta(minutes=6)
    await service.opened(host)
    await until(simulated)
