"""What is allowed to a shop and to the people who work for it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.people import changes
from showfloor.gateway.directory.domain.shop import Shop, ShopAdded, ShopRoleGiven, ShopRoleTaken
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class AddShop(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a shop in the directory."""

    shop_id: UUID
    name: str
    currency: str
    now: Aside[datetime]


class GiveShopRole(msgspec.Struct, frozen=True, kw_only=True):
    """Give a user a role in a shop, in place of the one before."""

    shop_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class TakeShopRole(msgspec.Struct, frozen=True, kw_only=True):
    """Take a user's role in a shop away."""

    shop_id: UUID
    user_id: UUID
    now: Aside[datetime]


def add_shop(state: Shop, command: AddShop) -> list[Event]:
    """Add a shop once."""
    if state.shop_id is not None:
        return []
    return [ShopAdded(at=command.now, shop_id=command.shop_id, name=command.name, currency=command.currency)]


def give_shop_role(state: Shop, command: GiveShopRole) -> list[Event]:
    """Make a user owner or staff. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"shop_id": command.shop_id, "user_id": command.user_id}
    return [ShopRoleGiven(at=command.now, role=command.role, **about)]


def take_shop_role(state: Shop, command: TakeShopRole) -> list[Event]:
    """Take a user's role away. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, ""):
        return []
    return [ShopRoleTaken(at=command.now, shop_id=command.shop_id, user_id=command.user_id)]


def _changes(state: Shop, user_id: UUID, role: str) -> bool:
    if state.shop_id is None:
        raise refusals.not_found("shop")
    return changes(state.people, user_id, role, "owner", lambda: refusals.last_owner("shop", state.shop_id))
