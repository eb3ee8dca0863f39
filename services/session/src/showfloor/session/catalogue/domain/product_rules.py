"""What may be done to one product of a shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product import (
    DETAILS,
    Product,
    ProductArchived,
    ProductCreated,
    ProductDetails,
    ProductImported,
    ProductRestored,
    ProductUpdated,
)


class CreateProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product as it shall be."""

    product: ProductCreated


class ProductCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What each change of a product says. `expected_version`: 0 for whatever is there."""

    product_id: UUID
    now: Aside[datetime]
    expected_version: Aside[int] = 0


class UpdateProduct(ProductCommand, frozen=True, kw_only=True):
    """Names of details with the values that they get; the others stay."""

    changes: tuple[tuple[str, Any], ...]


class ArchiveProduct(ProductCommand, frozen=True, kw_only=True):
    pass


class RestoreProduct(ProductCommand, frozen=True, kw_only=True):
    pass


class ImportProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product as its source tells it. `keeps`: fields that the source does not tell; they stay as they are."""

    product: ProductImported
    keeps: tuple[str, ...] = ()


def import_product(state: Product, command: ImportProduct) -> list[Event]:
    """Add or update a product by an import. As it is already: nothing to do.

    Stock, picture and the price before stay as they are when the import has none: most sources do not know them.
    """
    product = command.product
    if state.kept is not None:
        must_not_be_archived(state)
        untold = [
            name
            for name, none in (("compare_at_minor", None), ("stock", None), ("image_url", ""), ("image_id", None))
            if getattr(product, name) == none
        ]
        known = {name: getattr(state.kept, name) for name in (*untold, *command.keeps)}
        product = msgspec.structs.replace(product, **known)
        if same(product, state.kept):
            return []
    _must_cost_less_than_before(product)
    return [product]


def create_product(state: Product, command: CreateProduct) -> list[Event]:
    """Add a product. A reference is one product's of the shop, archived or not."""
    if state.kept is not None:
        raise refusals.product_reference_taken(state.kept.product_id, state.kept.reference)
    _must_cost_less_than_before(command.product)
    return [command.product]


def update_product(state: Product, command: UpdateProduct) -> list[Event]:
    """Change what the command names. As it is already: nothing to do."""
    kept = _expected(state, command)
    must_not_be_archived(state)
    known = {name: getattr(kept, name) for name in DETAILS}
    updated = ProductUpdated(
        at=command.now, product_id=kept.product_id, shop_id=kept.shop_id, **known | dict(command.changes)
    )
    if same(updated, kept):
        return []
    _must_cost_less_than_before(updated)
    return [updated]


def archive_product(state: Product, command: ArchiveProduct) -> list[Event]:
    """Take a product out of the lists. Archived already: nothing to do."""
    kept = _expected(state, command)
    if state.archived:
        return []
    return [ProductArchived(at=command.now, product_id=kept.product_id, shop_id=kept.shop_id)]


def restore_product(state: Product, command: RestoreProduct) -> list[Event]:
    """Bring an archived product back. Not archived: nothing to do."""
    kept = _expected(state, command)
    if not state.archived:
        return []
    return [ProductRestored(at=command.now, product_id=kept.product_id, shop_id=kept.shop_id)]


def must_not_be_archived(state: Product) -> None:
    """Refuse to use, or change, what was archived. Raises PRODUCT_ARCHIVED."""
    if state.archived and state.kept is not None:
        raise refusals.product_archived(state.kept.product_id, state.kept.reference)


def same(one: ProductDetails, other: ProductDetails) -> bool:
    """Tell whether two events tell the same details of a product."""
    return all(getattr(one, name) == getattr(other, name) for name in DETAILS)


def _expected(state: Product, command: ProductCommand) -> ProductDetails:
    if state.kept is None:
        raise refusals.product_not_found(product_id=command.product_id)
    if command.expected_version and command.expected_version != state.version:
        raise refusals.version_conflict(command.expected_version, state.version)
    return state.kept


def _must_cost_less_than_before(product: ProductDetails) -> None:
    if product.compare_at_minor is not None and product.compare_at_minor <= product.price_minor:
        raise refusals.compare_at_too_low()
