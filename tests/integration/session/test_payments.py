"""Who says that something was paid, and what becomes of what nobody pays (D16)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import order_pb2, product_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.testing.waiting import until

DEMO = pytest.mark.parametrize("service", [{"test_checkout": True}], indirect=True)
D16 = pytest.mark.requirement("D16")


def order_of(session: pb.Session, product: str, reference: str, viewer: str = "v1") -> order_pb.PlaceOrderRequest:
    item = order_pb2.OrderItem(product_id=product, quantity=1, unit_price=Money(minor=999, currency="USD"))
    who = viewer_pb2.ViewerIdentity(viewer_ref=viewer)
    return order_pb.PlaceOrderRequest(
        request_id=reference, session_id=session.session_id, reference=reference, viewer=who, items=[item]
    )


def payment_of(order: order_pb2.Order, kind: Any = order_pb.PayOrderRequest) -> Any:
    return kind(request_id="p", session_id=order.session_id, order_id=order.order_id)


@D16
async def test_each_payment_carries_who_said_so(service: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    checkout, connector = service.connector("ingest", "checkout"), service.connector("ingest", "payments")
    sources = {"a": checkout, "b": connector, "c": host}
    for reference, teller in sources.items():
        placed = (await teller.PlaceOrder(order_of(session, ids[0], reference))).order
        assert placed.payment_source == order_pb2.PAYMENT_SOURCE_UNSPECIFIED
        paid = await teller.PayOrder(payment_of(placed))
    wanted = [order_pb2.PAYMENT_SOURCE_CHECKOUT, order_pb2.PAYMENT_SOURCE_CONNECTOR, order_pb2.PAYMENT_SOURCE_BY_HAND]
    listed = await host.ListOrders(
        order_pb.ListOrdersRequest(session_id=session.session_id, min_position=paid.position)
    )
    assert [order.payment_source for order in reversed(listed.orders)] == wanted
    told = [event.payment_source for event in await service.public("OrderPaid")]
    assert told == wanted
    query = act.ListActivityRequest(session_id=session.session_id, kinds=["order"], min_position=paid.position)
    lines = (await host.ListActivity(query)).activities
    assert [one.payment_source for one in lines if one.state == "paid"] == wanted
    shown = await host.GetBoard(board.GetBoardRequest(session_id=session.session_id, min_position=paid.position))
    assert not shown.session.simulated_payments


@D16
async def test_who_may_report_facts_is_not_thereby_allowed_to_say_paid(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    placed = (await host.PlaceOrder(order_of(session, ids[0], "a"))).order
    teller, creator = service.connector("ingest"), service.user(Role.HOST, Role.MEMBER)
    facts = [
        act.ActivityFact(paid_order=act.PaidOrder(order=order_of(session, ids[0], "b"))),
        act.ActivityFact(pay=payment_of(placed)),
        act.ActivityFact(placed_order=order_of(session, ids[0], "c")),
    ]
    for caller in (teller, creator):
        await refused(caller.PayOrder(payment_of(placed)), "PERMISSION")
        answer = await caller.RecordActivity(act.RecordActivityRequest(session_id=session.session_id, facts=facts))
        assert [one.refused_reason for one in answer.outcomes] == ["PERMISSION", "PERMISSION", ""]
    assert not await service.public("OrderPaid")


@D16
async def test_there_is_no_test_checkout_unless_it_is_switched_on(service: Any, refused: Any) -> None:
    session, ids = await service.on_air(service.user())
    buyer = service.viewer(session.session_id)
    placed = (await buyer.PlaceOrder(order_of(session, ids[0], "a"))).order
    await refused(buyer.PayInTestCheckout(payment_of(placed, order_pb.PayInTestCheckoutRequest)), "TEST_CHECKOUT_OFF")
    await refused(buyer.PayOrder(payment_of(placed)), "PERMISSION")
    assert not (await buyer.WatchSession(ses.WatchSessionRequest(session_id=session.session_id))).test_checkout


@DEMO
@D16
async def test_a_test_payment_is_labelled_wherever_it_shows(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    buyer = service.viewer(session.session_id)
    assert (await buyer.WatchSession(ses.WatchSessionRequest(**me))).test_checkout
    placed = (await buyer.PlaceOrder(order_of(session, ids[0], "a"))).order
    pretended = payment_of(placed, order_pb.PayInTestCheckoutRequest)
    await refused(service.viewer(session.session_id, "v2").PayInTestCheckout(pretended), "ORDER_NOT_FOUND")
    for caller in (host, service.connector()):
        await refused(caller.PayInTestCheckout(pretended), "PERMISSION")
    paid = await buyer.PayInTestCheckout(pretended)
    assert paid.order.payment_source == order_pb2.PAYMENT_SOURCE_SIMULATED
    assert (await buyer.PayInTestCheckout(pretended)).position == paid.position
    since = {"min_position": paid.position}
    (listed,) = (await host.ListOrders(order_pb.ListOrdersRequest(**me, **since))).orders
    assert (listed.payment_source, listed.first_time_buyer) == (order_pb2.PAYMENT_SOURCE_SIMULATED, True)
    (told,) = await service.public("OrderPaid")
    assert told.payment_source == order_pb2.PAYMENT_SOURCE_SIMULATED
    assert (await host.GetBoard(board.GetBoardRequest(**me, **since))).session.simulated_payments
    (row,) = (await host.ListSessions(analytics_pb.ListSessionsRequest(**since))).sessions
    assert row.session.simulated_payments
    over = await host.EndSession(ses.EndSessionRequest(request_id="e", **me))
    recap = analytics_pb.GetRecapRequest(**me, min_position=over.position)
    assert (await host.GetRecap(recap)).session.simulated_payments

    async def added_up() -> bool:
        days = (await host.ListDailyTotals(analytics_pb.ListDailyTotalsRequest())).days
        return [day.simulated for day in days] == [True]

    await until(added_up)


@D16
async def test_an_unpaid_reservation_expires_and_money_revives_it(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    buyer = service.viewer(session.session_id)
    placed = (await buyer.PlaceOrder(order_of(session, ids[0], "a"))).order
    assert placed.total.minor and not placed.HasField("commission")
    assert placed.expire_time.ToDatetime() - placed.place_time.ToDatetime() == timedelta(minutes=15)
    me = {"session_id": session.session_id}

    async def expired() -> bool:
        # Another order moves the views on, so that the deadlines are looked at by the clock as it is now.
        await host.PlaceOrder(order_of(session, ids[0], uuid4().hex))
        orders = (await host.ListOrders(order_pb.ListOrdersRequest(state=order_pb2.ORDER_STATE_EXPIRED, **me))).orders
        return any(order.order_id == placed.order_id for order in orders)

    service.now.ahead = timedelta(minutes=14)
    assert not await expired()
    service.now.ahead = timedelta(minutes=16)
    await until(expired)
    (told,) = (event for event in await service.public("OrderExpired") if event.order_id == placed.order_id)
    assert told.time == placed.expire_time
    await refused(buyer.CancelOrder(payment_of(placed, order_pb.CancelOrderRequest)), "ORDER_WRONG_STATE")
    paid = await service.connector("checkout").PayOrder(payment_of(placed))
    assert (paid.order.state, paid.order.revived) == (order_pb2.ORDER_STATE_PAID, True)
    readings = (await host.GetBoard(board.GetBoardRequest(min_position=paid.position, **me))).core
    assert {one.metric: one.value for one in readings}["gmv"] == 999
    query = act.ListActivityRequest(session_id=session.session_id, kinds=["order"], min_position=paid.position)
    mine = [one.state for one in (await host.ListActivity(query)).activities if one.subject_id == placed.order_id]
    assert mine == ["placed", "expired", "paid"]


@DEMO
@D16
async def test_pretending_to_pay_too_late_is_refused(service: Any, refused: Any) -> None:
    session, ids = await service.on_air(service.user())
    buyer = service.viewer(session.session_id)
    placed = (await buyer.PlaceOrder(order_of(session, ids[0], "a"))).order
    service.now.ahead = timedelta(minutes=16)
    late = buyer.PayInTestCheckout(payment_of(placed, order_pb.PayInTestCheckoutRequest))
    await refused(late, "RESERVATION_EXPIRED")


async def test_an_order_names_its_variant_wherever_it_shows(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    sizes = [
        product_pb2.ProductVariant(
            reference=f"M-{size}", values=[size], price=Money(minor=minor, currency="USD"), stock=n
        )
        for size, minor, n in (("S", 999, 4), ("L", 1_700, 300), ("XL", 1_700, 0))
    ]
    await service.catalogue(host, 1, options=[product_pb2.ProductOption(name="Size")], variants=sizes)
    me = {"session_id": session.session_id}
    buyer = service.viewer(session.session_id)

    shown = (await buyer.WatchSession(ses.WatchSessionRequest(**me))).items[0].product
    assert (shown.variant_count, list(shown.variants)) == (3, [])
    told = (await buyer.WatchProduct(ses.WatchProductRequest(product_id=ids[0], **me))).product
    assert ([one.name for one in told.options], told.HasField("stock"), told.commission_bps) == (["Size"], False, 0)
    left = [(one.reference, one.stock if one.HasField("stock") else None) for one in told.variants]
    assert left == [("M-S", 4), ("M-L", None), ("M-XL", 0)]  # of what is plenty nobody learns how much there is
    elsewhere = ses.WatchProductRequest(product_id=str(uuid4()), **me)
    await refused(buyer.WatchProduct(elsewhere), "PRODUCT_NOT_FOUND")

    wanted = order_of(session, ids[0], "a")
    await refused(buyer.PlaceOrder(wanted), "VARIANT_NEEDED")
    wanted.items[0].variant_reference = "M-M"
    await refused(buyer.PlaceOrder(wanted), "NO_SUCH_VARIANT")
    wanted.items[0].variant_reference, wanted.items[0].unit_price.minor = "M-L", 1_700
    done = await buyer.PlaceOrder(wanted)
    await host.PlaceOrder(order_of(session, ids[0], "b"))  # told without: it was sold already
    since = {"min_position": done.position, **me}
    own = (await buyer.ListOwnOrders(order_pb.ListOwnOrdersRequest(**since))).orders[-1].order
    listed = (await host.ListOrders(order_pb.ListOrdersRequest(**since))).orders[-1]
    published = (await service.public("OrderPlaced"))[0]
    for order in (done.order, own, listed, published):
        assert [(one.variant_reference, one.variant_name) for one in order.items] == [("M-L", "L")]
    (line, *_) = (await host.ListActivity(act.ListActivityRequest(kinds=["order"], **since))).activities
    assert line.summary == "Mug 0 (L) x 1"
