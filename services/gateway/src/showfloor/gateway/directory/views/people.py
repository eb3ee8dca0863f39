"""Who is what to which shop and account: what an actor is made of, and what lists show."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.gateway.directory.domain.account import AccountAdded, RoleGiven, RoleTaken
from showfloor.gateway.directory.domain.creator import CreatorAdded
from showfloor.gateway.directory.domain.shop import ShopAdded, ShopRoleGiven
from showfloor.gateway.directory.domain.user import UserAdded
from showfloor.kernel.event import Event, Recorded

LIMIT = 1_000  # rows of a list

_DDL = """
CREATE TABLE directory_user (user_id uuid PRIMARY KEY, added_at timestamptz NOT NULL);
CREATE TABLE shop (shop_id uuid PRIMARY KEY, name text NOT NULL, currency text NOT NULL);
CREATE TABLE shop_person (
    shop_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (shop_id, user_id));
CREATE INDEX shop_person_user ON shop_person (user_id);
CREATE TABLE account (
    account_id uuid PRIMARY KEY, shop_id uuid NOT NULL, name text NOT NULL, kind text NOT NULL, creator_id uuid);
CREATE INDEX account_shop ON account (shop_id);
CREATE TABLE account_person (
    account_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (account_id, user_id));
CREATE INDEX account_person_user ON account_person (user_id);
CREATE TABLE creator (creator_id uuid PRIMARY KEY, shop_id uuid NOT NULL, name text NOT NULL);
"""

_SHOPS = """
SELECT s.shop_id, s.name, s.currency, coalesce(p.role, 'member') AS role FROM shop s
LEFT JOIN shop_person p ON p.shop_id = s.shop_id AND p.user_id = %(user)s
WHERE p.user_id IS NOT NULL OR EXISTS (SELECT FROM account a JOIN account_person ap USING (account_id)
    WHERE a.shop_id = s.shop_id AND ap.user_id = %(user)s)
ORDER BY s.name, s.shop_id LIMIT %(limit)s"""
_ACCOUNTS = """
SELECT a.account_id, a.shop_id, a.name, a.kind, a.creator_id, s.currency, ap.role
FROM account a JOIN shop s USING (shop_id)
LEFT JOIN account_person ap ON ap.account_id = a.account_id AND ap.user_id = %(user)s
WHERE ap.user_id IS NOT NULL OR EXISTS (SELECT FROM shop_person p WHERE p.shop_id = a.shop_id AND p.user_id = %(user)s)
ORDER BY a.name, a.account_id LIMIT %(limit)s"""


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """The directory changes rarely: one statement per event."""
    return [_statement(recorded.event) for recorded in page]


def _statement(event: Event) -> Statement:
    values: tuple[Any, ...]
    match event:
        case UserAdded():
            sql, values = "INSERT INTO directory_user VALUES (%s, %s)", (event.user_id, event.at)
        case ShopAdded():
            sql, values = "INSERT INTO shop VALUES (%s, %s, %s)", (event.shop_id, event.name, event.currency)
        case ShopRoleGiven():
            sql = "INSERT INTO shop_person VALUES (%s, %s, %s) ON CONFLICT (shop_id, user_id) DO UPDATE SET role = EXCLUDED.role"
            values = (event.shop_id, event.user_id, event.role)
        case AccountAdded():
            sql = "INSERT INTO account VALUES (%s, %s, %s, %s, %s)"
            values = (event.account_id, event.shop_id, event.name, event.kind, event.creator_id)
        case RoleGiven():
            sql = "INSERT INTO account_person VALUES (%s, %s, %s) ON CONFLICT (account_id, user_id) DO UPDATE SET role = EXCLUDED.role"
            values = (event.account_id, event.user_id, event.role)
        case RoleTaken():
            sql = "DELETE FROM account_person WHERE account_id = %s AND user_id = %s"
            values = (event.account_id, event.user_id)
        case CreatorAdded():
            sql, values = "INSERT INTO creator VALUES (%s, %s, %s)", (event.creator_id, event.shop_id, event.name)
        case _:
            raise TypeError(f"the directory does not know {type(event).__name__}")
    return Statement(sql, [values])


VIEW = View(
    name="directory",
    ddl=_DDL,
    handles=(UserAdded, ShopAdded, ShopRoleGiven, AccountAdded, RoleGiven, RoleTaken, CreatorAdded),
    evolve=evolve,
)


async def shops_of(database: Database, user: UUID) -> list[dict[str, Any]]:
    """Return the shops a user has to do with, by name: shop_id, name, currency, role."""
    return await database.fetch(_SHOPS, {"user": user, "limit": LIMIT})


async def accounts_of(database: Database, user: UUID) -> list[dict[str, Any]]:
    """Return the accounts a user may act for, by name; `role` is null for those reached through a shop."""
    return await database.fetch(_ACCOUNTS, {"user": user, "limit": LIMIT})


async def all_shops(database: Database) -> list[dict[str, Any]]:
    """Return every shop, for operators."""
    return await database.fetch("SELECT * FROM shop ORDER BY name, shop_id LIMIT %s", (LIMIT,))


async def all_accounts(database: Database) -> list[dict[str, Any]]:
    """Return every account, for operators."""
    return await database.fetch("SELECT * FROM account ORDER BY name, account_id LIMIT %s", (LIMIT,))


async def people_of(database: Database, account: UUID) -> list[dict[str, Any]]:
    """Return who works on an account: user_id, role."""
    sql = "SELECT user_id, role FROM account_person WHERE account_id = %s ORDER BY user_id LIMIT %s"
    return await database.fetch(sql, (account, LIMIT))


async def creators_of(database: Database, shops: Sequence[str]) -> list[dict[str, Any]]:
    """Return the creators of these shops, by name."""
    sql = "SELECT * FROM creator WHERE shop_id = ANY(%s::uuid[]) ORDER BY name, creator_id LIMIT %s"
    return await database.fetch(sql, (list(shops), LIMIT))


async def user_exists(database: Database, user: UUID) -> bool:
    """Tell whether there is such a user."""
    return await database.fetch_one("SELECT FROM directory_user WHERE user_id = %s", (user,)) is not None
