"""A shop's own checkout: a signed link takes a viewer's order there, and what it answers is what everybody sees."""

import base64
import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from showfloor.testing.canaries import found_in
from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import Rest, System

ROOT = Path(__file__).parents[2]
ADDRESS = "https://pay.example.com/live"


def example() -> Any:
    spec = importlib.util.spec_from_file_location("checkout", ROOT / "examples/checkout.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Shop:
    """A shop with a checkout, which is the example, and its keys."""

    def __init__(self, system: System, host: Host, *, address: str = ADDRESS) -> None:
        self.system, self.host, self.address = system, host, address
        self.path = f"/shops/{host.shop}/checkout"
        self.keys: dict[str, str] = {}
        self.module = example()

    def rotate(self, **how: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.host.api.post(f"{self.path}/key", how)
        self.keys[made["key_id"]] = made["key"]
        return made

    def credential(self, *scopes: str) -> str:
        body = {"name": "Checkout", "scopes": list(scopes), "shop_id": self.host.shop}
        path = f"/connectors/{self.host.api.post('/connectors', body)['connector_id']}"
        self.host.api.put(f"{path}/accounts/{self.host.account}")
        return str(self.host.api.post(f"{path}/credential")["credential"])

    def verified(self, url: str) -> dict[str, Any]:
        return dict(self.module.verified(token_of(url), self.keys, self.address))


def token_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["order"][0]


def headers_of(url: str) -> dict[str, Any]:
    head = token_of(url).partition(".")[0]
    return dict(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))))


@pytest.fixture
def shop(system: System, host: Host) -> Shop:
    shop = Shop(system, host)
    host.api.put(shop.path, {"address": ADDRESS})
    return shop


@pytest.fixture
def page(shop: Shop) -> Iterator[str]:
    """The address at which the shop's checkout answers in truth."""
    served = shop.module.Checkout
    served.keys, served.address, served.showfloor = shop.keys, ADDRESS, shop.system.url
    served.credential = shop.credential("checkout")
    server = HTTPServer(("127.0.0.1", 0), served)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/live"
    finally:
        server.shutdown()
        server.server_close()


def viewer_of(system: System, live: Live) -> Rest:
    seat = Rest(system.url).post(f"/watch/{live.id}/join", {"display_name": "Kim", "channel": "feed"})
    return Rest(system.url, seat["viewer_token"])


def ordered(viewer: Rest, live: Live, quantity: int = 2) -> str:
    item = {"product_id": live.products[0], "quantity": quantity, "unit_price": live.host.money(1000)}
    return str(viewer.post(f"/watch/{live.id}/orders", {"items": [item]})["order"]["order_id"])


def link_of(viewer: Rest, live: Live, order: str) -> str:
    return str(viewer.post(f"/watch/{live.id}/orders/{order}/checkout-link", {})["url"])


@pytest.mark.requirement("R151", "D16")
def test_a_checkout_is_handed_an_order_and_says_it_is_paid(shop: Shop, page: str, host: Host, system: System) -> None:
    live = host.live(products=1)
    viewer, other = viewer_of(system, live), viewer_of(system, live)
    order = ordered(viewer, live)
    path = f"/watch/{live.id}/orders/{order}/checkout-link"
    assert not Rest(system.url).get(f"/watch/{live.id}/seller")["checkout"]
    viewer.refused(409, "CHECKOUT_NOT_READY", "POST", path, {})
    shop.rotate()
    seller = Rest(system.url).get(f"/watch/{live.id}/seller")
    assert seller["account_name"] == host.name and seller["shop_name"] and seller["checkout"]
    other.refused(404, "ORDER_NOT_FOUND", "POST", path, {})

    url = link_of(viewer, live, order)
    assert url.startswith(f"{ADDRESS}?order=")
    told = shop.verified(url)
    assert told["total"] == {"minor": 2000, "currency": "EUR", "exponent": 2}
    assert (told["order_id"], told["session_id"], told["shop_id"]) == (order, live.id, host.shop)
    assert told["items"] == [{"product_id": live.products[0], "quantity": 2, "unit_minor": 1000}]

    form = {"order": token_of(url), "answer": "payment"}
    assert "Pay 20.00 EUR" in httpx.get(page, params={"order": token_of(url)}).text
    for _ in range(2):  # a link that is used again changes nothing
        assert "Your order is paid" in httpx.post(page, data=form).text
    mine = viewer.get(f"/watch/{live.id}/orders/{order}")["order"]
    assert (mine["order"]["state"], mine["order"]["payment_source"]) == ("paid", "checkout")
    assert mine["titles"] == ["Product 1"] and "commission" not in mine["order"]
    other.refused(404, "ORDER_NOT_FOUND", "GET", f"/watch/{live.id}/orders/{order}")
    assert viewer.refused(409, "NOTHING_TO_PAY", "POST", path, {})["metadata"] == {"state": "paid"}
    assert live.numbers()["gmv"] == 2000

    given_up = ordered(viewer, live, 1)
    form = {"order": token_of(link_of(viewer, live, given_up)), "answer": "cancellation"}
    assert "Your order is cancelled" in httpx.post(page, data=form).text
    states = [one["order"]["state"] for one in viewer.get(f"/watch/{live.id}/orders")["orders"]]
    assert states == ["cancelled", "paid"]
    assert not other.get(f"/watch/{live.id}/orders")["orders"]
    tampered = token_of(url)[:-4] + "AAAA"
    assert httpx.get(page, params={"order": tampered}).status_code == 400


