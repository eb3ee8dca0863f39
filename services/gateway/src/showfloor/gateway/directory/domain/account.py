"""An account that goes LIVE, for the shop or as the creator that it belongs to, and who works on it."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.people import People, give, joined, left, take
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.personal import Owner

KINDS = ("official", "marketing", "creator")
ROLES = ("host", "assistant", "moderator", "analyst")


class AccountAdded(Event, frozen=True, kw_only=True):
    """An account was entered in the directory. It belongs to a shop; one without a shop belongs to its creator."""

    TOPIC: ClassVar[str] = "account.added"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"name": Owner("account_id", ("creator_id",))}

    account_id: UUID
    shop_id: UUID | None = None
    name: str
    kind: str
    creator_id: UUID | None = None
    currency: str = ""  # of a creator's account; a shop's has the currency of the shop's books


class RoleGiven(Event, frozen=True, kw_only=True):
    """A user has from now on this role on the account, in place of the one before."""

    TOPIC: ClassVar[str] = "account.role_given"

    account_id: UUID
    user_id: UUID
    role: str


class RoleTaken(Event, frozen=True, kw_only=True):
    """A user has no role on the account any more."""

    TOPIC: ClassVar[str] = "account.role_taken"

    account_id: UUID
    user_id: UUID


class Account(msgspec.Struct, frozen=True):
    """The state of an account; no `account_id`: there is none."""

    account_id: UUID | None = None
    shop_id: UUID | None = None
    name: str = ""
    kind: str = ""
    creator_id: UUID | None = None
    people: People = {}
    currency: str = ""


def evolve(state: Account, event: Event) -> Account:
    """Return the account after the event."""
    if isinstance(event, AccountAdded):
        about = event.account_id, event.shop_id, event.name, event.kind, event.creator_id
        return Account(*about, currency=event.currency)
    if isinstance(event, RoleGiven):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, RoleTaken)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


def add(state: Account, asked: AccountAdded) -> list[Event]:
    """Add an account once."""
    return [asked] if state.account_id is None else []


def give_role(state: Account, asked: RoleGiven) -> list[Event]:
    """Give a user a role. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if state.account_id is None:
        raise refusals.not_found("account")
    return give(state.people, asked, "host", lambda: refusals.last_host(state.account_id))


def take_role(state: Account, asked: RoleTaken) -> list[Event]:
    """Take a user's role away. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if state.account_id is None:
        raise refusals.not_found("account")
    return take(state.people, asked, "host", lambda: refusals.last_host(state.account_id))


ACCOUNT: Decider[Account] = Decider(
    name="account",
    state_type=Account,
    initial=Account,
    evolve=evolve,
    events=(AccountAdded, RoleGiven, RoleTaken),
)
