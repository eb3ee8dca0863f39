"""What may be done to a product set."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product_set import ProductSet, ProductSetDeleted, ProductSetSaved


class SaveProductSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set as it shall be. `missing` names those of its products that the shop does not have, `archived` those that
    were archived: a set that holds such a product may keep it."""

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: tuple[UUID, ...]
    missing: Aside[tuple[UUID, ...]] = ()
    archived: Aside[tuple[UUID, ...]] = ()
    now: Aside[datetime]
    replaces: bool  # the caller named a set that exists


class DeleteProductSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set that shall be gone."""

    product_set_id: UUID
    shop_id: UUID
    now: Aside[datetime]


def delete_product_set(state: ProductSet, command: DeleteProductSet) -> list[Event]:
    """Delete a set. Raises PRODUCT_SET_NOT_FOUND."""
    if state.deleted_from == command.shop_id:
        return []
    if state.saved is None or state.saved.shop_id != command.shop_id:
        raise refusals.product_set_not_found(str(command.product_set_id))
    return [ProductSetDeleted(at=command.now, product_set_id=command.product_set_id, shop_id=command.shop_id)]


def save_product_set(state: ProductSet, command: SaveProductSet) -> list[Event]:
    """Make or replace a set. All of its products are the shop's own."""
    saved = state.saved
    if command.replaces and (saved is None or saved.shop_id != command.shop_id):
        raise refusals.product_set_not_found(str(command.product_set_id))
    if command.missing:
        raise refusals.product_not_found(product_id=command.missing[0])
    for product_id in command.archived:
        if saved is None or product_id not in saved.product_ids:
            raise refusals.product_archived(product_id)
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
