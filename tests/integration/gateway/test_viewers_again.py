"""Who comes back is the same viewer of the account: after a reload, a restart of the gateway, in the next LIVE."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from board_numbers import numbers


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def joined(gateway: Any, session_id: str, before: str = "", **body: Any) -> dict[str, str]:
    more = {"viewer_token": before} if before else {}
    answer = await (await gateway.client()).post(f"/v1/watch/{session_id}/join", json={**body, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, str] = answer.json()
    return told


async def order(gateway: Any, client: httpx.AsyncClient, at: str, token: str, product: str) -> None:
    """Place an order as a viewer, and pay it as the host."""
    viewer = await gateway.client(token)
    currency = (await client.get(f"/v1/sessions/{at}")).json()["session"]["currency"]
    items = [{"product_id": product, "quantity": 1, "unit_price": {"minor": 500, "currency": currency}}]
    placed = await viewer.post(f"/v1/watch/{at}/orders", json={"items": items}, headers=keyed())
    assert placed.status_code == 200, placed.text
    order_id = placed.json()["order"]["order_id"]
    paid = await client.post(f"/v1/sessions/{at}/orders/{order_id}/payment", json={}, headers=keyed())
    assert paid.status_code == 200, paid.text


@pytest.mark.requirement("R142")
async def test_a_viewer_who_reloads_follows_and_buys_counts_once(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    product = await gateway.product_in_bag(client, session_id)
    told = {"viewer_token": ""}
    for _ in range(3):
        told = await joined(gateway, session_id, told["viewer_token"], display_name="Kim")
        viewer = await gateway.client(told["viewer_token"])
        followed = await viewer.post(f"/v1/watch/{session_id}/follow", json={}, headers=keyed())
        assert followed.status_code == 200, followed.text
        await order(gateway, client, session_id, told["viewer_token"], product)
    once = dict.fromkeys(("unique_viewers", "viewers_now", "pcu", "new_followers", "buyers", "first_time_buyers"), 1)
    await numbers(client, session_id, orders=3, **once)


@pytest.mark.requirement("R142")
async def test_in_the_next_live_of_the_account_a_buyer_is_no_new_one(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    product = await gateway.product_in_bag(client, session_id)
    here = await joined(gateway, session_id)
    await order(gateway, client, session_id, here["viewer_token"], product)
    await numbers(client, session_id, first_time_buyers=1)
    await client.post(f"/v1/sessions/{session_id}/end", json={}, headers=keyed())
    later = await gateway.go_live(client, first["account_id"])
    product = await gateway.product_in_bag(client, later)
    async with gateway.beside() as restarted:  # another process, or this one after a restart
        there = await joined(restarted, later, here["viewer_token"])
    assert there["viewer_ref"] == here["viewer_ref"]
    await order(gateway, client, later, there["viewer_token"], product)
    await numbers(client, later, buyers=1, first_time_buyers=0)


async def test_a_pseudonym_follows_nobody_to_another_account_or_shop(gateway: Any) -> None:
    client, first = await gateway.owner()
    mine = await joined(gateway, await gateway.go_live(client, first["account_id"]))
    shop = (await client.post("/v1/shops", json={"name": "Other", "currency": "EUR"}, headers=keyed())).json()[
        "shop_id"
    ]
    for shop_id in (first["shop_id"], shop):
        body = {"name": "Another", "shop_id": shop_id}
        account = (await client.post("/v1/accounts", json=body, headers=keyed())).json()["account_id"]
        theirs = await joined(gateway, await gateway.go_live(client, account), mine["viewer_token"])
        assert theirs["viewer_ref"] != mine["viewer_ref"]


async def test_what_proves_nothing_makes_a_new_viewer_and_no_error(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    mine = await joined(gateway, session_id)
    for bad in (mine["viewer_token"][:-4] + "AAAA", "a.b.c", "nonsense"):
        assert (await joined(gateway, session_id, bad))["viewer_ref"] != mine["viewer_ref"]


async def test_a_replays_token_never_becomes_one_that_counts(gateway: Any) -> None:
    client, first = await gateway.owner()
    start = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    body = {"account_id": first["account_id"], "title": "Again", "recording": {"start_time": start}}
    replay = (await client.post("/v1/sessions", json=body, headers=keyed())).json()["session"]["session_id"]
    assert (await client.post(f"/v1/sessions/{replay}/live", json={}, headers=keyed())).status_code == 200
    looked = await joined(gateway, replay)
    await client.post(f"/v1/sessions/{replay}/end", json={}, headers=keyed())
    live = await gateway.go_live(client, first["account_id"])
    counted = await joined(gateway, live, looked["viewer_token"])
    assert counted["viewer_ref"] != looked["viewer_ref"]
    await numbers(client, live, unique_viewers=1)
    refused = await (await gateway.client(looked["viewer_token"])).post(f"/v1/watch/{live}/likes", json={})
    assert refused.status_code == 404
