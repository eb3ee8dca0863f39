"""ImageService over gRPC: pictures of products, kept harmless, within the room that a shop has."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import image_service_pb2 as pb
from showfloor.api.session.v1 import product_pb2
from showfloor.session.catalogue.domain.image_rules import upload_image
from showfloor.session.catalogue.domain.shop_images import LEAST, SHOP_IMAGES, ImageUploaded, UploadImage
from showfloor.testing.scenario import given

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
SHOP, OTHER = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000004"


def picture(colour: tuple[int, int, int] = (255, 0, 0), width: int = 600) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, 300), colour).save(written, "PNG")
    return written.getvalue()


def uploading(content: bytes, shop: str = SHOP, request_id: str = "") -> pb.UploadImageRequest:
    return pb.UploadImageRequest(request_id=request_id or uuid4().hex, shop_id=shop, content=content)


async def test_a_picture_is_kept_once_and_shown_to_everybody(service: Any, refused: Any) -> None:
    host = service.user()
    asked = uploading(picture(), request_id="u")
    first = await host.UploadImage(asked)
    assert await host.UploadImage(asked) == first
    assert (await host.UploadImage(uploading(picture()))).image_id == first.image_id
    other = await host.UploadImage(uploading(picture((0, 0, 255))))
    assert other.image_id != first.image_id
    foreign = await service.foreigner().UploadImage(uploading(picture(), OTHER))
    assert foreign.image_id != first.image_id  # nobody learns what another shop has
    session = await service.opened(host)
    for caller in (host, service.foreigner(), service.viewer(session.session_id), service.connector()):
        shown = await caller.GetImage(pb.GetImageRequest(image_id=first.image_id, width=96))
        assert Image.open(io.BytesIO(shown.content)).size == (96, 48)
    await refused(host.GetImage(pb.GetImageRequest(image_id=first.image_id, width=97)), "INVALID_FIELD")
    await refused(host.GetImage(pb.GetImageRequest(image_id=str(uuid4()), width=96)), "IMAGE_NOT_FOUND")
    await refused(host.GetImage(pb.GetImageRequest(image_id="../../etc", width=96)), "INVALID_FIELD")


async def test_pictures_that_were_lost_come_back_by_upload(service: Any, refused: Any, tmp_path: Path) -> None:
    host = service.user()
    image_id = (await host.UploadImage(uploading(picture()))).image_id
    files = list(tmp_path.rglob("*.webp"))
    assert len(files) == 3
    for file in files:
        file.unlink()
    await refused(host.GetImage(pb.GetImageRequest(image_id=image_id, width=96)), "IMAGE_NOT_FOUND")
    assert (await host.UploadImage(uploading(picture()))).image_id == image_id
    assert (await host.GetImage(pb.GetImageRequest(image_id=image_id, width=96))).content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "INVALID_FIELD"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NOT_AN_IMAGE"),
        (picture()[:100], "NOT_AN_IMAGE"),
        (b"\xff\xd8\xff" + bytes(10 * 2**20), "IMAGE_TOO_LARGE"),
    ],
)
async def test_what_is_no_picture_or_too_large_is_refused(
    service: Any, refused: Any, content: bytes, reason: str
) -> None:
    refusal = await refused(service.user().UploadImage(uploading(content)), reason)
    assert refusal.metadata["field"] == "content"


async def test_a_product_has_a_picture_of_its_own_shop(service: Any, refused: Any) -> None:
    host = service.user()
    mine = (await host.UploadImage(uploading(picture()))).image_id
    theirs = (await service.foreigner().UploadImage(uploading(picture(), OTHER))).image_id
    told: dict[str, Any] = {"reference": "m", "title": "Mug", "price": Money(minor=1, currency="USD")}

    def creating(image_id: str) -> cat.CreateProductRequest:
        product = product_pb2.Product(**told, in_showcase=True, image_id=image_id)
        return cat.CreateProductRequest(request_id=uuid4().hex, shop_id=SHOP, product=product)

    refusal = await refused(host.CreateProduct(creating(theirs)), "IMAGE_NOT_FOUND")
    assert refusal.metadata == {"image_id": theirs}
    await refused(host.CreateProduct(creating("no id")), "INVALID_FIELD")
    made = (await host.CreateProduct(creating(mine))).product
    assert made.image_id == mine
    row = product_pb2.Product(**(told | {"title": "Cup"}))
    rows = cat.ImportProductsRequest(request_id="i", shop_id=SHOP, products=[row])
    position = (await host.ImportProducts(rows)).position  # knows no pictures, and leaves it
    (listed,) = (await host.ListProducts(cat.ListProductsRequest(shop_id=SHOP, min_position=position))).products
    assert (listed.title, listed.image_id) == ("Cup", mine)
    session = await service.opened(host)
    adding = bag_pb.AddToBagRequest(
        request_id="a", session_id=session.session_id, references=[made.product_id],
        source=product_pb2.PRODUCT_SOURCE_SHOWCASE,
    )  # fmt: skip
    rows.products[0].in_showcase, rows.request_id = True, "j"
    await host.ImportProducts(rows)
    await host.AddToBag(adding)
    (item,) = (await host.ListBag(bag_pb.ListBagRequest(session_id=session.session_id))).items
    assert item.product.image_id == mine
    changing = cat.UpdateProductRequest(request_id="p", product_id=made.product_id, image_id=theirs)
    await refused(host.UpdateProduct(changing), "IMAGE_NOT_FOUND")
    changing.request_id, changing.image_id = "q", ""
    assert (await host.UpdateProduct(changing)).product.image_id == ""


async def test_who_may_not_keep_the_catalogue_uploads_nothing(service: Any, refused: Any) -> None:
    await refused(service.foreigner().UploadImage(uploading(picture())), "SHOP_NOT_FOUND")


def test_a_shops_pictures_have_so_much_room_and_no_more() -> None:
    shop, one, two = (uuid4() for _ in range(3))
    named: dict[str, Any] = {"shop_id": shop, "most": 2 * LEAST, "now": WHEN}
    first = ImageUploaded(at=WHEN, shop_id=shop, image_id=one, size=10)
    given(SHOP_IMAGES).when(upload_image, UploadImage(image_id=one, size=10, **named)).then(first)
    given(SHOP_IMAGES, first).when(upload_image, UploadImage(image_id=one, size=10, **named)).then()
    large = given(SHOP_IMAGES, first).when(upload_image, UploadImage(image_id=two, size=LEAST + 1, **named))
    assert large.refused("IMAGE_QUOTA_EXCEEDED").metadata == {"used": str(LEAST), "limit": str(2 * LEAST)}
    second = ImageUploaded(at=WHEN, shop_id=shop, image_id=two, size=10)
    full = given(SHOP_IMAGES, first, second).when(upload_image, UploadImage(image_id=uuid4(), size=1, **named))
    full.refused("IMAGE_QUOTA_EXCEEDED")
