"""Money over REST: whole minor units, with the decimals that ISO 4217 gives its currency, everywhere."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from showfloor.kernel.currencies import EXPONENTS
from showfloor.testing.waiting import PATIENCE


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def amounts(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of an answer that holds money."""
    if isinstance(answer, list):
        for one in answer:
            yield from amounts(one)
    elif isinstance(answer, dict):
        if answer.get("currency") and ("minor" in answer or "metric" in answer):
            yield answer
        for one in answer.values():
            yield from amounts(one)


async def shop_in(gateway: Any, currency: str) -> tuple[httpx.AsyncClient, str, str]:
    """Return the owner, and a shop of theirs that keeps its books in a currency, with an account."""
    owner, first = await gateway.owner()
    operator = await gateway.operator()
    body = {"name": f"Shop {currency}", "currency": currency, "owner_user_id": first["user_id"]}
    opened = await operator.post("/v1/shops", json=body, headers=keyed())
    assert opened.status_code < 300, opened.text
    shop = opened.json()["shop_id"]
    made = await owner.post("/v1/accounts", json={"name": "A", "shop_id": shop}, headers=keyed())
    assert made.status_code < 300, made.text
    return owner, shop, made.json()["account_id"]


async def placed(owner: httpx.AsyncClient, shop: str, account: str, currency: str, minor: int) -> str:
    """Sell one product in a LIVE; return the session."""
    session = await owner.post("/v1/sessions", json={"account_id": account, "title": "Friday"}, headers=keyed())
    session_id = str(session.json()["session"]["session_id"])
    price = {"minor": minor, "currency": currency}
    rows = [{"reference": "A", "title": "A", "category": "C", "price": price, "in_showcase": True}]
    made = await owner.post(f"/v1/shops/{shop}/products", json={"products": rows}, headers=keyed())
    assert made.status_code == 200, made.text
    product = made.json()["product_ids"][0]
    for path, more in (
        ("bag", {"source": "showcase", "references": [product]}),
        ("live", {}),
        (
            "orders",
            {
                "reference": "o-1",
                "viewer": {"viewer_ref": "v-1"},
                "items": [{"product_id": product, "quantity": 3, "unit_price": price}],
            },
        ),
    ):
        answer = await owner.post(f"/v1/sessions/{session_id}/{path}", json=more, headers=keyed())
        assert answer.status_code == 200, answer.text
    order = answer.json()["order"]["order_id"]
    paid = await owner.post(f"/v1/sessions/{session_id}/orders/{order}/payment", json={}, headers=keyed())
    assert paid.status_code == 200, paid.text
    return session_id


@pytest.mark.requirement("D12")
@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1500), ("VND", 1_299_000), ("KWD", 1255), ("IDR", 99)])
async def test_every_amount_says_its_decimals_and_is_whole(gateway: Any, currency: str, minor: int) -> None:
    owner, shop, account = await shop_in(gateway, currency)
    session_id = await placed(owner, shop, account, currency, minor)
    at = f"/v1/sessions/{session_id}"
    async with asyncio.timeout(PATIENCE):
        while True:
            board = (await owner.get(f"{at}/board")).json()
            gmv = next(one for one in board["core"] if one["metric"] == "gmv")
            if gmv.get("value"):
                break
            await asyncio.sleep(0.05)
    assert (gmv["value"], gmv["exponent"]) == (3 * minor, EXPONENTS[currency])
    asked = [at, f"{at}/board", f"{at}/trend?metrics=gmv", f"{at}/orders", f"{at}/products", f"{at}/comparison",
             f"{at}/bag", f"{at}/activity", f"{at}/recap", "/v1/sessions?metrics=gmv&metrics=gpm",
             f"/v1/shops/{shop}/products"]  # fmt: skip
    found = 0
    for path in asked:
        answer = await owner.get(path)
        for amount in amounts(answer.json()):
            found += 1
            assert amount["exponent"] == EXPONENTS[currency], (path, amount)
            for name in ("minor", "value"):
                assert isinstance(amount.get(name, 0), int), (path, amount)
    assert found > 8
    assert (await owner.get(at)).json()["session"]["currency_exponent"] == EXPONENTS[currency]


async def test_the_currencies_are_told_to_anybody(gateway: Any) -> None:
    told = (await (await gateway.client()).get("/v1/currencies")).json()["currencies"]
    assert {one["currency"]: one["exponent"] for one in told} == EXPONENTS


@pytest.mark.parametrize(
    ("price", "field"),
    [
        ({"minor": 1, "currency": "XXX"}, "price.currency"),
        ({"minor": 1, "currency": "JPY", "exponent": 2}, "price.exponent"),
        ({"minor": 1.5, "currency": "JPY"}, "price.minor"),
    ],
)
async def test_money_that_is_none_is_refused_by_its_field(gateway: Any, price: dict[str, Any], field: str) -> None:
    owner, first = await gateway.owner()
    rows = [{"reference": "A", "title": "A", "category": "C", "price": price}]
    made = await owner.post(f"/v1/shops/{first['shop_id']}/products", json={"products": rows}, headers=keyed())
    assert (made.status_code, made.json()["field"]) == (400, f"products[0].{field}")
