"""A shop keeps its catalogue by hand, through the gateway."""

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from showfloor.testing.system import Rest


def form(host: Any, **more: Any) -> dict[str, Any]:
    told = {"reference": uuid4().hex[:12], "title": "Tea", "price": host.money(1999), "in_showcase": True, **more}
    return {"shop_id": host.shop, "product": told}


@pytest.mark.requirement("R24", "R35")
def test_a_product_is_added_edited_archived_and_restored(host: Any) -> None:
    asked = form(host, compare_at_price=host.money(2999), stock=12, label="new", commission_bps=1500, category="Tea")
    made = host.api.post("/products", asked)["product"]
    path = f"/products/{made['product_id']}"
    assert (made["stock"], made["compare_at_price"]["minor"], made["version"]) == (12, 2999, 1)
    host.api.refused(409, "PRODUCT_REFERENCE_TAKEN", "POST", "/products", asked)
    dearer = form(host, compare_at_price=host.money(1999))
    host.api.refused(400, "COMPARE_AT_TOO_LOW", "POST", "/products", dearer)
    tag = host.api.send("GET", path).headers["ETag"]
    seen = {"headers": {"If-Match": tag}}
    changed = host.api.send("PATCH", path, {"stock": 11, "cleared": ["compare_at_price"]}, **seen)
    product = changed.raise_for_status().json()["product"]
    assert (product["stock"], "compare_at_price" in product, product["title"]) == (11, False, "Tea")
    host.api.refused(412, "VERSION_CONFLICT", "PATCH", path, {"title": "Cup"}, **seen)
    session = host.open()
    session.fill([made["product_id"]])
    gone = host.api.post(path + "/archive")
    shop = f"/shops/{host.shop}/products"
    assert host.api.get(shop, min_position=gone["position"])["products"] == []
    assert session.bag() == [made["product_id"]]
    again = {"source": "showcase", "references": [made["product_id"]]}
    host.api.refused(409, "PRODUCT_ARCHIVED", "POST", host.open().path("bag"), again)
    host.api.refused(409, "PRODUCT_ARCHIVED", "PATCH", path, {"title": "Cup"})
    host.api.refused(409, "PRODUCT_ARCHIVED", "POST", shop, {"products": [asked["product"]]})
    back = host.api.post(path + "/restoration")
    (listed,) = host.api.get(shop, min_position=back["position"])["products"]
    assert (listed["title"], listed["stock"], listed["archived"], listed["version"]) == ("Tea", 11, False, 4)


def test_the_list_counts_sorts_and_tells_what_was_sold(host: Any) -> None:
    session = host.live(products=3)
    first, second, third = session.products
    path = f"/shops/{host.shop}/products"
    host.api.send("PATCH", f"/products/{second}", {"stock": 0}).raise_for_status()
    order = session.order(third, 2, 1002, "v1") | {"request_id": "o"}
    at = {"min_position": session.record({"paid_order": {"order": order}})}
    page = host.api.get(path, order="units_sold", descending=True, page_size=1, **at)
    assert (page["total_count"], page["products"][0]["product_id"]) == (3, third)
    assert page["products"][0]["units_sold"] == 2
    rest = host.api.get(path, order="units_sold", descending=True, page_token=page["next_page_token"], **at)
    assert [one["units_sold"] for one in rest["products"]] == [0, 0]
    assert {one["product_id"] for one in host.api.get(path, in_stock_only=True, **at)["products"]} == {first, third}
    newest = host.api.get(path, order="create_time", descending=True, **at)
    assert newest["total_count"] == 3 and all(one["create_time"] for one in newest["products"])


def test_viewers_cannot_buy_what_is_sold_out(host: Any, system: Any) -> None:
    session = host.live(products=1)
    (product,) = session.products
    viewer = Rest(system.url, Rest(system.url).post(f"/watch/{session.id}/join", {"channel": "feed"})["viewer_token"])
    path, price = f"/watch/{session.id}/orders", host.money(1000)

    def left(stock: int) -> None:
        host.api.send("PATCH", f"/products/{product}", {"stock": stock}).raise_for_status()

    def items(quantity: int) -> dict[str, Any]:
        return {"items": [{"product_id": product, "quantity": quantity, "unit_price": price}]}

    left(2)
    problem = viewer.refused(409, "OUT_OF_STOCK", "POST", path, items(3))
    assert problem["metadata"] == {"product_id": product, "stock": "2"}
    assert viewer.post(path, items(2), key="two")["order"]["state"] == "placed"
    left(0)
    viewer.refused(409, "OUT_OF_STOCK", "POST", path, items(1))
    assert viewer.post(path, items(2), key="two")["order"]["total"]["minor"] == 2000  # told again: it was kept
    session.record({"paid_order": {"order": session.order(product, 3, 1000, "v1") | {"request_id": "told"}}})


def png(colour: tuple[int, int, int]) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (1_600, 800), colour).save(written, "PNG")
    return written.getvalue()


def test_a_picture_is_uploaded_and_everybody_sees_it(host: Any, system: Any) -> None:
    path = f"/shops/{host.shop}/images"
    key = {"headers": {"Content-Type": "image/png"}}
    sent = host.api.send("POST", path, content=png((200, 30, 30)), **key)
    image_id = sent.raise_for_status().json()["image_id"]
    product = host.api.post("/products", form(host, image_id=image_id))["product"]
    session = host.open()
    session.fill([product["product_id"]])
    session.post("live")
    nobody = Rest(system.url)
    (item,) = nobody.get(f"/watch/{session.id}")["items"]
    assert item["product"]["image_id"] == image_id
    for width in (96, 480, 1_200):
        answer = nobody.send("GET", f"/images/{image_id}", params={"width": width})
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.content)).size == (width, width // 2)
    nobody.refused(404, "IMAGE_NOT_FOUND", "GET", f"/images/{uuid4()}")
    nobody.refused(400, "INVALID_FIELD", "GET", f"/images/{image_id}?width=1")
    assert host.api.send("POST", path, content=b"GIF89a", **key).json()["code"] == "NOT_AN_IMAGE"
    large = host.api.send("POST", path, content=b"\xff\xd8\xff" + bytes(10 * 2**20), **key)
    assert (large.status_code, large.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert list((system.folder.services / "session" / "images").rglob("480.webp"))
