"""An order made in, or because of, a LIVE: a reservation, then paid, cancelled or expired, then perhaps paid back.

Money that was really paid is never lost from the record: a payment that comes after the reservation has run out, or
was cancelled, revives the order and says so. No viewer says that something is paid (D16).
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

OrderStatus = Literal["none", "placed", "paid", "cancelled", "refunded", "expired"]

PaymentSource = Literal["", "checkout", "connector", "by_hand", "simulated"]
"""Who says that an order was paid: the shop's checkout, a connector or a recording, a person of the shop, or the test
checkout and simulated recordings. Empty: from before sources were recorded."""


class Item(msgspec.Struct, frozen=True):
    """One line of an order. Amounts in minor units of the order's currency."""

    product_id: UUID
    quantity: int
    unit_minor: int
    commission_bps: int = 0  # of the catalogue product at the time of the order
    commission_minor: int = 0  # for the whole line, rounded half up
    title: str = ""  # of the catalogue product at the time of the order
    variant_reference: str = ""  # of the form that was chosen; empty: it has none, or nobody said
    variant_name: str = ""  # at the time of the order

    @property
    def total_minor(self) -> int:
        """What the line costs."""
        return self.unit_minor * self.quantity


class OrderEvent(Event, frozen=True, kw_only=True):
    """What every event of an order carries, so that no reader has to look anything up."""

    order_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str
    currency: str
    reference: str


class OrderPlaced(OrderEvent, frozen=True, kw_only=True):
    """An order was placed: a reservation. It does not count as GMV yet."""

    TOPIC: ClassVar[str] = "order.placed"

    items: tuple[Item, ...]
    total_minor: int
    commission_minor: int
    affiliate_minor: int  # the part of the total that carries a creator's commission
    direct: bool  # ordered inside the room while it was live
    gender: str = ""
    age_band: str = ""
    region: str = ""
    follower: bool | None = None  # None: not known
    pay_before: datetime | None = None  # the reservation runs out then; None: paid at once, or from before they did
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class OrderPaid(OrderEvent, frozen=True, kw_only=True):
    """An order was paid: from now on its total is GMV."""

    TOPIC: ClassVar[str] = "order.paid"

    items: tuple[Item, ...]
    total_minor: int
    commission_minor: int
    affiliate_minor: int
    direct: bool
    placed_at: datetime
    gender: str = ""
    age_band: str = ""
    region: str = ""
    follower: bool | None = None
    source: PaymentSource = ""
    revived: bool = False  # it had expired or been cancelled: what it held had been let go
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class OrderCancelled(OrderEvent, frozen=True, kw_only=True):
    """An order was cancelled before it was paid."""

    TOPIC: ClassVar[str] = "order.cancelled"

    total_minor: int


class OrderExpired(OrderEvent, frozen=True, kw_only=True):
    """Nobody paid in time: the reservation ran out, and what it held is free. `at` is when it was due."""

    TOPIC: ClassVar[str] = "order.expired"

    total_minor: int


class OrderRefunded(OrderEvent, frozen=True, kw_only=True):
    """A part of a paid order, or all of it, was paid back. GMV does not change."""

    TOPIC: ClassVar[str] = "order.refunded"

    amount_minor: int
    refunded_minor: int  # all refunds of the order together, this one included
    total_minor: int
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class Order(msgspec.Struct, frozen=True):
    """The state of an order; `placed` is None when there is none."""

    status: OrderStatus = "none"
    placed: OrderPlaced | None = None
    paid_at: datetime | None = None
    source: PaymentSource = ""
    revived: bool = False
    refunds: int = 0
    refunded_minor: int = 0  # by all of them together


def order_stream(session_id: UUID, reference: str, viewer_ref: str = "") -> UUID:
    """Return the id of the order that the commerce system's `reference` names.

    What a viewer names (`viewer_ref`) is theirs alone: whoever else used the same reference is not told by it.
    """
    return derive_id(session_id, "order", reference, *filter(None, [viewer_ref]))


def evolve(state: Order, event: Event) -> Order:
    """Return the order after the event."""
    match event:
        case OrderPlaced():
            return Order(status="placed", placed=event)
        case OrderPaid():
            return msgspec.structs.replace(
                state, status="paid", paid_at=event.at, source=event.source, revived=event.revived
            )
        case OrderCancelled():
            return msgspec.structs.replace(state, status="cancelled")
        case OrderExpired():
            return msgspec.structs.replace(state, status="expired")
        case OrderRefunded():
            return msgspec.structs.replace(
                state, status="refunded", refunds=state.refunds + 1, refunded_minor=event.refunded_minor
            )
        case _:
            raise AssertionError(f"an order has no {type(event).__name__}")


ORDER: Decider[Order] = Decider(
    name="order",
    state_type=Order,
    initial=Order,
    evolve=evolve,
    events=(OrderPlaced, OrderPaid, OrderCancelled, OrderExpired, OrderRefunded),
)
