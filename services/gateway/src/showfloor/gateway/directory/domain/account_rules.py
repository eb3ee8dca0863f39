"""What is allowed to an account and to the people who work on it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.account import Account, AccountAdded, AccountRoleGiven, AccountRoleTaken
from showfloor.gateway.directory.domain.people import changes
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class AddAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Enter an account of a shop, or of a creator; the latter names its currency."""

    account_id: UUID
    shop_id: UUID | None = None
    name: str
    kind: str
    creator_id: UUID | None = None
    currency: str = ""
    now: Aside[datetime]


class GiveAccountRole(msgspec.Struct, frozen=True, kw_only=True):
    """Give a user a role on an account, in place of the one before."""

    account_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class TakeAccountRole(msgspec.Struct, frozen=True, kw_only=True):
    """Take a user's role on an account away."""

    account_id: UUID
    user_id: UUID
    now: Aside[datetime]


def add_account(state: Account, command: AddAccount) -> list[Event]:
    """Add an account once."""
    if state.account_id is not None:
        return []
    added = AccountAdded(
        at=command.now,
        account_id=command.account_id,
        shop_id=command.shop_id,
        name=command.name,
        kind=command.kind,
        creator_id=command.creator_id,
        currency=command.currency,
    )
    return [added]


def give_account_role(state: Account, command: GiveAccountRole) -> list[Event]:
    """Give a user a role. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"account_id": command.account_id, "user_id": command.user_id}
    return [AccountRoleGiven(at=command.now, role=command.role, **about)]


def take_account_role(state: Account, command: TakeAccountRole) -> list[Event]:
    """Take a user's role away. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if not _changes(state, command.user_id, ""):
        return []
    return [AccountRoleTaken(at=command.now, account_id=command.account_id, user_id=command.user_id)]


def _changes(state: Account, user_id: UUID, role: str) -> bool:
    if state.account_id is None:
        raise refusals.not_found("account")
    return changes(state.people, user_id, role, "host", lambda: refusals.last_host(state.account_id))
