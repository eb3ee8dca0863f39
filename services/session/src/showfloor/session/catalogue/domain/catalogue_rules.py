"""What may be kept in a shop's catalogue."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product import Product, ProductKept
from showfloor.session.catalogue.domain.product_set import ProductSet, ProductSetSaved


class SaveProductSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set as it shall be. `missing` names those of its products that the shop does not have."""

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: tuple[UUID, ...]
    missing: Aside[tuple[UUID, ...]] = ()
    now: Aside[datetime]
    replaces: bool  # the caller named a set that exists


def keep_product(state: Product, command: ProductKept) -> list[Event]:
    """Add or update a product. As it is already: nothing to do."""
    if state.kept is not None and msgspec.structs.replace(command, at=state.kept.at) == state.kept:
        return []
    return [command]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A product as a file lists it. `keeps`: fields that the file does not tell; they stay as they are."""

    kept: ProductKept
    keeps: tuple[str, ...] = ()


def list_product(state: Product, command: Listed) -> list[Event]:
    """Add or update a product from a file, which need not know everything of it."""
    if state.kept is None:
        return keep_product(state, command.kept)
    known = {name: getattr(state.kept, name) for name in command.keeps}
    return keep_product(state, msgspec.structs.replace(command.kept, **known))


def save_product_set(state: ProductSet, command: SaveProductSet) -> list[Event]:
    """Make or replace a set. All of its products are the shop's own."""
    saved = state.saved
    if command.replaces and (saved is None or saved.shop_id != command.shop_id):
        raise refusals.product_set_not_found(str(command.product_set_id))
    if command.missing:
        raise refusals.product_not_found(product_id=command.missing[0])
    if saved is not None and (saved.name, saved.product_ids) == (command.name, command.product_ids):
        return []
    return [
        ProductSetSaved(
            at=command.now,
            product_set_id=command.product_set_id,
            shop_id=command.shop_id,
            name=command.name,
            product_ids=command.product_ids,
        )
    ]
