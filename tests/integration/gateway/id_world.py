"""Two shops' worth of things, made through a running gateway: what the test of kinds of ids asks about."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from showfloor.testing.waiting import until


@dataclass
class ShopIds:
    """One shop with a LIVE on air and everything in it, another LIVE of its own, and one that has ended."""

    owner: httpx.AsyncClient
    viewer: httpx.AsyncClient
    ids: dict[str, str]  # by kind: those of the LIVE
    elsewhere: dict[str, str]  # by kind: those inside the other LIVE
    viewer_ref: str = ""
    owner_id: str = ""


async def send(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    headers = {"Idempotency-Key": uuid4().hex}
    answer = await client.request(method, f"/v1{path}", json={} if body is None else body, headers=headers)
    assert answer.status_code == 200, f"{method} {path}: {answer.text}"
    return answer.json()


async def registered(owner: httpx.AsyncClient, event_id: str) -> str:
    """Register an address for an event; return the invitation once it is listed."""
    place = f"/events/{event_id}/registrations"
    await send(owner, "POST", place, {"email": "ana@example.com"})

    async def listed() -> bool:
        return bool((await owner.get(f"/v1{place}")).json()["invitations"])

    await until(listed, "the registration is listed")
    return str((await owner.get(f"/v1{place}")).json()["invitations"][0]["invitation_id"])


async def live(
    gateway: Any, owner: httpx.AsyncClient, account: str, products: list[str]
) -> tuple[Any, str, dict[str, str]]:
    """Take a LIVE on air, in which a viewer does everything."""
    session = (await send(owner, "POST", "/sessions", {"account_id": account, "title": "LIVE"}))["session"][
        "session_id"
    ]
    await send(owner, "POST", f"/sessions/{session}/bag", {"source": "showcase", "references": products})
    await send(owner, "POST", f"/sessions/{session}/live")
    joined = (await (await gateway.client()).post(f"/v1/watch/{session}/join", json={})).json()
    viewer, watch = await gateway.client(joined["viewer_token"]), f"/watch/{session}"
    item = {"product_id": products[0], "quantity": 1, "unit_price": {"minor": 1000, "currency": "EUR"}}
    ids = {
        "session": session,
        "product": products[0],
        "comment": (await send(viewer, "POST", f"{watch}/comments", {"text": "Hi"}))["comment_id"],
        "order": (await send(viewer, "POST", f"{watch}/orders", {"items": [item]}))["order"]["order_id"],
        "gift": (await send(viewer, "POST", f"{watch}/gifts", {"gift": "rose", "count": 1}))["gift_id"],
        "account": account,
    }
    await send(viewer, "POST", f"{watch}/follow")
    return viewer, joined["viewer_ref"], ids


async def shop_ids(gateway: Any, name: str) -> ShopIds:
    operator, nobody = await gateway.operator(), await gateway.client()
    user = (await send(operator, "POST", "/users", {"name": name, "email": f"{name}@example.com"}))["user_id"]
    code = (await send(operator, "POST", "/operator/sign-in-links", {"user_id": user}))["code"]
    shop = (await send(operator, "POST", "/shops", {"name": name, "currency": "EUR", "owner_user_id": user}))["shop_id"]
    owner = await gateway.client((await send(nobody, "POST", "/sign-in", {"code": code}))["token"])
    rows = [
        {"reference": f"{name}-{n}", "title": "Mug", "price": {"minor": 1000, "currency": "EUR"}, "in_showcase": True}
        for n in range(3)
    ]
    products = (await send(owner, "POST", f"/shops/{shop}/products", {"products": rows}))["product_ids"]
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    sent = {"content": picture.getvalue(), "headers": {"Idempotency-Key": uuid4().hex}}
    image = (await owner.post(f"/v1/shops/{shop}/images", **sent)).json()["image_id"]
    made = await send(owner, "POST", f"/shops/{shop}/product-sets", {"name": "Set", "product_ids": products})
    accounts = [
        (await send(owner, "POST", "/accounts", {"name": f"{name} {n}", "shop_id": shop}))["account_id"] for n in (1, 2)
    ]
    creator = (await send(owner, "POST", "/creators", {"name": name, "shop_id": shop}))["creator_id"]
    helper = {"name": "Helper", "email": f"helper-{name}@example.com", "shop_id": shop}
    agency = (await send(operator, "POST", "/partners", {"name": name, "owner_user_id": user}))["partner_id"]
    binding = (await send(owner, "POST", f"/partners/{agency}/shops", {"shop_id": shop}))["binding_id"]
    ended = await live(gateway, owner, accounts[1], products)
    await send(owner, "POST", f"/sessions/{ended[2]['session']}/end")
    _, _, elsewhere = await live(gateway, owner, accounts[1], products)
    viewer, viewer_ref, ids = await live(gateway, owner, accounts[0], products)
    ids |= {
        "import": str(uuid4()),
        "image": image,
        "shop": shop,
        "product_set": made["product_set"]["product_set_id"],
        "creator": creator,
        "partner": agency,
        "binding": binding,
        "user": (await send(operator, "POST", "/users", helper))["user_id"],
    }
    look = {"scope": "read", "until_time": (datetime.now(UTC) + timedelta(days=1)).isoformat(), "user_id": ids["user"]}
    date = (datetime.now(UTC) + timedelta(days=2)).date()
    time = {"local_start": f"{date}T20:00", "time_zone": "Europe/Berlin", "duration_minutes": 30}
    planned = await send(owner, "POST", "/events", {"account_id": accounts[0], "title": "Event", "time": time})
    ids["event"] = planned["event"]["event_id"]
    ids["invitation"] = await registered(owner, ids["event"])
    ids["grant"] = (await send(owner, "POST", f"/accounts/{accounts[0]}/grants", look))["grant_id"]
    till = {"name": "Till", "scopes": ["ingest"], "shop_id": shop}
    ids["connector"] = (await send(owner, "POST", "/connectors", till))["connector_id"]
    await send(owner, "PUT", f"/connectors/{ids['connector']}/accounts/{accounts[0]}")
    await send(owner, "PUT", f"/shops/{shop}/checkout", {"address": "https://pay.example.com/live"})
    await send(owner, "POST", f"/shops/{shop}/checkout/key")
    return ShopIds(owner, viewer, ids, elsewhere, viewer_ref, user)
