"""One product of a shop: added, changed, archived and brought back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from showfloor.session.catalogue.domain.catalogue_rules import SaveProductSet, save_product_set
from showfloor.session.catalogue.domain.product import (
    PRODUCT,
    ProductArchived,
    ProductCreated,
    ProductImported,
    ProductRestored,
    ProductUpdated,
)
from showfloor.session.catalogue.domain.product_rules import (
    ArchiveProduct,
    CreateProduct,
    ImportProduct,
    RestoreProduct,
    UpdateProduct,
    archive_product,
    create_product,
    import_product,
    restore_product,
    update_product,
)
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSetSaved
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
SHOP, MUG, SET = (UUID(int=n) for n in range(1, 4))
NAMED: dict[str, Any] = {"at": T0, "product_id": MUG, "shop_id": SHOP}
CREATED = ProductCreated(
    **NAMED, reference="m-1", title="Mug", category="Kitchen", price_minor=999, currency="USD", stock=3,
    compare_at_minor=1299, image_url="https://pictures.example/mug.png",
)  # fmt: skip
ARCHIVED, RESTORED = ProductArchived(**NAMED), ProductRestored(**NAMED)


def imported(**more: Any) -> ProductImported:
    known = {"title": "Mug", "category": "Kitchen", "price_minor": 999, "currency": "USD", **more}
    return ProductImported(**NAMED, reference="m-1", **known)


def updated(**changes: Any) -> ProductUpdated:
    known = {name: getattr(CREATED, name) for name in CREATED.__struct_fields__}
    return ProductUpdated(**(known | changes))


def changing(expected: int = 0, **changes: Any) -> UpdateProduct:
    return UpdateProduct(product_id=MUG, now=T0, expected_version=expected, changes=tuple(changes.items()))


def archiving(expected: int = 0) -> ArchiveProduct:
    return ArchiveProduct(product_id=MUG, now=T0, expected_version=expected)


def restoring(expected: int = 0) -> RestoreProduct:
    return RestoreProduct(product_id=MUG, now=T0, expected_version=expected)


class TestCreateProduct:
    def test_a_product_is_added(self) -> None:
        given(PRODUCT).when(create_product, CreateProduct(product=CREATED)).then(CREATED)

    def test_a_reference_is_one_products_for_good(self) -> None:
        for events in ((CREATED,), (imported(),), (CREATED, ARCHIVED)):
            refusal = given(PRODUCT, *events).when(create_product, CreateProduct(product=CREATED))
            assert refusal.refused("PRODUCT_REFERENCE_TAKEN").metadata["reference"] == "m-1"

    def test_the_price_before_is_more_than_the_price(self) -> None:
        cheap = ProductCreated(
            **NAMED, reference="m", title="M", category="K", price_minor=5, currency="USD", compare_at_minor=5
        )
        given(PRODUCT).when(create_product, CreateProduct(product=cheap)).refused("COMPARE_AT_TOO_LOW")


class TestUpdateProduct:
    def test_only_what_is_named_changes(self) -> None:
        given(PRODUCT, CREATED).when(update_product, changing(stock=2)).then(updated(stock=2))
        given(PRODUCT, CREATED).when(update_product, changing(stock=None)).then(updated(stock=None))
        given(PRODUCT, CREATED).when(update_product, changing(title="Mug", stock=3)).then()

    def test_the_version_that_was_seen_is_changed_or_none(self) -> None:
        seen = given(PRODUCT, CREATED, updated(stock=2))
        seen.when(update_product, changing(2, title="Cup")).then(updated(stock=2, title="Cup"))
        refusal = seen.when(update_product, changing(1, title="Cup")).refused("VERSION_CONFLICT")
        assert refusal.metadata == {"expected_version": "1", "version": "2"}

    def test_a_price_above_the_one_before_is_refused(self) -> None:
        given(PRODUCT, CREATED).when(update_product, changing(price_minor=1299)).refused("COMPARE_AT_TOO_LOW")

    def test_neither_one_that_is_missing_nor_an_archived_one(self) -> None:
        given(PRODUCT).when(update_product, changing(title="Cup")).refused("PRODUCT_NOT_FOUND")
        given(PRODUCT, CREATED, ARCHIVED).when(update_product, changing(title="Cup")).refused("PRODUCT_ARCHIVED")


class TestArchive:
    def test_archived_and_restored_once_each(self) -> None:
        given(PRODUCT, CREATED).when(archive_product, archiving()).then(ARCHIVED)
        given(PRODUCT, CREATED, ARCHIVED).when(archive_product, archiving()).then()
        given(PRODUCT, CREATED, ARCHIVED).when(restore_product, restoring()).then(RESTORED)
        given(PRODUCT, CREATED).when(restore_product, restoring()).then()

    def test_of_the_version_that_was_seen(self) -> None:
        given(PRODUCT, CREATED).when(archive_product, archiving(2)).refused("VERSION_CONFLICT")
        given(PRODUCT, CREATED, ARCHIVED).when(restore_product, restoring(1)).refused("VERSION_CONFLICT")

    def test_not_one_that_is_missing(self) -> None:
        given(PRODUCT).when(archive_product, archiving()).refused("PRODUCT_NOT_FOUND")
        given(PRODUCT).when(restore_product, restoring()).refused("PRODUCT_NOT_FOUND")


class TestImports:
    def test_an_import_names_an_archived_product(self) -> None:
        refusal = (
            given(PRODUCT, CREATED, ARCHIVED)
            .when(import_product, ImportProduct(product=imported()))
            .refused("PRODUCT_ARCHIVED")
        )
        assert refusal.metadata == {"product_id": str(MUG), "reference": "m-1"}

    def test_what_most_sources_do_not_know_stays(self) -> None:
        given(PRODUCT, CREATED).when(import_product, ImportProduct(product=imported())).then()
        (event,) = (
            given(PRODUCT, CREATED).when(import_product, ImportProduct(product=imported(title="Cup", stock=9))).events
        )
        assert isinstance(event, ProductImported)
        assert (event.title, event.stock) == ("Cup", 9)
        assert (event.compare_at_minor, event.image_url) == (1299, CREATED.image_url)


def test_a_set_takes_no_archived_product_and_keeps_its_own() -> None:
    asked: dict[str, Any] = {"product_set_id": SET, "shop_id": SHOP, "product_ids": (MUG,), "now": T0}
    new = SaveProductSet(**asked, name="Best", archived=(MUG,), replaces=False)
    given(PRODUCT_SET).when(save_product_set, new).refused("PRODUCT_ARCHIVED")
    saved = ProductSetSaved(at=T0, product_set_id=SET, shop_id=SHOP, name="Best", product_ids=(MUG,))
    renamed = SaveProductSet(**asked, name="Better", archived=(MUG,), replaces=True)
    (event,) = given(PRODUCT_SET, saved).when(save_product_set, renamed).events
    assert isinstance(event, ProductSetSaved) and event.name == "Better"
