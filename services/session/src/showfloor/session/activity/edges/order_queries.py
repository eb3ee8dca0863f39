"""What is asked of orders and their buyers."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.activity.domain.order import (
    PaymentSource,
)


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order. `first_time`: the buyer's first paid order with the account."""

    order_id: UUID
    position: int
    session_id: UUID
    account_id: UUID
    reference: str
    viewer_ref: str
    currency: str
    items: list[tuple[str, int, int, str, str]]
    total_minor: int
    commission_minor: int
    direct: bool
    placed_at: datetime
    state: str
    paid_at: datetime | None
    refunded_minor: int
    pay_before: datetime | None
    source: PaymentSource
    revived: bool
    first_time: bool


_LIST = """
SELECT o.*, EXISTS (SELECT FROM account_buyer b WHERE b.account_id = o.account_id
    AND b.viewer_ref = o.viewer_ref AND b.order_id = o.order_id) AS first_time
FROM (SELECT * FROM order_row WHERE session_id = %(session_id)s
  AND (%(state)s = '' OR state = %(state)s)
  AND (%(before)s::bigint IS NULL OR position < %(before)s)
  ORDER BY position DESC LIMIT %(limit)s) AS o
ORDER BY position DESC"""


async def list_orders(
    database: Database, session_id: UUID, state: str = "", before: int | None = None, limit: int = 50
) -> list[OrderRow]:
    """Return a page of orders, newest first; `state` "" for all."""
    params = {"session_id": session_id, "state": state, "before": before, "limit": limit}
    return await database.fetch(_LIST, params, into=OrderRow)


async def own_orders(database: Database, session_id: UUID, viewer_ref: str, limit: int = 50) -> list[UUID]:
    """Return the ids of a viewer's newest orders of a session, newest first."""
    sql = """SELECT order_id FROM order_row WHERE session_id = %s AND viewer_ref = %s
        ORDER BY position DESC LIMIT %s"""
    return [row["order_id"] for row in await database.fetch(sql, (session_id, viewer_ref, limit))]


async def is_first_order(database: Database, account_id: UUID, viewer_ref: str, order_id: UUID) -> bool:
    """Tell whether an order is the first that its buyer paid with the account."""
    sql = "SELECT FROM account_buyer WHERE account_id = %s AND viewer_ref = %s AND order_id = %s"
    return bool(await database.fetch(sql, (account_id, viewer_ref, order_id)))
