"""Creators, partners, and who is bound to whom: questions asked of the view of the directory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.gateway.directory.views.people import LIMIT, pages

_CREATORS = """
SELECT c.creator_id, c.shop_id, c.name, p.role FROM creator c
LEFT JOIN creator_person p ON p.creator_id = c.creator_id AND p.user_id = %(user)s
WHERE (%(everything)s OR c.shop_id = ANY(%(shops)s::uuid[]) OR c.creator_id = ANY(%(creators)s::uuid[])
  OR EXISTS (SELECT FROM binding b WHERE b.creator_id = c.creator_id AND b.status = 'active'
    AND (b.shop_id = ANY(%(shops)s::uuid[]) OR b.partner_id = ANY(%(partners)s::uuid[]))))
  AND (%(after)s::uuid IS NULL OR c.creator_id > %(after)s)
ORDER BY c.creator_id LIMIT %(limit)s"""
_PARTNERS = """
SELECT p.partner_id, p.name, m.role FROM partner p
LEFT JOIN partner_person m ON m.partner_id = p.partner_id AND m.user_id = %(user)s
WHERE %(everything)s OR p.partner_id = ANY(%(partners)s::uuid[]) ORDER BY p.name, p.partner_id LIMIT %(limit)s"""
# The side that is asked has a name for the other one once they were bound: an offer must not tell what exists.
_BINDINGS = """
SELECT b.binding_id, b.status, b.offered_by, b.offered_at AS offered_time, b.partner_id, p.name AS partner_name,
    b.shop_id, CASE WHEN b.met OR b.offered_by = 'shop' OR %(everything)s OR b.shop_id = ANY(%(shops)s::uuid[])
        THEN s.name END AS shop_name,
    b.creator_id, CASE WHEN b.met OR b.offered_by = 'creator' OR %(everything)s
        OR b.creator_id = ANY(%(creators)s::uuid[]) THEN c.name END AS creator_name
FROM binding b LEFT JOIN partner p USING (partner_id)
LEFT JOIN shop s ON s.shop_id = b.shop_id LEFT JOIN creator c ON c.creator_id = b.creator_id
WHERE %(everything)s OR b.partner_id = ANY(%(partners)s::uuid[]) OR b.shop_id = ANY(%(shops)s::uuid[])
  OR b.creator_id = ANY(%(creators)s::uuid[])
ORDER BY b.offered_at DESC, b.binding_id LIMIT %(limit)s"""
_BOUND = """
SELECT a.account_id, a.shop_id, a.creator_id, a.name, a.kind, coalesce(s.currency, a.currency) AS currency
FROM account a LEFT JOIN shop s USING (shop_id)
WHERE (a.shop_id IN (SELECT shop_id FROM binding WHERE partner_id = %(partner)s AND status = 'active')
    OR (a.shop_id IS NULL AND a.creator_id IN (
        SELECT creator_id FROM binding WHERE partner_id = %(partner)s AND status = 'active')))
  AND (%(after)s::uuid IS NULL OR a.account_id > %(after)s)
ORDER BY a.account_id LIMIT %(limit)s"""
_ROLES = """
SELECT 'creator' AS kind, creator_id AS id, role FROM creator_person WHERE user_id = %(user)s
UNION ALL SELECT 'partner', partner_id, role FROM partner_person WHERE user_id = %(user)s"""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to do with, by id. `everything`: an operator, who sees all."""

    user: UUID | None = None
    shops: Sequence[str] = ()
    creators: Sequence[str] = ()
    partners: Sequence[str] = ()
    everything: bool = False

    def values(self) -> dict[str, Any]:
        """Return the values of a query."""
        lists = {"shops": list(self.shops), "creators": list(self.creators), "partners": list(self.partners)}
        return {**lists, "user": self.user, "everything": self.everything, "limit": LIMIT}


async def roles_of(database: Database, user: UUID) -> list[dict[str, Any]]:
    """Return what a user is to creators and partners: kind, id, role."""
    return await database.fetch(_ROLES, {"user": user})


def pages_of_creators(database: Database, around: Around) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield creators: one's own, those that one's shops entered or work with, those bound to partners."""
    return pages(database, _CREATORS, around.values(), "creator_id")


async def partners_of(database: Database, around: Around) -> list[dict[str, Any]]:
    """Return partners by name, and what somebody is to them."""
    return await database.fetch(_PARTNERS, around.values())


async def bindings_of(database: Database, around: Around) -> list[dict[str, Any]]:
    """Return offers and bindings, the newest first; the creator's name sealed."""
    return await database.fetch(_BINDINGS, around.values())


def pages_of_accounts_bound_to(database: Database, partner: UUID) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the accounts of the shops and creators that are bound to a partner."""
    return pages(database, _BOUND, {"partner": partner}, "account_id")