@pytest.mark.requirement("R151")
def test_a_checkout_answers_for_its_own_shop_alone(shop: Shop, new_host: Any, host: Host, system: System) -> None:
    stranger = new_host()
    theirs = stranger.live(products=1)
    order = ordered(viewer_of(system, theirs), theirs)
    checkout = Rest(system.url, shop.credential("checkout"))
    for answer in ("payment", "cancellation"):
        checkout.refused(404, "ORDER_NOT_FOUND", "POST", theirs.path(f"orders/{order}/{answer}"), {})
    mine = host.live(products=1)
    placed = ordered(viewer_of(system, mine), mine)
    checkout.refused(403, "PERMISSION", "POST", mine.path(f"orders/{placed}/refunds"), {"amount": host.money(1)})
    till = Rest(system.url, shop.credential("payments"))
    till.refused(403, "PERMISSION", "POST", mine.path(f"orders/{placed}/cancellation"), {})
    for path in (shop.path, f"{shop.path}/key"):
        checkout.refused(
            404, "SHOP_NOT_FOUND", "GET" if path == shop.path else "POST", path, {} if "key" in path else None
        )


@pytest.mark.requirement("R151")
def test_keys_of_a_checkout_overlap_and_are_nowhere_in_clear(shop: Shop, host: Host, system: System) -> None:
    first = shop.rotate()
    url = host.api.post(f"{shop.path}/test-link", {})["url"]
    assert shop.verified(url)["test"] and headers_of(url)["kid"] == first["key_id"]
    second = shop.rotate()
    shown = host.api.get(shop.path)
    assert (shown["key_id"], shown["next_key_id"]) == (first["key_id"], second["key_id"])
    assert second["signs_from_time"] == shown["next_signs_from_time"] > first["signs_from_time"]
    assert headers_of(host.api.post(f"{shop.path}/test-link", {})["url"])["kid"] == first["key_id"]
    third = shop.rotate(at_once=True)
    url = host.api.post(f"{shop.path}/test-link", {})["url"]
    assert headers_of(url)["kid"] == third["key_id"] and shop.verified(url)
    assert "next_key_id" not in host.api.get(shop.path)
    assert found_in(system.folder.root, ADDRESS), "the search finds nothing at all"
    assert not found_in(system.folder.root, *shop.keys.values())

    host.api.delete(shop.path)
    assert "address" not in host.api.get(shop.path)
    host.api.refused(409, "CHECKOUT_NOT_READY", "POST", f"{shop.path}/test-link", {})
    host.api.refused(409, "CHECKOUT_NOT_READY", "POST", f"{shop.path}/key", {})
    host.api.put(shop.path, {"address": ADDRESS})
    host.api.refused(409, "CHECKOUT_NOT_READY", "POST", f"{shop.path}/test-link", {})
    shop.rotate()
    assert shop.verified(host.api.post(f"{shop.path}/test-link", {})["url"])


@pytest.mark.parametrize(
    "address",
    [
        "http://pay.example.com/live",
        "https://127.0.0.1/pay",
        "https://10.1.2.3/pay",
        "https://pay.internal/live",
        "https://localhost/pay",
        "https://user@pay.example.com/live",
        "https://pay.example.com/live?next=https://evil.example",
        "https://pay.example.com/live#x",
        "https://pay.example.com\\@evil.example/",
        "javascript:alert(1)",
    ],
)
def test_a_checkout_has_a_public_address_alone(address: str, shop: Shop, host: Host) -> None:
    refused = host.api.refused(400, "INVALID_FIELD", "PUT", shop.path, {"address": address})
    assert refused["field"] == "address"


def test_the_docs_show_how_the_example_verifies() -> None:
    shown = (ROOT / "docs/checkout.md").read_text().split("```python\n")[1].split("```")[0]
    assert shown in (ROOT / "examples/checkout.py").read_text()
