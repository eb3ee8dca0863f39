"""What may become of an order."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.kernel.refusal import invalid
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.fact_rules import Fact
from showfloor.session.activity.domain.order import (
    Item,
    Order,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    PaymentSource,
)
from showfloor.session.activity.domain.times import attributed_time, fact_time, later_time, reported
from showfloor.session.catalogue.domain.product import ProductDetails, Variant
from showfloor.session.catalogue.domain.refusals import (
    no_such_variant,
    out_of_stock,
    product_not_found,
    variant_needed,
    wrong_currency,
)
from showfloor.session.show.domain.refusals import too_many

BASIS = 10_000  # basis points in a whole
MAX_REFUNDS = 100  # of one order
MAX_TOTAL = 10**12  # minor units of one order: more is a mistake, and sums over sessions stay inside 64 bits


class Line(msgspec.Struct, frozen=True):
    """One line of an order as it was asked for."""

    product_id: UUID
    quantity: int
    unit_minor: int
    currency: str
    variant_reference: str = ""


class PlaceOrder(Fact, frozen=True, kw_only=True):
    """An order. `products` holds the catalogue's products of its lines, as far as there are any."""

    reference: str
    viewer_ref: str
    lines: tuple[Line, ...]
    products: Aside[Mapping[UUID, ProductDetails]] = msgspec.field(default_factory=dict)
    outside_room: bool = False
    gender: Aside[str] = ""
    age_band: Aside[str] = ""
    region: Aside[str] = ""
    follower: Aside[bool | None] = None
    by_viewer: Aside[bool] = False  # the buyer reports it: the price is the catalogue's, not the buyer's
    pays: Aside[bool] = False  # it is paid in the same moment, or at `pay_time`
    pay_time: Aside[datetime | None] = None
    source: Aside[PaymentSource] = ""  # of the payment that comes with it

    @property
    def remembered_as(self) -> str:
        """An order is named by its reference, whatever request tells it: other lines are another order."""
        return f"order:{self.reference}"


class PayOrder(Fact, frozen=True, kw_only=True):
    """An order was paid, as `source` says."""

    source: PaymentSource


class CancelOrder(Fact, frozen=True, kw_only=True):
    """An order was cancelled."""


class ExpireOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation is due to run out."""

    now: datetime


class RefundOrder(Fact, frozen=True, kw_only=True):
    amount_minor: int
    currency: str


def place_order(state: Order, command: PlaceOrder) -> list[Event]:
    """Keep an order, and its payment when it comes with it. Commission is the catalogue's of today."""
    if state.placed is not None:
        return []
    when = attributed_time if command.outside_room else fact_time
    at = when(command.session, command.time, command.now, command.policy)
    items = tuple(_priced(command, number, line) for number, line in enumerate(command.lines))
    if command.by_viewer:
        _must_be_in_stock(command)
    total = sum(item.total_minor for item in items)
    if total > MAX_TOTAL:
        raise invalid("items", f"must come to at most {MAX_TOTAL} minor units together")
    placed = OrderPlaced(
        at=at,
        order_id=command.subject_id,
        session_id=command.session.session_id,
        account_id=command.session.account_id,
        shop_id=command.session.shop_id,
        viewer_ref=command.viewer_ref,
        currency=command.session.currency,
        reference=command.reference,
        items=items,
        total_minor=total,
        commission_minor=sum(item.commission_minor for item in items),
        affiliate_minor=sum(item.total_minor for item in items if item.commission_bps),
        direct=not command.outside_room,
        gender=command.gender,
        age_band=command.age_band,
        region=command.region,
        follower=command.follower,
        # By the clock, also for what is told late: whoever pays next has the whole time to do so.
        pay_before=None if command.pays else command.now + command.policy.reservation,
        **reported(command.session, command.now),
    )
    if not command.pays:
        return [placed]
    return [placed, *pay_order(Order(status="placed", placed=placed), payment_of(command))]


def pay_order(state: Order, command: PayOrder) -> list[Event]:
    """Keep that an order was paid: from now on its total is GMV.

    Whoever really took the money may tell it late: the order is revived. A simulated payment is not worth that.
    """
    placed = _must_exist(state, command)
    if state.paid_at is not None:
        return []
    at = later_time(command.session, command.time, placed.at, command.now, command.policy)
    expiring = _expired_by(state, at)
    if command.source == "simulated" and state.status == "cancelled":
        raise refusals.order_wrong_state(command.subject_id, state.status)
    if command.source == "simulated" and (expiring or state.status == "expired"):
        raise refusals.reservation_expired(command.subject_id, placed.pay_before)
    paid = OrderPaid(
        at=at,
        items=placed.items,
        total_minor=placed.total_minor,
        commission_minor=placed.commission_minor,
        affiliate_minor=placed.affiliate_minor,
        direct=placed.direct,
        placed_at=placed.at,
        gender=placed.gender,
        age_band=placed.age_band,
        region=placed.region,
        follower=placed.follower,
        source=command.source,
        revived=bool(expiring) or state.status != "placed",
        **_about(placed),
        **reported(command.session, command.now),
    )
    return [*expiring, paid]


def pay_placed(state: Order, command: PlaceOrder) -> list[Event]:
    """Keep the payment that comes with an order which was placed before; nothing of one that was refused.

    Another order under its reference was refused: its payment must not pay this one.
    """
    placed = state.placed
    if placed is None or (placed.viewer_ref, placed.direct) != (command.viewer_ref, not command.outside_room):
        return []
    lines = [(item.product_id, item.quantity, item.unit_minor, item.variant_reference) for item in placed.items]
    if lines != [(line.product_id, line.quantity, line.unit_minor, line.variant_reference) for line in command.lines]:
        return []
    return pay_order(state, payment_of(command))


