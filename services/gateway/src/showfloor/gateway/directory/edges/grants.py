"""Queries about grants."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from showfloor.eventstore.query import Database

_GRANTS = """
SELECT g.grant_id, g.account_id, g.scope, g.until AS until_time, g.given_at AS given_time,
    g.given_by AS given_by_user_id, g.user_id, g.partner_id, p.name AS partner_name, g.ended_at AS end_time, g.ended_by
FROM account_grant g LEFT JOIN partner p USING (partner_id)
WHERE g.account_id = %(account)s
  AND (g.given_at, g.grant_id) < (coalesce(%(after_given_time)s::timestamptz, 'infinity'),
    coalesce(%(after_grant_id)s::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
ORDER BY g.given_at DESC, g.grant_id DESC LIMIT %(limit)s"""


async def grants_of(database: Database, account: UUID, page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the grants of an account, the newest first."""
    return await database.fetch(_GRANTS, {"account": account, **page})
