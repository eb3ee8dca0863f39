"""No viewer says that something is paid, by whatever route; where one may pretend to, everybody sees it (D16)."""

import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from showfloor.gateway.http.routes import Who
from showfloor.gateway.native_routes import ROUTES
from showfloor.testing.system import Rest, System

MONEYS = ("gmv", "direct_gmv", "affiliate_gmv", "commission", "orders", "units_sold", "buyers", "first_time_buyers")
LAST = ("leave",)  # the viewer is gone afterwards


def joined(url: str, session: str) -> Rest:
    seat = Rest(url).post(f"/watch/{session}/join", {"display_name": "Kim", "channel": "feed"})
    return Rest(url, seat["viewer_token"])


def patient(viewer: Rest, method: str, path: str, body: Any) -> httpx.Response:
    """Ask until it is not too much at once: what is refused for its number says nothing about the route."""
    while (answer := viewer.send(method, path, body)).status_code == HTTPStatus.TOO_MANY_REQUESTS:
        time.sleep(int(answer.headers["retry-after"]))
    return answer


def bodies(product: str, order: str, price: dict[str, Any]) -> list[dict[str, Any]]:
    """What somebody who wants to have paid might send: right bodies, wrong ones, and other facts' bodies."""
    item = {"product_id": product, "quantity": 1, "unit_price": price}
    placed = {"reference": "r", "request_id": "r", "viewer": {"viewer_ref": "v"}, "items": [item]}
    return [
        {},
        {"items": [item]},
        {"items": [item], "state": "paid"},
        {"order_id": order, "payment_source": "checkout"},
        {"time": "2026-01-01T00:00:00Z"},
        {"facts": [{"paid_order": {"order": placed}}, {"pay": {"request_id": "p", "order_id": order}}]},
        {"paid_order": {"order": placed}},
        {"product_id": product},
        {"product_ids": [product]},
        {"text": "paid"},
        {"gift": "Rose", "count": 1},
    ]


@pytest.mark.requirement("D16")
def test_no_route_lets_a_viewer_make_anything_paid(host: Any, system: Any) -> None:
    session = host.live(products=1)
    (product,) = session.products
    viewer = joined(system.url, session.id)
    items = [{"product_id": product, "quantity": 1, "unit_price": host.money(1000)}]
    order = viewer.post(f"/watch/{session.id}/orders", {"items": items})["order"]["order_id"]
    known = {"session_id": session.id, "order_id": order, "product_id": product, "shop_id": host.shop}
    known |= {"account_id": host.account}
    tried = 0
    for route in sorted(ROUTES, key=lambda route: route.name in LAST):
        path = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], order), route.path)
        wanted = bodies(product, order, host.money(1000)) if route.who in (Who.VIEWER, Who.ANYONE) else [{}]
        for body in wanted if route.method in ("POST", "PUT", "PATCH") else [None]:
            answer = patient(viewer, route.method, path, body)
            tried += answer.status_code < 300
            assert '"paid"' not in answer.text, f"{route.method} {path}: {answer.text[:300]}"
    # What viewers may do, they did; the routes of an order's money are closed to them, each in its own words.
    assert tried > 10
    again = joined(system.url, session.id)
    order = again.post(f"/watch/{session.id}/orders", {"items": items})["order"]["order_id"]
    for name, status, code in (
        (f"/watch/{session.id}/orders/{order}/payment", 404, "NO_SUCH_ROUTE"),
        (f"/watch/{session.id}/orders/{order}/test-payment", 404, "TEST_CHECKOUT_OFF"),
    ):
        again.refused(status, code, "POST", name, {})
    last = session.post("orders", session.order(product, 1, 1000, "v9"))["position"]
    orders = session.get("orders", min_position=last)["orders"]
    assert {one["state"] for one in orders} <= {"placed", "cancelled"}
    assert {name: session.numbers()[name] for name in MONEYS} == dict.fromkeys(MONEYS, 0)
    assert not session.get()["session"].get("simulated_payments")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of its own, with the test checkout on as `showfloor up` has it with its demo."""
    demo = System(tmp_path_factory.mktemp("demo") / "data", {"SHOWFLOOR_TEST_CHECKOUT": "true"})
    try:
        demo.up()
        yield demo
    finally:
        demo.end()


@pytest.mark.requirement("D16")
def test_a_demos_test_payment_shows_as_simulated_everywhere(demo: System, host_of: Any) -> None:
    host = host_of(demo)
    session = host.live(products=1)
    viewer, other = joined(demo.url, session.id), joined(demo.url, session.id)
    assert Rest(demo.url).get(f"/watch/{session.id}")["test_checkout"] is True
    items = [{"product_id": session.products[0], "quantity": 1, "unit_price": host.money(1000)}]
    order = viewer.post(f"/watch/{session.id}/orders", {"items": items})["order"]
    path = f"/watch/{session.id}/orders/{order['order_id']}/test-payment"
    other.refused(404, "ORDER_NOT_FOUND", "POST", path, {})
    paid = viewer.post(path)
    assert (paid["order"]["state"], paid["order"]["payment_source"]) == ("paid", "simulated")
    session.position = paid["position"]
    assert session.get("board")["session"]["simulated_payments"] is True
    assert session.numbers()["gmv"] == 1000
    (listed,) = session.get("orders")["orders"]
    assert listed["payment_source"] == "simulated"
    (row,) = host.api.get("/sessions", account_ids=host.account)["sessions"]
    assert row["session"]["simulated_payments"] is True
    assert session.get()["session"]["simulated_payments"] is True
    told = [one for one in session.get("activity")["activities"] if one.get("state") == "paid"]
    assert [one["payment_source"] for one in told] == ["simulated"]
