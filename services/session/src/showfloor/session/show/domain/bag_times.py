"""Which product was in the bag when? What a signal of a viewer needs to know that happened some minutes ago."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

KEPT: Final = timedelta(minutes=15)  # longer than a signal may be late: what left the bag before is asked for no more


class InBag(msgspec.Struct, frozen=True):
    """The time for which a product was in the bag; no end while it is."""

    product_id: UUID
    since: datetime
    until: datetime | None = None


Times = tuple[InBag, ...]


def joined(times: Times, product_ids: Iterable[UUID], at: datetime) -> Times:
    """Return the times after products have joined the bag."""
    return (*_kept(times, at), *(InBag(product_id, at) for product_id in product_ids))


def left(times: Times, product_id: UUID, at: datetime) -> Times:
    """Return the times after a product has left the bag."""
    return tuple(
        msgspec.structs.replace(one, until=at) if one.product_id == product_id and one.until is None else one
        for one in _kept(times, at)
    )


def _kept(times: Times, at: datetime) -> Times:
    return tuple(one for one in times if one.until is None or one.until > at - KEPT)
