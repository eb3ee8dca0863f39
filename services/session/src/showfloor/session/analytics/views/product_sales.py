"""How many units of each product were paid for, over all LIVEs?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import adding, insert
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.order import OrderPaid

_DDL = """
CREATE TABLE product_sales (
    product_id uuid PRIMARY KEY,
    units bigint NOT NULL -- of paid orders; what was paid back later counts
);
"""
_ADD = adding("product_sales", {"product_id": "uuid"}, ["units"])


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Add up what is paid. It stays when the details of a session expire: no person is in it."""
    units: Counter[UUID] = Counter()
    for recorded in page:
        event: Any = recorded.event
        if not isinstance(event, OrderPaid):
            raise TypeError(f"sales of products do not know {type(event).__name__}")
        for item in event.items:
            units[item.product_id] += item.quantity
    yield from insert(_ADD, units.items())


VIEW = View(name="product_sales", ddl=_DDL, handles=(OrderPaid,), evolve=evolve)
