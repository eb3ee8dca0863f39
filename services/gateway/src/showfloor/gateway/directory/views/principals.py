"""What a user is to creators and partners: a question asked of the view of the directory."""

from typing import Any
from uuid import UUID

from showfloor.eventstore.query import Database

_ROLES = """
SELECT 'creator' AS kind, creator_id AS id, role FROM creator_person WHERE user_id = %(user)s
UNION ALL SELECT 'partner', partner_id, role FROM partner_person WHERE user_id = %(user)s"""


async def roles_of(database: Database, user: UUID) -> list[dict[str, Any]]:
    """Return what a user is to creators and partners: kind, id, role."""
    return await database.fetch(_ROLES, {"user": user})
