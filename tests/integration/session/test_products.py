"""CatalogueService over gRPC: one product at a time."""

from typing import Any
from uuid import uuid4

import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import product_pb2

SHOP = "00000000-0000-0000-0000-000000000001"
SHOWCASE, LINK, SET = (
    product_pb2.PRODUCT_SOURCE_SHOWCASE,
    product_pb2.PRODUCT_SOURCE_LINK,
    product_pb2.PRODUCT_SOURCE_SET,
)


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def creating(request_id: str = "", **more: Any) -> cat.CreateProductRequest:
    told: dict[str, Any] = {"reference": "m-1", "title": "Mug", "price": usd(999), "in_showcase": True, **more}
    product = product_pb2.Product(**told)
    return cat.CreateProductRequest(request_id=request_id or uuid4().hex, shop_id=SHOP, product=product)


async def created(host: Any, **more: Any) -> product_pb2.Product:
    return (await host.CreateProduct(creating(**more))).product


def updating(product: product_pb2.Product, **changes: Any) -> cat.UpdateProductRequest:
    request_id = changes.pop("request_id", "") or uuid4().hex
    return cat.UpdateProductRequest(request_id=request_id, product_id=product.product_id, **changes)


def archiving(product: product_pb2.Product, **more: Any) -> cat.ArchiveProductRequest:
    return cat.ArchiveProductRequest(request_id=uuid4().hex, product_id=product.product_id, **more)


def restoring(product: product_pb2.Product, **more: Any) -> cat.RestoreProductRequest:
    return cat.RestoreProductRequest(request_id=uuid4().hex, product_id=product.product_id, **more)


async def got(host: Any, product: product_pb2.Product) -> product_pb2.Product:
    return (await host.GetProduct(cat.GetProductRequest(product_id=product.product_id))).product


async def listed(host: Any, position: int, **more: Any) -> list[str]:
    answer = await host.ListProducts(cat.ListProductsRequest(shop_id=SHOP, min_position=position, **more))
    return [one.reference for one in answer.products]


async def test_a_product_is_added_by_a_form(service: Any, refused: Any) -> None:
    host = service.user()
    asked = creating(
        "c", compare_at_price=usd(1299), stock=3, commission_bps=250, category="Pots", link="https://shop.example/m",
        image_url="https://pictures.example/m.png", label=product_pb2.RECOMMENDATION_LABEL_NEW,
    )  # fmt: skip
    made = await host.CreateProduct(asked)
    told = made.product
    assert (told.title, told.price.minor, told.compare_at_price.minor, told.stock) == ("Mug", 999, 1299, 3)
    assert (told.version, told.archived, told.image_url) == (1, False, "https://pictures.example/m.png")
    assert await host.CreateProduct(asked) == made
    assert await got(host, told) == told
    refusal = await refused(host.CreateProduct(creating()), "PRODUCT_REFERENCE_TAKEN")
    assert refusal.metadata == {"product_id": told.product_id, "reference": "m-1"}
    await refused(host.CreateProduct(creating("c", title="Cup")), "REQUEST_ID_REUSED")


@pytest.mark.parametrize(
    ("more", "reason", "field"),
    [
        ({"reference": ""}, "INVALID_FIELD", "product.reference"),
        ({"title": " "}, "INVALID_FIELD", "product.title"),
        ({"price": Money(minor=1, currency="EUR")}, "WRONG_CURRENCY", "product.price.currency"),
        ({"compare_at_price": usd(-1)}, "INVALID_FIELD", "product.compare_at_price.minor"),
        ({"compare_at_price": usd(999)}, "COMPARE_AT_TOO_LOW", "compare_at_price"),
        ({"stock": -1}, "INVALID_FIELD", "product.stock"),
        ({"image_url": "http://pictures.example/m.png"}, "INVALID_FIELD", "product.image_url"),
        ({"image_url": "javascript:alert(1)"}, "INVALID_FIELD", "product.image_url"),
    ],
)
async def test_a_bad_form_is_refused_by_field(
    service: Any, refused: Any, more: dict[str, Any], reason: str, field: str
) -> None:
    refusal = await refused(service.user().CreateProduct(creating(**more)), reason)
    assert refusal.metadata["field"] == field


