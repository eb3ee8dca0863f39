"""Shops and accounts by name, made when they are not there."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from showfloor.cli.api import Api
from showfloor.platform.trouble import Trouble


async def ensure_shop(api: Api, name: str, currency: str) -> str:
    """Return the id of the shop of that name; make it when there is none. Raises Trouble on another currency."""
    shops = (await api.get("/shops"))["shops"]
    for shop in shops:
        if shop["name"] == name and shop["currency"] != currency:
            raise Trouble(
                f"shop {name!r} keeps its books in {shop['currency']}, the file is in {currency}",
                place="the shop",
                next_step="name another shop with --shop NAME; one of a new name is made",
            )
        if shop["name"] == name:
            return str(shop["shop_id"])
    made = await api.post("/shops", {"name": name, "currency": currency}, key=_key("shop", name, currency))
    return str(made["shop_id"])


async def ensure_account(api: Api, shop_id: str, name: str) -> str:
    """Return the id of the shop's account of that name; make it when there is none."""
    accounts: list[dict[str, Any]] = (await api.get("/accounts", shop_id=shop_id))["accounts"]
    for account in accounts:
        if account["name"] == name and account["shop_id"] == shop_id:
            return str(account["account_id"])
    body = {"name": name, "shop_id": shop_id, "kind": "creator"}
    made = await api.post("/accounts", body, key=_key("account", shop_id, name))
    return str(made["account_id"])


def _key(*parts: str) -> str:
    """Return the same key for the same thing, so that a command run twice at once makes it once."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join(parts)))
