"""Which orders were made, and where do they stand?"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from showfloor.eventstore.statements import Append, Change
from showfloor.eventstore.upsert import insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.order import (
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from showfloor.session.show.domain.session_events import SessionDetailsExpired
from showfloor.session.show.views.expiring import expiring

_DDL = """
CREATE TABLE order_row (
    order_id uuid PRIMARY KEY,
    position bigint NOT NULL, -- where it was placed
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reference text NOT NULL,
    viewer_ref text NOT NULL,
    currency text NOT NULL,
    items jsonb NOT NULL, -- [[product id, quantity, unit price in minor units, variant's reference, its name], ...]
    total_minor bigint NOT NULL,
    commission_minor bigint NOT NULL,
    direct boolean NOT NULL,
    placed_at timestamptz NOT NULL,
    state text NOT NULL,
    paid_at timestamptz,
    refunded_minor bigint NOT NULL,
    pay_before timestamptz,
    source text NOT NULL, -- who says that it was paid
    revived boolean NOT NULL -- paid after it had expired or been cancelled
);
CREATE INDEX order_row_session ON order_row (session_id, position);
CREATE INDEX order_row_viewer ON order_row (session_id, viewer_ref, position);
"""

_TYPES = (
    "uuid", "bigint", "uuid", "uuid", "text", "text", "text", "jsonb", "bigint", "bigint", "boolean", "timestamptz",
    "text", "timestamptz", "bigint", "timestamptz", "text", "boolean",
)  # fmt: skip
_PAID = """
UPDATE order_row SET paid_at = v.at, source = v.source, revived = v.revived
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::boolean[]) AS v (id, at, source, revived)
WHERE order_id = v.id"""
_STATE = (
    "UPDATE order_row SET state = v.state FROM unnest(%s::uuid[], %s::text[]) AS v (id, state) WHERE order_id = v.id"
)
_REFUNDED = """
UPDATE order_row SET refunded_minor = v.refunded
FROM unnest(%s::uuid[], %s::bigint[]) AS v (id, refunded) WHERE order_id = v.id"""


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Apply a page: new orders first, then the last state of each. An expired order may be paid after all."""
    placed: list[tuple[Any, ...]] = []
    paid: list[tuple[Any, ...]] = []
    states: dict[Any, tuple[Any, ...]] = {}
    refunded: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        event = recorded.event
        match event:
            case OrderPlaced():
                placed.append(_placed(recorded.position, event))
            case OrderPaid():
                states[event.order_id] = (event.order_id, "paid")
                paid.append((event.order_id, event.at, event.source, event.revived))
            case OrderCancelled():
                states[event.order_id] = (event.order_id, "cancelled")
            case OrderExpired():
                states[event.order_id] = (event.order_id, "expired")
            case OrderRefunded():
                states[event.order_id] = (event.order_id, "refunded")
                refunded[event.order_id] = (event.order_id, event.refunded_minor)
            case _:
                raise TypeError(f"a list of orders does not know {type(event).__name__}")
    yield Append("order_row", _TYPES, placed)
    yield from insert(_PAID, paid)
    yield from keyed(_STATE, states)
    yield from keyed(_REFUNDED, refunded)


def _placed(position: int, event: OrderPlaced) -> tuple[Any, ...]:
    items = [
        (str(item.product_id), item.quantity, item.unit_minor, item.variant_reference, item.variant_name)
        for item in event.items
    ]
    return (
        event.order_id, position, event.session_id, event.account_id, event.reference, event.viewer_ref,
        event.currency, msgspec.json.encode(items).decode(), event.total_minor, event.commission_minor,
        event.direct, event.at, "placed", None, 0, event.pay_before, "", False,
    )  # fmt: skip


VIEW = View(
    name="orders",
    ddl=_DDL,
    handles=(OrderEvent, SessionDetailsExpired),
    evolve=expiring(evolve, "order_row"),
)
