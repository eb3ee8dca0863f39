"""What somebody is to one thing: all of the directory that a policy asks for, read from one row."""

from typing import Any, NamedTuple, Protocol

import msgspec

from showfloor.access.actor import Role
from showfloor.access.membership.lists import Scope
from showfloor.access.resources import Account, Binding, Creator, Order, Partner, Resource, Session, Shop, System

_GRANTED = {"read": Role.READER, "moderate": Role.MODERATOR}


class About(NamedTuple):
    """The ids of what a right is asked about; "" for none. All of them empty: Showfloor as a whole."""

    account: str = ""
    shop: str = ""
    creator: str = ""
    partner: str = ""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account belongs: to its shop, or to its creator, and the ISO 4217 currency of its books.

    `affiliate`: it is a creator's, who earns a commission on what the shop sells.
    """

    shop: str = ""
    creator: str = ""
    currency: str
    affiliate: bool = False


class Grant(msgspec.Struct, frozen=True):
    """A right to an account that its owner gave for a while."""

    grant_id: str
    role: Role
    until: float  # Unix seconds


class Use(NamedTuple):
    """Something that was done, or read, because a grant allowed it. `thing`: its kind and id, "session:<id>"."""

    grant_id: str
    subject: str
    action: str
    thing: str


class Relations(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is to a thing, and what the directory says of the thing itself."""

    account: tuple[Role, ...] = ()
    shop: Role | None = None
    creator: Role | None = None
    partner: Role | None = None
    owns: bool = False  # some shop, whichever; asked about Showfloor as a whole only
    grants: tuple[Grant, ...] = ()
    home: Home | None = None  # of the account, when the directory knows it
    currency: str = ""  # of the shop


NOTHING = Relations()


class Nobody:
    """A membership in which nobody is anything: of a server that answers operators and services alone."""

    position = 2**63

    async def reached(self, position: int) -> None:
        """Return at once: there is nothing to wait for."""

    def must_be_fresh(self) -> None:
        """Return: nothing here can be old."""

    async def relations(self, subject: str, about: "About") -> Relations:
        """Return that the subject is nothing."""
        return NOTHING

    async def scope(self, subject: str) -> Scope:
        """Return that the subject may list nothing."""
        return Scope(subject=subject)

    async def used(self, use: Use) -> None:
        """Return: nobody has a grant."""


class Membership(Protocol):
    """What policies ask of the directory, and how new the answers are. `Members` answers from tables."""

    @property
    def position(self) -> int:
        """How much of the directory's log is known."""
        ...

    async def reached(self, position: int) -> None:
        """Return once that much is known. Raises Refusal MEMBERSHIP_BEHIND."""
        ...

    def must_be_fresh(self) -> None:
        """Raise Refusal MEMBERSHIP_STALE when the directory was not heard for too long."""
        ...

    async def scope(self, subject: str) -> Scope:
        """Return whose things a subject may list. Raises Refusal UNAVAILABLE."""
        ...

    async def relations(self, subject: str, about: About) -> Relations:
        """Return what a subject is to a thing. Raises Refusal UNAVAILABLE."""
        ...

    async def used(self, use: Use) -> None:
        """Log what only a grant allows: what changes something, before it is done. Raises Refusal UNAVAILABLE."""
        ...


def about(resource: Resource) -> About:
    """Return what the rights to a resource depend on."""
    match resource:
        case Account():
            found = About(resource.id, resource.shop, resource.creator)
        case Session() | Order():
            found = About(resource.account, resource.shop)
        case Shop():
            found = About(shop=resource.id)
        case Creator():
            found = About(shop=resource.shop, creator=resource.id)
        case Partner():
            found = About(partner=resource.id)
        case Binding():
            found = About(shop=resource.shop, creator=resource.creator, partner=resource.partner)
        case System():
            found = About()
    return found


def relations_of(row: dict[str, Any]) -> Relations:
    """Read what `tables.RELATIONS` answers."""
    return Relations(
        account=_on_account(row),
        shop=_role(row["shop_role"]) or (Role.MEMBER if row["works_for_shop"] else None),
        creator=_role(row["creator_role"]),
        partner=_role(row["partner_role"]),
        owns=bool(row["owns"]),
        grants=tuple(
            Grant(one["grant_id"], _GRANTED[one["scope"]], one["until"])
            for one in row["grants"] or ()
            if one["scope"] in _GRANTED
        ),
        home=Home(
            shop=str(row["home_shop"] or ""),
            creator=str(row["home_creator"] or ""),
            currency=row["home_currency"],
            affiliate=row["affiliate"],
        )
        if row["known"]
        else None,
        currency=row["shop_currency"] or "",
    )


def _on_account(row: dict[str, Any]) -> tuple[Role, ...]:
    """Return what somebody is to an account by itself.

    A creator is the owner of theirs, and their staff assist them; the people of a partner read what is bound to it.
    """
    own = _role(row["account_role"])
    of_creator = _role(row["owner_role"])
    if of_creator is Role.OWNER:
        own = Role.OWNER
    elif of_creator is not None and own is None:
        own = Role.ASSISTANT
    found = [own] if own is not None else []
    if row["bound"] and own is None:
        found.append(Role.READER)
    return tuple(found)


def _role(value: str | None) -> Role | None:
    return Role(value) if value else None
