"""OrderService: what is bought in a LIVE."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeVar

from showfloor.access import resources
from showfloor.access.actor import ActorKind
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2, order_pb2
from showfloor.api.session.v1 import order_service_pb2 as pb
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.decider import Rule
from showfloor.kernel.refusal import Refusal, invalid
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp
from showfloor.rpc.money import money_message
from showfloor.service import watermarks
from showfloor.service.allowing import allow, may
from showfloor.session.activity import commands
from showfloor.session.activity.domain import order_rules as rules
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.fact_rules import Fact
from showfloor.session.activity.domain.order import ORDER, Order, PaymentSource, order_stream
from showfloor.session.activity.edges.messages import ORDER_STATES, PAYMENT_SOURCES, item_message
from showfloor.session.activity.edges.order_queries import OrderRow, is_first_order, list_orders, own_orders
from showfloor.session.activity.edges.pages import AfterPosition, next_token
from showfloor.session.activity.edges.reading import FactReader, Viewer, reader_for
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.edges.authorizing import detailed_session_for, is_viewer

MAX_ITEMS, MAX_QUANTITY = 50, 10_000
VIEWERS_QUANTITY = 100  # of one item, by a viewer, who can write any number: what a person buys at once
FIRST_PATIENCE = 0.5  # seconds
_STATE_WORDS: Final[dict[int, str]] = {number: word for word, number in ORDER_STATES.items()}


C = TypeVar("C", bound=Fact)


class OrderCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, names: ViewerNames, policy: Policy, clock: Clock) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._names, self._policy, self._clock = names, policy, clock

    async def PlaceOrder(self, request: pb.PlaceOrderRequest, _: Any) -> pb.PlaceOrderResponse:
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        command, viewer = place_order(reader, request)
        await self._names.keep(reader.session.account_id, {viewer.ref: viewer.name})
        done = await commands.place_order(self._store, command, current().meta(command.request_id))
        return pb.PlaceOrderResponse(order=await self._answer(done), position=done.position)

    async def PayOrder(self, request: pb.PayOrderRequest, _: Any) -> pb.PayOrderResponse:
        command = pay_order(await self._order_reader(request), request)
        done = await self._execute(rules.pay_order, command)
        return pb.PayOrderResponse(order=await self._answer(done), position=done.position)

    async def PayInTestCheckout(self, request: pb.PayInTestCheckoutRequest, _: Any) -> pb.PayInTestCheckoutResponse:
        reader = await self._order_reader(request)
        command = rules.PayOrder(
            subject_id=reader.needed("order_id", request.order_id),
            request_id=reader.request_id(request),
            source="simulated",
            **reader.as_of_now,
        )
        if not self._policy.test_checkout:  # after the order is known to be the caller's: others learn nothing
            raise refusals.test_checkout_off()
        done = await self._execute(rules.pay_order, command)
        return pb.PayInTestCheckoutResponse(order=await self._answer(done), position=done.position)

    async def CancelOrder(self, request: pb.CancelOrderRequest, _: Any) -> pb.CancelOrderResponse:
        command = cancel_order(await self._order_reader(request), request)
        done = await self._execute(rules.cancel_order, command)
        return pb.CancelOrderResponse(order=await self._answer(done), position=done.position)

    async def RefundOrder(self, request: pb.RefundOrderRequest, _: Any) -> pb.RefundOrderResponse:
        command = refund_order(await self._order_reader(request), request)
        done = await self._execute(rules.refund_order, command)
        return pb.RefundOrderResponse(order=await self._answer(done), position=done.position)

    async def GetOwnOrder(self, request: pb.GetOwnOrderRequest, _: Any) -> pb.GetOwnOrderResponse:
        reader = await self._order_reader(request)
        state = (await self._store.load(ORDER, reader.needed("order_id", request.order_id))).state
        return pb.GetOwnOrderResponse(order=_own(state))

    async def ListOwnOrders(self, request: pb.ListOwnOrdersRequest, _: Any) -> pb.ListOwnOrdersResponse:
        session = await detailed_session_for(self._store, request.session_id)
        await watermarks.reached(self._store, self._views, ("orders",), request.min_position)
        viewer = current().actor.viewer
        assert viewer is not None, "the policies permit viewers alone"
        ids = await own_orders(self._database, session.session_id, viewer.viewer_ref)
        found = await self._store.load_many(ORDER, ids)
        return pb.ListOwnOrdersResponse(orders=[_own(found[one].state) for one in ids])

    async def ListOrders(self, request: pb.ListOrdersRequest, _: Any) -> pb.ListOrdersResponse:
        size = checks.page_size(request.page_size)
        state = _STATE_WORDS.get(checks.known("state", request.state, order_pb2.OrderState), "")
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await detailed_session_for(self._store, request.session_id)
        await watermarks.reached(self._store, self._views, ("orders", "buyers"), request.min_position)
        before = after.position if after else None
        rows = await list_orders(self._database, session.session_id, state, before, size + 1)
        return pb.ListOrdersResponse(
            orders=[_row_message(row) for row in rows[:size]], next_page_token=next_token(rows, size, filters)
        )

    async def _order_reader(self, request: Any) -> FactReader:
        """Return a reader of requests on an order if the caller may do the current RPC to it.

        Raises INVALID_FIELD, ORDER_NOT_FOUND, PERMISSION.
        """
        key = checks.uuid("order_id", request.order_id)
        session_id = checks.uuid("session_id", request.session_id)
        placed = (await self._store.load(ORDER, key)).state.placed
        if placed is None or placed.session_id != session_id:
            raise refusals.order_not_found(key)
        order = resources.Order(
            id=str(key), account=str(placed.account_id), shop=str(placed.shop_id), viewer=placed.viewer_ref
        )
        await allow(order, refusals.order_not_found(key))
        session = (await self._store.load(SESSION, session_id)).state
        return FactReader(session, self._clock(), self._policy)

    async def _execute(self, rule: Rule[Order, C], command: C) -> Outcome[Order]:
        meta = current().meta(command.request_id)
        return await self._store.execute(ORDER, command.subject_id, rule, command, meta)

    async def _answer(self, done: Outcome[Order]) -> order_pb2.Order:
        """Return an order after a change. Only a view knows whether it is the buyer's first: give it a moment."""
        first, placed = False, done.state.placed
        if done.state.paid_at is not None and placed is not None and placed.viewer_ref:
            with suppress(Refusal):  # the view lags or stands still: the payment is done all the same
                await self._views.wait_for(("buyers",), done.position, timeout=FIRST_PATIENCE)
                first = await is_first_order(self._database, placed.account_id, placed.viewer_ref, placed.order_id)
        message = _message(done.state, done.position, first_time=first)
        if is_viewer():  # what a host earns with it is not theirs to know
            message.ClearField("commission")
        return message


