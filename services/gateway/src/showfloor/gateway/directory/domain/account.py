"""An account that goes LIVE for a shop, and who works on it."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event

KINDS = ("official", "marketing", "creator")
ROLES = ("host", "assistant", "moderator", "analyst")


class AccountAdded(Event, frozen=True, kw_only=True):
    """An account was linked to a shop."""

    TOPIC: ClassVar[str] = "account.added"

    account_id: UUID
    shop_id: UUID
    name: str
    kind: str
    creator_id: UUID | None = None


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
    people: dict[UUID, str] = {}


def evolve(state: Account, event: Event) -> Account:
    """Return the account after the event."""
    if isinstance(event, AccountAdded):
        return Account(event.account_id, event.shop_id, event.name, event.kind, event.creator_id)
    if isinstance(event, RoleGiven):
        return msgspec.structs.replace(state, people={**state.people, event.user_id: event.role})
    assert isinstance(event, RoleTaken)
    people = {user: role for user, role in state.people.items() if user != event.user_id}
    return msgspec.structs.replace(state, people=people)


def add(state: Account, asked: AccountAdded) -> list[Event]:
    """Add an account once."""
    return [asked] if state.account_id is None else []


def give_role(state: Account, asked: RoleGiven) -> list[Event]:
    """Give a user a role. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if state.account_id is None:
        raise refusals.not_found("account")
    if state.people.get(asked.user_id) == asked.role:
        return []
    if asked.role != "host":
        _keep_a_host(state, asked.user_id)
    return [asked]


def take_role(state: Account, asked: RoleTaken) -> list[Event]:
    """Take a user's role away. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if state.account_id is None:
        raise refusals.not_found("account")
    if asked.user_id not in state.people:
        return []
    _keep_a_host(state, asked.user_id)
    return [asked]


def _keep_a_host(state: Account, leaving: UUID) -> None:
    if [user for user, role in state.people.items() if role == "host"] == [leaving]:
        raise refusals.last_host(state.account_id)


ACCOUNT: Decider[Account] = Decider(
    name="account",
    state_type=Account,
    initial=Account,
    evolve=evolve,
    events=(AccountAdded, RoleGiven, RoleTaken),
)
