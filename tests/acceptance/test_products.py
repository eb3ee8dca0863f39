"""A shop keeps its catalogue by hand, through the gateway."""

from typing import Any
from uuid import uuid4

import pytest


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
