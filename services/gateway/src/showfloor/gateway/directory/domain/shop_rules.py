"""What is allowed to a shop and to the people who work for it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.people import changes
from showfloor.gateway.directory.domain.shop import Shop, ShopCreated, ShopRoleAssigned, ShopRoleRevoked
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class CreateShop(msgspec.Struct, frozen=True, kw_only=True):
    """Create a shop in the directory."""

    shop_id: UUID
    name: str
    currency: str
    now: Aside[datetime]


class AssignShopRole(msgspec.Struct, frozen=True, kw_only=True):
    """Assign a user a role in a shop, in place of the one before."""

    shop_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class RevokeShopRole(msgspec.Struct, frozen=True, kw_only=True):
    """Revoke a user's role in a shop."""

    shop_id: UUID
    user_id: UUID
    now: Aside[datetime]


def create_shop(state: Shop, command: CreateShop) -> list[Event]:
    """Create a shop once."""
    if state.shop_id is not None:
        return []
    return [ShopCreated(at=command.now, shop_id=command.shop_id, name=command.name, currency=command.currency)]


def assign_shop_role(state: Shop, command: AssignShopRole) -> list[Event]:
    """Make a user owner or staff. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"shop_id": command.shop_id, "user_id": command.user_id}
    return [ShopRoleAssigned(at=command.now, role=command.role, **about)]


def revoke_shop_role(state: Shop, command: RevokeShopRole) -> list[Event]:
    """Revoke a user's role. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, ""):
        return []
    return [ShopRoleRevoked(at=command.now, shop_id=command.shop_id, user_id=command.user_id)]


def _changes(state: Shop, user_id: UUID, role: str) -> bool:
    if state.shop_id is None:
        raise refusals.not_found("shop")
    return changes(state.people, user_id, role, "owner", lambda: refusals.last_owner("shop", state.shop_id))