def place_order(
    reader: FactReader, request: pb.PlaceOrderRequest, *, pays: bool = False, pay_time: datetime | None = None
) -> tuple[rules.PlaceOrder, Viewer]:
    """Read an order, and its buyer. It is named by the commerce system's reference, not by the request id."""
    prefix = reader.prefix
    checks.count(f"{prefix}items", request.items, 1, MAX_ITEMS)
    viewer = reader.viewer(request.viewer)
    reference = checks.request_id(request.reference, f"{prefix}reference")
    if is_viewer() and request.outside_room:
        raise invalid(f"{prefix}outside_room", "is no viewer's to say")
    command = rules.PlaceOrder(
        subject_id=order_stream(reader.session.session_id, reference, viewer.namer),
        request_id=reference if pays else reader.request_id(request),
        reference=reference,
        viewer_ref=viewer.ref,
        lines=tuple(_line(f"{prefix}items[{number}]", item) for number, item in enumerate(request.items)),
        outside_room=request.outside_room,
        gender=viewer.gender,
        age_band=viewer.age_band,
        region=viewer.region,
        follower=viewer.follower,
        by_viewer=is_viewer(),
        pays=pays,
        pay_time=pay_time,
        source=_payment_source(reader.session) if pays else "",
        **reader.common(request),
    )
    return command, viewer


def place_paid_order(reader: FactReader, request: activity_service_pb2.PaidOrder) -> tuple[rules.PlaceOrder, Viewer]:
    """Read an order that is placed and paid."""
    pay_time = checks.when(request, "pay_time", reader.prefix)
    inner = FactReader(reader.session, reader.now, reader.policy, f"{reader.prefix}order.")
    return place_order(inner, request.order, pays=True, pay_time=pay_time)


def pay_order(reader: FactReader, request: pb.PayOrderRequest) -> rules.PayOrder:
    """Read a payment."""
    return rules.PayOrder(
        subject_id=reader.needed("order_id", request.order_id),
        request_id=reader.request_id(request),
        source=_payment_source(reader.session),
        **reader.common(request),
    )


