"""Which imported sessions do references name?"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database

_HOLDING = """
SELECT reference, session_id, account_id FROM session_import WHERE shop_id = %s AND reference = ANY(%s)"""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """The imported session that a reference names in a shop."""

    reference: str
    session_id: UUID
    account_id: UUID


async def holding(database: Database, shop_id: UUID, references: Sequence[str]) -> list[Holding]:
    """Return the shop's imported sessions of these references."""
    return await database.fetch(_HOLDING, (shop_id, list(references)), into=Holding)
