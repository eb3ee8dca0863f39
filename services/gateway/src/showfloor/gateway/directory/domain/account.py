"""An account: it belongs to a shop or to a creator, has people with roles, and goes LIVE."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain.people import People, joined, left
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


class AccountRoleGiven(Event, frozen=True, kw_only=True):
    """A user has from now on this role on the account, in place of the one before."""

    TOPIC: ClassVar[str] = "account.role_given"

    account_id: UUID
    user_id: UUID
    role: str


class AccountRoleTaken(Event, frozen=True, kw_only=True):
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
    if isinstance(event, AccountRoleGiven):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, AccountRoleTaken)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


ACCOUNT: Decider[Account] = Decider(
    name="account",
    state_type=Account,
    initial=Account,
    evolve=evolve,
    events=(AccountAdded, AccountRoleGiven, AccountRoleTaken),
)