def cancel_order(reader: FactReader, request: pb.CancelOrderRequest) -> rules.CancelOrder:
    """Read a cancellation."""
    return rules.CancelOrder(
        subject_id=reader.needed("order_id", request.order_id),
        request_id=reader.request_id(request),
        **reader.common(request),
    )


def refund_order(reader: FactReader, request: pb.RefundOrderRequest) -> rules.RefundOrder:
    """Read a refund: more than zero."""
    amount = checks.money(f"{reader.prefix}amount", request.amount, minimum=1)
    return rules.RefundOrder(
        subject_id=reader.needed("order_id", request.order_id),
        request_id=reader.request_id(request),
        amount_minor=amount.minor,
        currency=amount.currency,
        **reader.common(request),
    )


async def may_pay(session: Session) -> None:
    """Refuse unless the caller may say of the session's orders that they were paid. Raises PERMISSION.

    Who may place orders, or report facts at all, is not thereby allowed to say that money came in.
    """
    order = resources.Order(id="", account=str(session.account_id), shop=str(session.shop_id))
    await may(order, "PayOrder")


def _payment_source(session: Session) -> PaymentSource:
    """Return what a payment that the caller reports is marked with."""
    actor = current().actor
    if session.simulated or actor.kind is ActorKind.VIEWER:
        return "simulated"
    if actor.kind is ActorKind.SERVICE:
        return "checkout" if "checkout" in actor.scopes else "connector"
    # A person who plays a recording repeats what another system reported then.
    return "connector" if session.source == "replay" else "by_hand"


def _line(field: str, item: Any) -> rules.Line:
    price = checks.money(f"{field}.unit_price", item.unit_price)
    return rules.Line(
        checks.uuid(f"{field}.product_id", item.product_id),
        checks.number(f"{field}.quantity", item.quantity, 1, VIEWERS_QUANTITY if is_viewer() else MAX_QUANTITY),
        price.minor,
        price.currency,
        checks.line(f"{field}.variant_reference", item.variant_reference, 0, 64),
    )


def _message(order: Order, position: int, *, first_time: bool) -> order_pb2.Order:
    """Return an order. `first_time`: it is the buyer's first paid one with the account."""
    placed = order.placed
    assert placed is not None
    currency = placed.currency
    return order_pb2.Order(
        order_id=str(placed.order_id),
        session_id=str(placed.session_id),
        reference=placed.reference,
        viewer_ref=placed.viewer_ref,
        items=[item_message(item, currency) for item in placed.items],
        total=money_message(placed.total_minor, currency),
        commission=money_message(placed.commission_minor, currency),
        refunded=money_message(order.refunded_minor, currency),
        state=ORDER_STATES[order.status],
        direct=placed.direct,
        first_time_buyer=first_time,
        place_time=stamp(placed.at),
        pay_time=stamp(order.paid_at),
        payment_source=PAYMENT_SOURCES[order.source],
        revived=order.revived,
        expire_time=stamp(placed.pay_before),
        position=position,
    )


def _own(order: Order) -> pb.OwnOrder:
    """Return an order as its viewer sees it."""
    message = _message(order, 0, first_time=False)
    message.ClearField("commission")
    assert order.placed is not None
    return pb.OwnOrder(order=message, titles=[item.title for item in order.placed.items])


def _row_message(row: OrderRow) -> order_pb2.Order:
    def money(minor: int) -> Money:
        return money_message(minor, row.currency)

    return order_pb2.Order(
        order_id=str(row.order_id),
        session_id=str(row.session_id),
        reference=row.reference,
        viewer_ref=row.viewer_ref,
        items=[
            order_pb2.OrderItem(
                product_id=product_id,
                quantity=quantity,
                unit_price=money(unit),
                variant_reference=variant_reference,
                variant_name=variant_name,
            )
            for product_id, quantity, unit, variant_reference, variant_name in row.items
        ],
        total=money(row.total_minor),
        commission=money(row.commission_minor),
        refunded=money(row.refunded_minor),
        state=ORDER_STATES[row.state],
        direct=row.direct,
        first_time_buyer=row.first_time,
        place_time=stamp(row.placed_at),
        pay_time=stamp(row.paid_at),
        payment_source=PAYMENT_SOURCES[row.source],
        revived=row.revived,
        expire_time=stamp(row.pay_before),
        position=row.position,
    )
