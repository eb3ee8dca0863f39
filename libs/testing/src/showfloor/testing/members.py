"""Who is what to whom, said by a test in one place: as a plain model, and as rows of a service's membership.

ana = somebody("user:ana", accounts={account: Role.HOST}, homes={account: Home(shop=shop, currency="EUR")})
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import psycopg

from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.access.membership.lists import Scope
from showfloor.access.membership.relations import About, Home, Relations, Use
from showfloor.access.membership.tables import DDL, SCHEMA
from showfloor.eventstore.beside import ensure_schema

_KINDS = {"shop": "shops", "account": "accounts", "creator": "creators", "partner": "partners"}


class Somebody(msgspec.Struct, frozen=True, kw_only=True):
    """An actor and what they are to whom: ids with their role there. `homes` of accounts, `currencies` of shops."""

    actor: Actor
    accounts: Mapping[str, Role] = {}
    shops: Mapping[str, Role] = {}
    creators: Mapping[str, Role] = {}
    partners: Mapping[str, Role] = {}
    homes: Mapping[str, Home] = {}
    currencies: Mapping[str, str] = {}


def somebody(subject: str, kind: ActorKind = ActorKind.USER, scopes: tuple[str, ...] = (), **held: Any) -> Somebody:
    """Return who acts under this subject, and what they hold."""
    return Somebody(actor=Actor(subject=subject, kind=kind, scopes=scopes), **held)


class Members:
    """A membership in memory: each is to a thing what is said of them, nobody else is anything."""

    position = 2**63

    def __init__(self, *known: Somebody) -> None:
        self.known = {one.actor.subject: one for one in known}

    async def reached(self, position: int) -> None:
        """Return at once."""

    def must_be_fresh(self) -> None:
        """Return."""

    async def relations(self, subject: str, about: About) -> Relations:
        """Return what a subject is to a thing."""
        one = self.known.get(subject)
        if one is None:
            return Relations()
        home = one.homes.get(about.account)
        shop = about.shop or (home.shop if home else "")
        role = one.accounts.get(about.account)
        return Relations(
            account=(role,) if role else (),
            shop=one.shops.get(shop),
            creator=one.creators.get(about.creator),
            partner=one.partners.get(about.partner),
            owns=about == About() and Role.OWNER in one.shops.values(),
            home=home,
            currency=one.currencies.get(shop, ""),
        )

    async def used(self, use: Use) -> None:
        """Return: nobody has a grant here."""

    async def scope(self, subject: str) -> Scope:
        """Return that a subject may list nothing."""
        return Scope(subject=subject)


def write_members(dsn: str, people: Iterable[Somebody]) -> None:
    """Write them into a service's tables, in place of what these subjects were before."""
    ensure_schema(dsn, SCHEMA, DDL)
    with psycopg.connect(dsn, options=f"-c search_path={SCHEMA}") as connection:
        for one in people:
            _write(connection, one)


def _write(connection: psycopg.Connection[Any], one: Somebody) -> None:
    subject = one.actor.subject
    connection.execute("DELETE FROM member WHERE subject = %s", (subject,))  # safe: of a test, written anew below
    for kind, field in _KINDS.items():
        for thing, role in getattr(one, field).items():
            if role is not Role.MEMBER:  # that follows from the accounts
                connection.execute("INSERT INTO member VALUES (%s, %s, %s, %s)", (subject, kind, thing, role.value))
    shops = {home.shop: home.currency for home in one.homes.values() if home.shop} | dict(one.currencies)
    for shop, currency in shops.items():
        sql = """INSERT INTO directory_shop VALUES (%s, %s) ON CONFLICT (shop_id) DO UPDATE SET
            currency = excluded.currency"""
        connection.execute(sql, (shop, currency))
    for account, home in one.homes.items():
        row = (account, home.shop or None, home.creator or None, home.affiliate, "" if home.shop else home.currency)
        sql = """INSERT INTO directory_account VALUES (%s, %s, %s, %s, %s) ON CONFLICT (account_id) DO UPDATE SET
            shop_id = excluded.shop_id, creator_id = excluded.creator_id, affiliate = excluded.affiliate"""
        connection.execute(sql, row)


__all__ = ["Home", "Members", "Role", "Somebody", "somebody", "write_members"]
