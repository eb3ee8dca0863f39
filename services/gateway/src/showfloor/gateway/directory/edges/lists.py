"""Queries of the directory's lists, a page at a time: each walks an index from the last row of the page before.

Names of accounts and creators lie sealed, so their lists come in the order of entry. A user sees what is theirs; `user`
null, for operators, sees everything.
"""

# ruff: noqa: S608 - every text here is put together from constants of this module

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from showfloor.eventstore.query import Database

Rows = list[dict[str, Any]]

_NO_ID: Final = "'00000000-0000-0000-0000-000000000000'"


def _after_added(thing: str, row: str) -> str:
    """Return the condition that a row was added after the last one of the page before."""
    return f"""({row}.added_at, {row}.{thing}_id)
    > (coalesce(%(after_added_at)s::timestamptz, '-infinity'), coalesce(%(after_{thing}_id)s::uuid, {_NO_ID}))"""


def _after_named(thing: str, row: str) -> str:
    """Return the condition that a row comes by its name after the last one of the page before."""
    return f"""({row}.name, {row}.{thing}_id)
    > (coalesce((SELECT name FROM {thing} WHERE {thing}_id = %(after_{thing}_id)s), ''),
       coalesce(%(after_{thing}_id)s::uuid, {_NO_ID}))"""


_MY_PARTNERS: Final = "SELECT partner_id FROM partner_person WHERE user_id = %(user)s"
_SERVED_SHOPS: Final = "SELECT shop_id FROM shop_person WHERE user_id = %(user)s"
_MY_SHOPS: Final = """
SELECT shop_id FROM shop_person WHERE user_id = %(user)s
UNION SELECT w.shop_id FROM account_person JOIN account w USING (account_id)
    WHERE user_id = %(user)s AND w.shop_id IS NOT NULL"""
_MY_GRANTS: Final = f"""
FROM account_grant g WHERE g.ended_at IS NULL AND g.until > %(now)s
    AND (g.user_id = %(user)s OR g.partner_id IN ({_MY_PARTNERS}))"""


def _accounts(where: str) -> str:
    return f"""(SELECT a.account_id, a.added_at FROM account a WHERE {where} AND {_after_added("account", "a")}
    ORDER BY a.added_at, a.account_id LIMIT %(limit)s)"""


_BY_THEMSELVES: Final = f"""(%(shop)s::uuid IS NULL OR a.shop_id = %(shop)s) AND a.account_id IN (
    SELECT account_id FROM account_person WHERE user_id = %(user)s UNION SELECT g.account_id {_MY_GRANTS})"""
_MY_ACCOUNTS: Final = f"""
SELECT f.* FROM shop_person m CROSS JOIN LATERAL {_accounts("a.shop_id = m.shop_id")} AS f
    WHERE m.user_id = %(user)s AND (%(shop)s::uuid IS NULL OR m.shop_id = %(shop)s)
UNION SELECT f.* FROM creator_person m CROSS JOIN LATERAL
    {_accounts("a.creator_id = m.creator_id AND a.shop_id IS NULL")} AS f
    WHERE m.user_id = %(user)s AND %(shop)s::uuid IS NULL
UNION SELECT f.* FROM {_accounts(_BY_THEMSELVES)} AS f"""


def _shown(found: str) -> str:
    return f"""
SELECT a.account_id, a.shop_id, a.name, a.kind, a.creator_id, a.added_at, coalesce(s.currency, a.currency) AS currency,
    coalesce(ap.role, sp.role, cp.role, (SELECT min(CASE g.scope WHEN 'moderate' THEN 'moderator' ELSE 'reader' END)
        {_MY_GRANTS} AND g.account_id = a.account_id)) AS role
FROM (SELECT * FROM ({found}) AS f ORDER BY added_at, account_id LIMIT %(limit)s) AS page
JOIN account a USING (account_id) LEFT JOIN shop s USING (shop_id)
LEFT JOIN shop_person sp ON sp.shop_id = a.shop_id AND sp.user_id = %(user)s
LEFT JOIN creator_person cp ON a.shop_id IS NULL AND cp.creator_id = a.creator_id AND cp.user_id = %(user)s
LEFT JOIN account_person ap ON ap.account_id = a.account_id AND ap.user_id = %(user)s
ORDER BY a.added_at, a.account_id"""


