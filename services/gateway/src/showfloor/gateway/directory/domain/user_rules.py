"""When a user may be added and erased."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.user import User, UserCreated, UserErased
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class CreateUser(msgspec.Struct, frozen=True, kw_only=True):
    """Let a user sign in. At most one of shop, creator and partner is named: the one whose owner adds the user."""

    user_id: UUID
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    partner_id: UUID | None = None
    now: Aside[datetime]


class EraseUser(msgspec.Struct, frozen=True, kw_only=True):
    """Erase a user."""

    user_id: UUID
    now: Aside[datetime]


def create_user(state: User, command: CreateUser) -> list[Event]:
    """Create a user once."""
    if state.user_id is not None:
        return []
    added = UserCreated(
        at=command.now,
        user_id=command.user_id,
        shop_id=command.shop_id,
        creator_id=command.creator_id,
        partner_id=command.partner_id,
    )
    return [added]


def erase_user(state: User, command: EraseUser) -> list[Event]:
    """Erase a user once. Raises USER_NOT_FOUND."""
    if state.user_id is None:
        raise refusals.not_found("user")
    return [] if state.erased else [UserErased(at=command.now, user_id=command.user_id)]
