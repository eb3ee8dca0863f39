"""Lists of sessions in any order, and their rows as messages."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import analytics_service_pb2 as pb
from showfloor.kernel.refusal import invalid
from showfloor.session.analytics.edges.numbers import numbers_of
from showfloor.session.analytics.edges.reads import Reads, reading_messages, row_message
from showfloor.session.analytics.edges.session_queries import Order, SessionRow

PAGE: Final = 200  # sessions of an export read at once
MOST_PAGES: Final = 100
NEWEST_FIRST: Final = Order()
_ORDERS: Final = {
    pb.SESSION_SORT_UNSPECIFIED: Order("start"),
    pb.SESSION_SORT_START: Order("start"),
    pb.SESSION_SORT_GMV: Order("gmv"),
    pb.SESSION_SORT_UNITS_SOLD: Order("units_sold"),
    pb.SESSION_SORT_DURATION: Order("duration"),
}


class AfterValue(msgspec.Struct, frozen=True):
    """The last session of a page of a sorted list."""

    value: int
    session_id: UUID


def order_of(request: pb.ListSessionsRequest | pb.ExportSessionsRequest) -> Order:
    """Return the order asked for. Raises INVALID_FIELD."""
    order = _ORDERS.get(request.sort)
    if order is None:
        raise invalid("sort", "must be a known value")
    return msgspec.structs.replace(order, ascending=request.ascending)


def after(order: Order, place: AfterValue | None) -> Order:
    """Return the order from a place on."""
    if place is None:
        return order
    return msgspec.structs.replace(order, after_value=place.value, after_id=place.session_id)


def place_of(row: SessionRow) -> AfterValue:
    """Return the place of a row in a sorted list."""
    return AfterValue(row.sort_value, row.session_id)


async def messages(reads: Reads, rows: Sequence[SessionRow], names: Sequence[str]) -> list[pb.SessionRow]:
    """Return the rows of a page with these metrics, in a number of queries that does not grow with it."""
    numbers = await numbers_of(reads.database, rows, reads.clock())
    return [
        pb.SessionRow(
            session=row_message(reads, row, numbers[row.session_id]),
            readings=reading_messages(numbers[row.session_id].values(names), row.currency),
        )
        for row in rows
    ]
