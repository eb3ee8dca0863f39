"""What is allowed to an account and to the people who work on it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.account import Account, AccountCreated, AccountRoleAssigned, AccountRoleRevoked
from showfloor.gateway.directory.domain.people import changes
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class CreateAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Create an account of a shop, or of a creator; the latter names its currency."""

    account_id: UUID
    shop_id: UUID | None = None
    name: str
    kind: str
    creator_id: UUID | None = None
    currency: str = ""
    now: Aside[datetime]


class AssignAccountRole(msgspec.Struct, frozen=True, kw_only=True):
    """Assign a user a role on an account, in place of the one before."""

    account_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class RevokeAccountRole(msgspec.Struct, frozen=True, kw_only=True):
    """Revoke a user's role on an account."""

    account_id: UUID
    user_id: UUID
    now: Aside[datetime]


def create_account(state: Account, command: CreateAccount) -> list[Event]:
    """Create an account once."""
    if state.account_id is not None:
        return []
    added = AccountCreated(
        at=command.now,
        account_id=command.account_id,
        shop_id=command.shop_id,
        name=command.name,
        kind=command.kind,
        creator_id=command.creator_id,
        currency=command.currency,
    )
    return [added]


def assign_account_role(state: Account, command: AssignAccountRole) -> list[Event]:
    """Assign a user a role. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"account_id": command.account_id, "user_id": command.user_id}
    return [AccountRoleAssigned(at=command.now, role=command.role, **about)]


def revoke_account_role(state: Account, command: RevokeAccountRole) -> list[Event]:
    """Revoke a user's role. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    if not _changes(state, command.user_id, ""):
        return []
    return [AccountRoleRevoked(at=command.now, account_id=command.account_id, user_id=command.user_id)]


def _changes(state: Account, user_id: UUID, role: str) -> bool:
    if state.account_id is None:
        raise refusals.not_found("account")
    return changes(state.people, user_id, role, "host", lambda: refusals.last_host(state.account_id))
