"""A body, and a query, that each route accepts: asked of each cell of the access matrix, and made invalid by field."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

Ids = dict[str, str]
MONEY = {"minor": 100, "currency": "EUR"}
NOW = "2026-01-01T00:00:00Z"
VIEWER = "viewer-of-both"  # no word of an answer: ids are taken out of answers that must be the same


def tomorrow() -> str:
    """Return the same time of tomorrow, in UTC."""
    return (datetime.now(UTC) + timedelta(days=1)).isoformat().replace("+00:00", "Z")


def tomorrow_at(clock: str) -> dict[str, Any]:
    """Return an hour of tomorrow in Berlin, for an event."""
    return {"local_start": f"{tomorrow()[:10]}T{clock}", "time_zone": "Europe/Berlin", "duration_minutes": 60}


BODIES: dict[str, Callable[[Ids], Any]] = {
    "openSession": lambda ids: {"account_id": ids["account_id"], "title": "T"},
    "updateSession": lambda ids: {"title": "T"},
    "scheduleEvent": lambda ids: {"account_id": ids["account_id"], "title": "T", "time": tomorrow_at("20:00")},
    "updateEvent": lambda ids: {"description": "D"},
    "requestInvitation": lambda ids: {"email": f"{uuid4().hex}@example.com"},
    "setScript": lambda ids: {"script": "S"},
    "addToBag": lambda ids: {"source": "showcase", "references": [ids["product_id"]]},
    "moveInBag": lambda ids: {"number": 1},
    "setPlayback": lambda ids: {"kind": "hls", "url": "https://cdn.example.com/show.m3u8"},
    "recordReplay": lambda ids: {"url": "https://example.com/replay"},
    "postComment": lambda ids: {"text": "Hi", "viewer": {"viewer_ref": VIEWER}},
    "replyToComment": lambda ids: {"comment_id": ids["comment_id"], "text": "Hi"},
    "placeOrder": lambda ids: {"reference": uuid4().hex, "viewer": {"viewer_ref": VIEWER}, "items": _items(ids)},
    "refundOrder": lambda ids: {"amount": MONEY},
    "followAccount": lambda ids: {"viewer": {"viewer_ref": VIEWER}},
    "sendGift": lambda ids: {"viewer": {"viewer_ref": VIEWER}, "gift": "rose", "count": 1, "value": MONEY},
    "recordActivity": lambda ids: {
        "facts": [{"follow": {"request_id": uuid4().hex, "viewer": {"viewer_ref": VIEWER}}}]
    },
    "importProducts": lambda ids: {"products": [{"reference": "r", "title": "T", "price": MONEY}]},
    "createProduct": lambda ids: {
        "shop_id": ids["shop_id"],
        "product": {"reference": uuid4().hex, "title": "T", "price": MONEY},
    },
    "updateProduct": lambda ids: {"title": "T"},
    "createProductSet": lambda ids: {"name": "Set", "product_ids": [ids["product_id"]]},
    "saveProductSet": lambda ids: {"name": "Set", "product_ids": [ids["product_id"]]},
    "importSessions": lambda ids: {
        "sessions": [{"reference": "r", "title": "T", "start_time": NOW, "duration_s": 60, "gmv": MONEY}]
    },
    "watchComment": lambda ids: {"text": "Hi"},
    "watchGift": lambda ids: {"gift": "rose", "count": 1},
    "watchOrder": lambda ids: {"items": _items(ids)},
    "setPassword": lambda ids: {"password": "long enough for all"},
    "createShop": lambda ids: {"name": "S", "currency": "EUR"},
    "createAccount": lambda ids: {"name": "A", "shop_id": ids["shop_id"]},
    "createCreator": lambda ids: {"name": "C", "shop_id": ids["shop_id"]},
    "createCreatorAccount": lambda ids: {"name": "A", "currency": "EUR"},
    "createPartner": lambda ids: {"name": "P", "owner_user_id": ids["user_id"]},
    "assignCreatorRole": lambda ids: {"role": "staff"},
    "assignPartnerRole": lambda ids: {"role": "staff"},
    "offerBindingToShop": lambda ids: {"shop_id": ids["shop_id"]},
    "offerBindingToCreator": lambda ids: {"creator_id": ids["creator_id"]},
    "offerCollabToCreator": lambda ids: {"creator_id": ids["creator_id"]},
    "offerCollabToShop": lambda ids: {"shop_id": ids["shop_id"]},
    "giveGrant": lambda ids: {"scope": "read", "until_time": tomorrow(), "user_id": ids["user_id"]},
    "setCheckout": lambda ids: {"address": "https://pay.example.com/live"},
    "createConnector": lambda ids: {"name": "C", "scopes": ["ingest"], "shop_id": ids["shop_id"]},
    "createUser": lambda ids: {"name": "U", "email": f"{uuid4().hex}@example.com", "shop_id": ids["shop_id"]},
    "createSignInLink": lambda ids: {},
    "assignAccountRole": lambda ids: {"role": "analyst"},
    "assignShopRole": lambda ids: {"role": "staff"},
    "ingestSignals": lambda ids: {
        "batch_id": uuid4().hex,
        "base_time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "viewers": [1],
        **{column: [0] for column in ("offset_ms", "viewer", "product", "channel")},
        "kind": [1],
    },
    "click": lambda ids: {"product_id": ids["product_id"]},
    "seeProducts": lambda ids: {"product_ids": [ids["product_id"]]},
}
QUERIES: dict[tuple[str, str], Callable[[Ids], Ids]] = {
    ("listSessions", "Account"): lambda ids: {"account_ids": ids["account_id"]},
    ("listDailyTotals", "Account"): lambda ids: {"account_ids": ids["account_id"], **DAYS},
    ("listDailyTotals", "System"): lambda ids: DAYS,
    ("listEvents", "Account"): lambda ids: {"account_id": ids["account_id"]},
    ("checkEventTime", "Account"): lambda ids: {name: str(value) for name, value in tomorrow_at("10:00").items()},
    ("getSuggestedTime", "Account"): lambda _: {"time_zone": "Europe/Berlin"},
    ("getHome", "Account"): lambda ids: {"account_id": ids["account_id"]},
    ("listAccounts", "Shop"): lambda ids: {"shop_id": ids["shop_id"]},
    ("listConnectors", "Shop"): lambda ids: {"shop_id": ids["shop_id"]},
    ("listConnectors", "Creator"): lambda ids: {"creator_id": ids["creator_id"]},
    ("listUsers", "Shop"): lambda ids: {"shop_id": ids["shop_id"]},
    ("listUsers", "Creator"): lambda ids: {"creator_id": ids["creator_id"]},
    ("listUsers", "Partner"): lambda ids: {"partner_id": ids["partner_id"]},
    ("getTrend", "Session"): lambda ids: {"metrics": "gmv"},
    ("createImport", "Shop"): lambda ids: {"kind": "catalogue", "file_name": "p.csv"},
    ("compareSession", "Session"): lambda ids: {"metrics": "gmv"},
}
DAYS = {"from_day": "2026-01-01", "until_day": "2026-01-02"}


def _items(ids: Ids) -> list[Any]:
    return [{"product_id": ids["product_id"], "quantity": 1, "unit_price": {"minor": 1000, "currency": "EUR"}}]
