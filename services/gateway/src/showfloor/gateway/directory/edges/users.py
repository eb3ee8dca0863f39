"""Queries about users, and which users the owners of shops, creators and partners may name."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.query import Database

_AFTER = """
(added_at, user_id) > (coalesce(%(after_added_at)s::timestamptz, '-infinity'),
    coalesce(%(after_user_id)s::uuid, '00000000-0000-0000-0000-000000000000'))"""
_ALL = f"""
SELECT added_at, user_id FROM directory_user WHERE {_AFTER}
ORDER BY added_at, user_id LIMIT %(limit)s"""  # noqa: S608 - constants of this module
_AROUND = f"""
SELECT DISTINCT found.* FROM unnest(%(around)s::uuid[]) AS p (id) CROSS JOIN LATERAL (
    SELECT DISTINCT added_at, user_id FROM acquaintance WHERE principal_id = p.id AND {_AFTER}
    ORDER BY added_at, user_id LIMIT %(limit)s) AS found
ORDER BY added_at, user_id LIMIT %(limit)s"""  # noqa: S608 - constants of this module
_MAY_NAME = """
SELECT FROM acquaintance k WHERE k.user_id = %(user)s AND (k.principal_id = %(near)s
    OR EXISTS (SELECT FROM shop_person WHERE (shop_id, user_id, role) = (k.principal_id, %(owner)s, 'owner'))
    OR EXISTS (SELECT FROM creator_person WHERE (creator_id, user_id, role) = (k.principal_id, %(owner)s, 'owner'))
    OR EXISTS (SELECT FROM partner_person WHERE (partner_id, user_id, role) = (k.principal_id, %(owner)s, 'owner')))
LIMIT 1"""


async def known(database: Database, user: UUID) -> bool:
    """Tell whether there is such a user."""
    return await database.fetch_one("SELECT FROM directory_user WHERE user_id = %s", (user,)) is not None


async def may_name(database: Database, owner: UUID, user: UUID, near: UUID | None) -> bool:
    """Tell whether a user was added for, or works for, `near` or something that `owner` owns, or an account of it."""
    return await database.fetch_one(_MAY_NAME, {"owner": owner, "user": user, "near": near}) is not None


async def users_of(database: Database, around: Sequence[UUID] | None, page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who was added for these shops, creators and partners, or works for them or their accounts, those who were
    added first before the others; None: everybody."""
    if around is None:
        return await database.fetch(_ALL, page)
    return await database.fetch(_AROUND, {"around": list(around), **page})


async def owned_shops(database: Database, owner: UUID) -> list[UUID]:
    """Return the shops that a user owns."""
    sql = "SELECT shop_id FROM shop_person WHERE user_id = %s AND role = 'owner' ORDER BY shop_id"
    return [row["shop_id"] for row in await database.fetch(sql, (owner,))]