def expire_order(state: Order, command: ExpireOrder) -> list[Event]:
    """Let a reservation go that nobody paid in time. The recorded due time decides, not when this is asked."""
    return _expired_by(state, command.now)


def cancel_order(state: Order, command: CancelOrder) -> list[Event]:
    """Keep that an order was cancelled. A paid one is refunded instead."""
    placed = _must_exist(state, command)
    if state.status == "cancelled":
        return []
    if state.status != "placed":
        raise refusals.order_wrong_state(command.subject_id, state.status)
    at = later_time(command.session, command.time, placed.at, command.now, command.policy)
    return [OrderCancelled(at=at, total_minor=placed.total_minor, **_about(placed))]


def refund_order(state: Order, command: RefundOrder) -> list[Event]:
    """Keep that a part was paid back, at most what is left. GMV does not change."""
    placed = _must_exist(state, command)
    if state.paid_at is None:
        raise refusals.order_wrong_state(command.subject_id, state.status)
    if command.currency != placed.currency:
        raise wrong_currency(command.currency, placed.currency, "amount.currency")
    if state.refunds >= MAX_REFUNDS:
        raise too_many("refunds", MAX_REFUNDS)
    left = placed.total_minor - state.refunded_minor
    if command.amount_minor > left:
        raise refusals.refund_too_large(left)
    refunded = OrderRefunded(
        at=later_time(command.session, command.time, state.paid_at, command.now, command.policy),
        amount_minor=command.amount_minor,
        refunded_minor=state.refunded_minor + command.amount_minor,
        total_minor=placed.total_minor,
        **_about(placed),
        **reported(command.session, command.now),
    )
    return [refunded]


def commission_of(total_minor: int, bps: int) -> int:
    """Return the commission on a line in minor units, rounded half up."""
    return (total_minor * bps + BASIS // 2) // BASIS


class _About(TypedDict):
    order_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str
    currency: str
    reference: str


def _about(placed: OrderPlaced) -> _About:
    return _About(
        order_id=placed.order_id,
        session_id=placed.session_id,
        account_id=placed.account_id,
        shop_id=placed.shop_id,
        viewer_ref=placed.viewer_ref,
        currency=placed.currency,
        reference=placed.reference,
    )


def _expired_by(state: Order, moment: datetime) -> list[Event]:
    """Return the expiry of a reservation that has run out by a moment, if that is not recorded yet."""
    placed = state.placed
    if state.status != "placed" or placed is None or placed.pay_before is None or moment < placed.pay_before:
        return []
    return [OrderExpired(at=placed.pay_before, total_minor=placed.total_minor, **_about(placed))]


def _must_exist(state: Order, command: Fact) -> OrderPlaced:
    """Another session's order answers like one that does not exist."""
    if state.placed is None or state.placed.session_id != command.session.session_id:
        raise refusals.order_not_found(command.subject_id)
    return state.placed


def _priced(command: PlaceOrder, number: int, line: Line) -> Item:
    product = command.products.get(line.product_id)
    # A product of another shop can be sold when it came into the bag by a link or a collab invite. A viewer buys from
    # the bag alone: the rest of the catalogue is not on show. What others report was sold already, wherever it lay.
    free = not command.by_viewer and product is not None and product.shop_id == command.session.shop_id
    if product is None or not (free or command.session.holds(line.product_id)):
        raise product_not_found(product_id=line.product_id)
    if line.currency != command.session.currency:
        raise wrong_currency(line.currency, command.session.currency, f"items[{number}].unit_price.currency")
    variant = _variant(product, line, f"items[{number}].variant_reference", needed=command.by_viewer)
    price = product.price_minor if variant is None else variant.price_minor
    if command.by_viewer and line.unit_minor != price:
        raise invalid(f"items[{number}].unit_price", "must be the catalogue's price")
    # A shop pays no commission to itself: its own account is an affiliate of other shops only.
    own = command.session.affiliate is False and product.shop_id == command.session.shop_id
    bps = 0 if own else product.commission_bps
    return Item(
        product_id=line.product_id,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        commission_bps=bps,
        commission_minor=commission_of(line.unit_minor * line.quantity, bps),
        title=product.title,
        variant_reference=line.variant_reference,
        variant_name=variant.name if variant else "",
    )


def _variant(product: ProductDetails, line: Line, field: str, *, needed: bool) -> Variant | None:
    """Return the variant that a line names. What others report of a product may leave it out: it was sold already.

    Raises VARIANT_NEEDED, NO_SUCH_VARIANT.
    """
    if not line.variant_reference:
        if needed and product.variants:
            raise variant_needed(line.product_id, field)
        return None
    if (variant := product.variant(line.variant_reference)) is None:
        raise no_such_variant(line.product_id, line.variant_reference, field)
    return variant


def _must_be_in_stock(command: PlaceOrder) -> None:
    """Refuse what the shop has not, as far as it counts. What others report was sold already. Raises OUT_OF_STOCK."""
    wanted: Counter[tuple[UUID, str]] = Counter()
    for line in command.lines:
        wanted[line.product_id, line.variant_reference] += line.quantity
    for (product_id, reference), quantity in wanted.items():
        product = command.products[product_id]
        stock = (product.variant(reference) or product).stock
        if stock is not None and stock < quantity:
            raise out_of_stock(product_id, reference, stock)


def payment_of(command: PlaceOrder) -> PayOrder:
    """Return the payment that comes with an order."""
    return PayOrder(
        subject_id=command.subject_id,
        session=command.session,
        now=command.now,
        policy=command.policy,
        request_id=command.request_id,
        time=command.pay_time or command.time,
        source=command.source,
    )
