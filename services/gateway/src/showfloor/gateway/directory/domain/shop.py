"""A shop: the currency of its books, and its people with roles."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain.people import People, joined, left
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event

ROLES = ("owner", "staff")


class ShopCreated(Event, frozen=True, kw_only=True):
    """A shop was created in the directory."""

    TOPIC: ClassVar[str] = "shop.created"

    shop_id: UUID
    name: str
    currency: str


class ShopRoleAssigned(Event, frozen=True, kw_only=True):
    """A user is from now on owner or staff of the shop, and nothing else there."""

    TOPIC: ClassVar[str] = "shop.role_assigned"

    shop_id: UUID
    user_id: UUID
    role: str


class ShopRoleRevoked(Event, frozen=True, kw_only=True):
    """A user does not work for the shop any more."""

    TOPIC: ClassVar[str] = "shop.role_revoked"

    shop_id: UUID
    user_id: UUID


class Shop(msgspec.Struct, frozen=True):
    """The state of a shop; no `shop_id`: there is none."""

    shop_id: UUID | None = None
    name: str = ""
    currency: str = ""
    people: People = {}


def evolve(state: Shop, event: Event) -> Shop:
    """Return the shop after the event."""
    if isinstance(event, ShopCreated):
        return msgspec.structs.replace(state, shop_id=event.shop_id, name=event.name, currency=event.currency)
    if isinstance(event, ShopRoleAssigned):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, ShopRoleRevoked)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


SHOP: Decider[Shop] = Decider(
    name="shop", state_type=Shop, initial=Shop, evolve=evolve, events=(ShopCreated, ShopRoleAssigned, ShopRoleRevoked)
)
