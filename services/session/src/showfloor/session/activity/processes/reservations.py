"""An order that nobody pays in time is a reservation that expires (D16)."""

from collections.abc import Iterable
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.session.activity.domain import order_rules
from showfloor.session.activity.domain.order import ORDER, OrderCancelled, OrderExpired, OrderPaid, OrderPlaced
from showfloor.session.activity.domain.order_rules import ExpireOrder

RUN_OUT = "reservation"

HANDLES: tuple[type[Event], ...] = (OrderPlaced, OrderPaid, OrderCancelled, OrderExpired)

_META = Meta(actor="process:reservations")


def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case OrderPlaced(order_id=order_id, pay_before=due) if due is not None:
            yield Deadline(RUN_OUT, order_id, due)
        case OrderPaid(order_id=order_id) | OrderCancelled(order_id=order_id) | OrderExpired(order_id=order_id):
            yield Cleared(RUN_OUT, order_id)


async def run_out(store: Store, order_id: UUID, clock: Clock) -> None:
    """Let a reservation go that is due."""
    await store.execute(ORDER, order_id, order_rules.expire_order, ExpireOrder(now=clock()), _META)
