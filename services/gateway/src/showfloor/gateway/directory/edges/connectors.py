"""Queries about connectors."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from showfloor.eventstore.query import Database

_LIST: Final = """
SELECT c.connector_id, c.shop_id, c.creator_id, c.name, c.scopes, c.added_at AS added_time,
    c.rotated_at AS rotated_time, ARRAY(SELECT account_id FROM connector_account a
        WHERE a.connector_id = c.connector_id ORDER BY account_id) AS account_ids
FROM connector c WHERE {whose} AND (c.added_at, c.connector_id) >
    (coalesce(%(after_added_time)s::timestamptz, '-infinity'),
     coalesce(%(after_connector_id)s::uuid, '00000000-0000-0000-0000-000000000000'))
ORDER BY c.added_at, c.connector_id LIMIT %(limit)s"""
_OF_SHOP: Final = _LIST.format(whose="c.shop_id = %(principal)s")
_OF_CREATOR: Final = _LIST.format(whose="c.creator_id = %(principal)s")
_BY_DIGEST: Final = "SELECT connector_id, scopes FROM connector WHERE digest = %s"


async def connectors_of(
    database: Database, shop: UUID | None, creator: UUID | None, page: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the connectors of a shop or of a creator, those added first before the others; their names are sealed."""
    return await database.fetch(_OF_SHOP if shop else _OF_CREATOR, {"principal": shop or creator, **page})


async def by_digest(database: Database, digest: str) -> dict[str, Any] | None:
    """Return the connector whose credential has this digest: connector_id, scopes; None: there is none any more."""
    return await database.fetch_one(_BY_DIGEST, (digest,))