async def test_what_is_named_changes_and_nothing_else(service: Any, refused: Any) -> None:
    host = service.user()
    mug = await created(host, compare_at_price=usd(1299), stock=3, category="Pots")
    asked = updating(mug, title="Cup", request_id="u", expected_version=1)
    done = await host.UpdateProduct(asked)
    assert (done.product.title, done.product.category, done.product.stock, done.product.version) == (
        "Cup",
        "Pots",
        3,
        2,
    )
    assert await host.UpdateProduct(asked) == done  # sent again: it is still that change
    refusal = await refused(host.UpdateProduct(updating(mug, title="Pot", expected_version=1)), "VERSION_CONFLICT")
    assert refusal.metadata == {"expected_version": "1", "version": "2"}
    await refused(host.UpdateProduct(updating(mug, price=usd(1299))), "COMPARE_AT_TOO_LOW")
    both = [cat.PRODUCT_FIELD_COMPARE_AT_PRICE, cat.PRODUCT_FIELD_STOCK]
    empty = (await host.UpdateProduct(updating(mug, price=usd(1299), cleared=both))).product
    assert not empty.HasField("stock") and not empty.HasField("compare_at_price") and empty.price.minor == 1299
    await refused(host.UpdateProduct(updating(mug, stock=1, cleared=both)), "INVALID_FIELD")
    await refused(host.UpdateProduct(updating(mug, cleared=[0])), "INVALID_FIELD")
    await refused(host.UpdateProduct(updating(mug, price=Money(minor=1, currency="EUR"))), "WRONG_CURRENCY")
    await refused(host.UpdateProduct(updating(mug, link="ftp://x")), "INVALID_FIELD")
    await refused(host.UpdateProduct(updating(mug, title="")), "INVALID_FIELD")
    same = (await host.UpdateProduct(updating(mug, title="Cup"))).product
    assert same.version == empty.version  # as it is already


async def test_an_archived_product_is_in_no_list_and_comes_back(service: Any, refused: Any) -> None:
    host = service.user()
    mug, pot = await created(host), await created(host, reference="p-1", title="Pot")
    gone = await host.ArchiveProduct(archiving(mug, expected_version=1))
    assert (gone.product.archived, gone.product.version) == (True, 2)
    assert await listed(host, gone.position) == ["p-1"]
    assert (await got(host, mug)).archived
    assert (await host.ArchiveProduct(archiving(mug))).product == gone.product
    await refused(host.ArchiveProduct(archiving(mug, expected_version=1)), "VERSION_CONFLICT")
    refusal = await refused(host.UpdateProduct(updating(mug, title="Cup")), "PRODUCT_ARCHIVED")
    assert refusal.metadata["reference"] == "m-1"
    row = product_pb2.Product(reference="m-1", title="Mug", price=usd(999))
    rows = cat.ImportProductsRequest(request_id="i", shop_id=SHOP, products=[row])
    refusal = await refused(host.ImportProducts(rows), "PRODUCT_ARCHIVED")
    assert (refusal.metadata["field"], refusal.metadata["reference"]) == ("products[0]", "m-1")
    ids = [mug.product_id, pot.product_id]
    sets = cat.SaveProductSetRequest(request_id="s", shop_id=SHOP, name="Both", product_ids=ids)
    await refused(host.SaveProductSet(sets), "PRODUCT_ARCHIVED")
    back = await host.RestoreProduct(restoring(mug))
    assert (back.product.archived, back.product.version) == (False, 3)
    assert await listed(host, back.position) == ["m-1", "p-1"]
    assert (await host.RestoreProduct(restoring(mug))).product == back.product


async def test_no_bag_takes_an_archived_product_and_a_live_keeps_it(service: Any, refused: Any) -> None:
    host = service.user()
    mug = await created(host, link="https://shop.example/m")
    pot = await created(host, reference="p-1", title="Pot")
    sets = cat.SaveProductSetRequest(
        request_id="s", shop_id=SHOP, name="Both", product_ids=[mug.product_id, pot.product_id]
    )
    both = (await host.SaveProductSet(sets)).product_set.product_set_id
    first = await service.opened(host)

    def adding(source: Any, *references: str, session: str = "") -> bag_pb.AddToBagRequest:
        return bag_pb.AddToBagRequest(
            request_id=uuid4().hex, session_id=session or first.session_id, source=source, references=references
        )

    await host.AddToBag(adding(SHOWCASE, mug.product_id))
    await host.ArchiveProduct(archiving(mug))
    bag = await host.ListBag(bag_pb.ListBagRequest(session_id=first.session_id))
    assert [item.product.reference for item in bag.items] == ["m-1"]
    second = (await service.opened(host)).session_id
    refusal = await refused(host.AddToBag(adding(SHOWCASE, mug.product_id, session=second)), "PRODUCT_ARCHIVED")
    assert refusal.metadata["product_id"] == mug.product_id
    await refused(host.AddToBag(adding(LINK, "https://shop.example/m", session=second)), "PRODUCT_NOT_FOUND")
    added = await host.AddToBag(adding(SET, both, session=second))
    assert list(added.added_product_ids) == [pot.product_id]
    await host.ArchiveProduct(archiving(pot))
    third = (await service.opened(host)).session_id
    await refused(host.AddToBag(adding(SET, both, session=third)), "PRODUCT_ARCHIVED")


async def test_another_shops_product_is_like_none(service: Any, refused: Any) -> None:
    host, other = service.user(), service.foreigner()
    mug = await created(host)
    nobody = product_pb2.Product(product_id=str(uuid4()))
    for product, caller in ((mug, other), (nobody, host)):
        await refused(caller.UpdateProduct(updating(product, title="Cup")), "PRODUCT_NOT_FOUND")
        await refused(caller.ArchiveProduct(archiving(product)), "PRODUCT_NOT_FOUND")
        await refused(caller.RestoreProduct(restoring(product)), "PRODUCT_NOT_FOUND")
    await refused(other.CreateProduct(creating()), "SHOP_NOT_FOUND")
