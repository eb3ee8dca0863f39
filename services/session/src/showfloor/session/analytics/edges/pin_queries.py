"""What is asked of the pins."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database


class PinRow(msgspec.Struct, frozen=True):
    """The time for which a product was pinned; no end while it is."""

    session_id: UUID
    started_at: datetime
    product_id: UUID
    ended_at: datetime | None


async def list_pins(database: Database, session_ids: Sequence[UUID]) -> list[PinRow]:
    """Return every interval of these sessions, in order."""
    sql = "SELECT * FROM pin WHERE session_id = ANY(%s) ORDER BY session_id, started_at, product_id"
    return await database.fetch(sql, (list(session_ids),), into=PinRow)