_ACCOUNTS: Final = _shown(_MY_ACCOUNTS)
_ALL_ACCOUNTS: Final = _shown(_accounts("true"))
_ALL_OF_SHOP: Final = _shown(_accounts("a.shop_id = %(shop)s"))
_BOUND: Final = f"""
SELECT a.account_id, a.shop_id, a.name, a.kind, a.creator_id, a.added_at, coalesce(s.currency, a.currency) AS currency,
    NULL AS role
FROM (SELECT b.account_id FROM partner_account b WHERE b.partner_id = %(partner)s AND {_after_added("account", "b")}
    ORDER BY b.added_at, b.account_id LIMIT %(limit)s) AS page
JOIN account a USING (account_id) LEFT JOIN shop s USING (shop_id) ORDER BY a.added_at, a.account_id"""
_CREATORS: Final = f"""
SELECT c.creator_id, c.shop_id, c.name, c.added_at, p.role FROM creator c
LEFT JOIN creator_person p ON p.creator_id = c.creator_id AND p.user_id = %(user)s
WHERE (%(user)s::uuid IS NULL OR c.creator_id IN (
        SELECT creator_id FROM creator_person WHERE user_id = %(user)s
        UNION SELECT creator_id FROM creator WHERE shop_id IN ({_SERVED_SHOPS})
        UNION SELECT creator_id FROM binding
            WHERE status = 'active' AND (shop_id IN ({_SERVED_SHOPS}) OR partner_id IN ({_MY_PARTNERS}))))
  AND {_after_added("creator", "c")}
ORDER BY c.added_at, c.creator_id LIMIT %(limit)s"""
_SHOPS: Final = f"""
SELECT s.shop_id, s.name, s.currency,
    coalesce(p.role, CASE WHEN %(user)s::uuid IS NOT NULL THEN 'member' END) AS role
FROM shop s LEFT JOIN shop_person p ON p.shop_id = s.shop_id AND p.user_id = %(user)s
WHERE (%(user)s::uuid IS NULL OR s.shop_id IN ({_MY_SHOPS})) AND {_after_named("shop", "s")}
ORDER BY s.name, s.shop_id LIMIT %(limit)s"""
_PARTNERS: Final = f"""
SELECT p.partner_id, p.name, m.role FROM partner p
LEFT JOIN partner_person m ON m.partner_id = p.partner_id AND m.user_id = %(user)s
WHERE (%(user)s::uuid IS NULL OR m.user_id IS NOT NULL) AND {_after_named("partner", "p")}
ORDER BY p.name, p.partner_id LIMIT %(limit)s"""

_BEFORE: Final = """(b.offered_at, b.binding_id) < (coalesce(%(after_offered_time)s::timestamptz, 'infinity'),
    coalesce(%(after_binding_id)s::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"""


def _bindings(where: str) -> str:
    return f"""(SELECT b.* FROM binding b WHERE {where} AND {_BEFORE}
    ORDER BY b.offered_at DESC, b.binding_id DESC LIMIT %(limit)s)"""


def _bindings_of(side: str) -> str:
    return f"""SELECT f.* FROM {side}_person m CROSS JOIN LATERAL {_bindings(f"b.{side}_id = m.{side}_id")} AS f
    WHERE m.user_id = %(user)s"""


_MY_BINDINGS: Final = " UNION ".join(map(_bindings_of, ("partner", "shop", "creator")))


def _told(found: str) -> str:
    """Return the query that shows these bindings.

    The side that has an offer learns the other one's name once it has accepted: an offer must not tell what exists.
    """
    mine = """b.met OR b.offered_by = '{0}' OR %(user)s::uuid IS NULL
        OR EXISTS (SELECT FROM {0}_person m WHERE m.{0}_id = b.{0}_id AND m.user_id = %(user)s)"""
    return f"""
SELECT b.binding_id, b.status, b.offered_by, b.offered_at AS offered_time, b.partner_id, p.name AS partner_name,
    b.shop_id, CASE WHEN {mine.format("shop")} THEN s.name END AS shop_name,
    b.creator_id, CASE WHEN {mine.format("creator")} THEN c.name END AS creator_name
FROM ({found}) AS b LEFT JOIN partner p USING (partner_id)
LEFT JOIN shop s ON s.shop_id = b.shop_id LEFT JOIN creator c ON c.creator_id = b.creator_id
ORDER BY b.offered_at DESC, b.binding_id DESC LIMIT %(limit)s"""


_BINDINGS: Final = _told(_MY_BINDINGS)
_ALL_BINDINGS: Final = _told(_bindings("true"))


async def shops(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return shops by name: those that the user works for, or for an account of."""
    return await database.fetch(_SHOPS, values)


async def accounts(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return accounts, those added first before the others: through a shop or a creator, by a role there, by a grant.

    Their names are sealed; `role` is the first of what the user is there, to the shop, to the creator, by a grant.
    """
    everything = _ALL_OF_SHOP if values["shop"] else _ALL_ACCOUNTS
    return await database.fetch(_ACCOUNTS if values["user"] else everything, values)


async def accounts_bound_to(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return the accounts of the shops and creators that are bound to a partner, those added first before the others.

    Their names are sealed."""
    return await database.fetch(_BOUND, values)


async def creators(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return creators, those added first before the others; their names are sealed."""
    return await database.fetch(_CREATORS, values)


async def partners(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return partners by name."""
    return await database.fetch(_PARTNERS, values)


async def bindings(database: Database, values: Mapping[str, Any]) -> Rows:
    """Return offers and bindings, the newest first; the names of creators are sealed."""
    return await database.fetch(_BINDINGS if values["user"] else _ALL_BINDINGS, values)


async def accounts_in(database: Database, shop: UUID) -> Rows:
    """Return every account of a shop, for imports: account_id, name (sealed)."""
    sql = "SELECT account_id, name FROM account WHERE shop_id = %s ORDER BY account_id LIMIT 10000"
    return await database.fetch(sql, (shop,))
