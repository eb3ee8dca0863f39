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
    Variant,
    summed,
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
    tells_variants: bool = False  # one without variants has none; else it keeps those that it has


_UNTOLD = (("compare_at_minor", None), ("stock", None), ("image_url", ""), ("image_id", None))  # with what says so


def import_product(state: Product, command: ImportProduct) -> list[Event]:
    """Add or update a product by an import. As it is already: nothing to do.

    Stock, picture and the price before stay as they are when the import has none: most sources do not know them.
    """
    product, kept = command.product, state.kept
    if kept is not None:
        must_not_be_archived(state)
        keeps_variants = not product.variants and not command.tells_variants
        untold = [name for name, none in _UNTOLD if getattr(product, name) == none]
        known = {name: getattr(kept, name) for name in (*untold, *command.keeps)}
        known |= {"options": kept.options, "variants": kept.variants} if keeps_variants else {}
        product = msgspec.structs.replace(product, **known)
        if keeps_variants:
            _must_be_as_its_variants(product)
        product = msgspec.structs.replace(product, variants=_with_untold(product.variants, kept))
    product = summed(product)
    if kept is not None and same(product, kept):
        return []
    _must_cost_less_than_before(product)
    return [product]


def create_product(state: Product, command: CreateProduct) -> list[Event]:
    """Add a product. A reference is one product's of the shop, archived or not."""
    if state.kept is not None:
        raise refusals.product_reference_taken(state.kept.product_id, state.kept.reference)
    product = summed(command.product)
    _must_cost_less_than_before(product)
    return [product]


def update_product(state: Product, command: UpdateProduct) -> list[Event]:
    """Change what the command names. As it is already: nothing to do."""
    kept = _expected(state, command)
    must_not_be_archived(state)
    known = {name: getattr(kept, name) for name in DETAILS}
    updated = ProductUpdated(
        at=command.now, product_id=kept.product_id, shop_id=kept.shop_id, **known | dict(command.changes)
    )
    if updated.variants and updated.variants == kept.variants:
        _must_be_as_its_variants(updated)
    updated = summed(updated)
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
    for number, variant in enumerate(product.variants):
        if variant.compare_at_minor is not None and variant.compare_at_minor <= variant.price_minor:
            raise refusals.compare_at_too_low(f"variants[{number}].compare_at_price")
    if product.compare_at_minor is not None and product.compare_at_minor <= product.price_minor:
        raise refusals.compare_at_too_low()


def _must_be_as_its_variants(product: ProductDetails) -> None:
    """Refuse a price or a stock for all of a product that has variants. Raises PRODUCT_HAS_VARIANTS."""
    theirs = summed(product)
    for name, field in (("price_minor", "price"), ("compare_at_minor", "compare_at_price"), ("stock", "stock")):
        if getattr(product, name) != getattr(theirs, name):
            raise refusals.product_has_variants(product.product_id, field)


def _with_untold(variants: tuple[Variant, ...], kept: ProductDetails) -> tuple[Variant, ...]:
    """Return variants with what an import does not tell of them as it was: see `import_product`."""
    known = {one.reference: one for one in kept.variants}
    return tuple(_filled(one, known[one.reference]) if one.reference in known else one for one in variants)


def _filled(variant: Variant, known: Variant) -> Variant:
    untold = [name for name, none in _UNTOLD[:3] if getattr(variant, name) == none]
    return msgspec.structs.replace(variant, **{name: getattr(known, name) for name in untold})
