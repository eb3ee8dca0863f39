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


class AccountCreated(Event, frozen=True, kw_only=True):
    """An account was created in the directory. It belongs to a shop; one without a shop belongs to its creator."""

    TOPIC: ClassVar[str] = "account.created"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"name": Owner("account_id", ("creator_id",))}

    account_id: UUID
    shop_id: UUID | None = None
    name: str
    kind: str
    creator_id: UUID | None = None
    currency: str = ""  # of a creator's account; a shop's has the currency of the shop's books


class AccountRoleAssigned(Event, frozen=True, kw_only=True):
    """A user has from now on this role on the account, in place of the one before."""

    TOPIC: ClassVar[str] = "account.role_assigned"

    account_id: UUID
    user_id: UUID
    role: str


class AccountRoleRevoked(Event, frozen=True, kw_only=True):
    """A user has no role on the account any more."""

    TOPIC: ClassVar[str] = "account.role_revoked"

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
    if isinstance(event, AccountCreated):
        about = event.account_id, event.shop_id, event.name, event.kind, event.creator_id
        return Account(*about, currency=event.currency)
    if isinstance(event, AccountRoleAssigned):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, AccountRoleRevoked)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


ACCOUNT: Decider[Account] = Decider(
    name="account",
    state_type=Account,
    initial=Account,
    evolve=evolve,
    events=(AccountCreated, AccountRoleAssigned, AccountRoleRevoked),
)
