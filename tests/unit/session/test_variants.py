"""A product that comes in several forms: its variants hold price and stock, and the product shows what they come to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1.product_pb2 import Product, ProductOption, ProductVariant
from showfloor.kernel.refusal import Refusal
from showfloor.service.allowing import ShopHome
from showfloor.session.catalogue.domain.product import PRODUCT, ProductCreated, ProductImported, Variant
from showfloor.session.catalogue.domain.product_rules import (
    CreateProduct,
    ImportProduct,
    UpdateProduct,
    create_product,
    import_product,
    update_product,
)
from showfloor.session.catalogue.edges import import_rows
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NAMED: dict[str, Any] = {"at": T0, "product_id": UUID(int=1), "shop_id": UUID(int=2), "reference": "tee"}
ABOUT: dict[str, Any] = {"title": "Tee", "category": "Clothing", "currency": "EUR"}
SMALL = Variant(reference="T-S", values=("S",), price_minor=1500, compare_at_minor=1800, stock=4)
LARGE = Variant(reference="T-L", values=("L",), price_minor=1700, stock=3)
BOTH: dict[str, Any] = {"options": ("Size",), "variants": (LARGE, SMALL)}
SUMS: dict[str, Any] = {"price_minor": 1500, "compare_at_minor": 1800, "stock": 7}
CREATED = ProductCreated(**NAMED, **ABOUT, **BOTH, **SUMS)


def imported(**more: Any) -> ImportProduct:
    told = {"price_minor": 0, **ABOUT, **more}
    return ImportProduct(product=ProductImported(**NAMED, **told), tells_variants="variants" in more)


def changing(**changes: Any) -> UpdateProduct:
    return UpdateProduct(product_id=UUID(int=1), now=T0, changes=tuple(changes.items()))


def test_price_and_stock_are_those_of_the_variants() -> None:
    command = CreateProduct(product=ProductCreated(**NAMED, **ABOUT, **BOTH, price_minor=1))
    (created,) = given(PRODUCT).when(create_product, command).events
    assert created == CREATED


def test_stock_is_not_counted_where_one_variant_is_not() -> None:
    uncounted = (SMALL, Variant(reference="T-L", values=("L",), price_minor=1700))
    (changed,) = given(PRODUCT, CREATED).when(update_product, changing(variants=uncounted)).events
    assert (changed.stock, changed.price_minor) == (None, 1500)


@pytest.mark.parametrize(("field", "told"), [("price", {"price_minor": 5}), ("stock", {"stock": 1})])
def test_a_price_or_stock_for_all_variants_is_refused(field: str, told: dict[str, Any]) -> None:
    for rule, command in ((update_product, changing(**told)), (import_product, imported(**SUMS | told))):
        refusal = given(PRODUCT, CREATED).when(rule, command).refused("PRODUCT_HAS_VARIANTS")
        assert refusal.metadata["field"] == field


def test_an_import_without_variants_leaves_them() -> None:
    (changed,) = given(PRODUCT, CREATED).when(import_product, imported(**SUMS | {"title": "T-shirt"})).events
    assert (changed.title, changed.variants, changed.stock) == ("T-shirt", (LARGE, SMALL), 7)


def test_a_file_that_tells_variants_takes_those_away_it_has_not() -> None:
    (one,) = given(PRODUCT, CREATED).when(import_product, imported(options=("Size",), variants=(SMALL,))).events
    assert (one.variants, one.stock) == ((SMALL,), 4)
    (none,) = given(PRODUCT, CREATED).when(import_product, imported(options=(), variants=(), price_minor=900)).events
    assert (none.variants, none.options, none.price_minor) == ((), (), 900)


def test_what_a_file_does_not_tell_of_a_variant_stays() -> None:
    untold = Variant(reference="T-S", values=("S",), price_minor=1400)
    command = imported(options=("Size",), variants=(LARGE, untold))
    (changed,) = given(PRODUCT, CREATED).when(import_product, command).events
    assert changed.variants[1] == Variant(
        reference="T-S", values=("S",), price_minor=1400, compare_at_minor=1800, stock=4
    )
    assert given(PRODUCT, CREATED).when(import_product, imported(**BOTH)).events == []


def test_a_variant_costs_less_than_before() -> None:
    cheap = Variant(reference="T-S", values=("S",), price_minor=1500, compare_at_minor=1500)
    refused = given(PRODUCT, CREATED).when(update_product, changing(variants=(LARGE, cheap)))
    assert refused.refused("COMPARE_AT_TOO_LOW").metadata["field"] == "variants[1].compare_at_price"


def row(*variants: ProductVariant, options: int = 1) -> Product:
    names = [ProductOption(name=f"Option {number}") for number in range(options)]
    price = Money(minor=1, currency="EUR")
    return Product(reference="tee", title="Tee", price=price, options=names, variants=variants)


def kind(reference: str = "a", *values: str, currency: str = "EUR") -> ProductVariant:
    return ProductVariant(reference=reference, values=values or (reference,), price=Money(minor=5, currency=currency))


@pytest.mark.parametrize(
    ("product", "field"),
    [
        (row(kind(), options=0), "product.options"),
        (row(), "product.variants"),
        (row(kind("a", "b", "c", "d"), options=4), "product.options"),
        (row(*(kind(f"r{number}") for number in range(101))), "product.variants"),
        (row(kind("a", "b", "c")), "product.variants[0].values"),
        (row(kind("a"), kind("a", "b")), "product.variants[1]"),
        (row(kind("a", "x"), kind("b", "x")), "product.variants[1]"),
        (row(kind("")), "product.variants[0].reference"),
        (row(kind("a"), kind("b", currency="USD")), "product.variants[1].price.currency"),
    ],
)
def test_what_variants_look_like_is_checked_by_field(product: Product, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        import_rows.product("product", product, ShopHome(UUID(int=2), "EUR"), T0)
    assert refused.value.metadata["field"] == field
