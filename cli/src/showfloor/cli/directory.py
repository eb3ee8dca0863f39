"""Shops and accounts by name, made when they are not there."""

from difflib import get_close_matches
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from showfloor.cli.api import Api
from showfloor.platform.startup_error import StartupError

SHOWN_SHOPS = 5
PAGE = 200


async def known_shop(api: Api, name: str, create: str = "") -> str:
    """Return the id of the shop of that name. `create`: the currency in which one is made when there is none.

    Raises StartupError when there is none, since the name may be mistyped.
    """
    shops = await _every(api, "shops")
    found = [str(shop["shop_id"]) for shop in shops if shop["name"] == name]
    if found and not create:
        return found[0]
    if create:
        return await ensure_shop(api, name, create.upper())
    names = sorted(shop["name"] for shop in shops)
    near = get_close_matches(name, names, n=SHOWN_SHOPS, cutoff=0.0)
    known = ", ".join(f"{one!r}" for one in near) + (", ..." if len(names) > SHOWN_SHOPS else "")
    raise StartupError(
        f"there is no shop {name!r}" + (f"; yours are {known}" if names else ""),
        place="the shop",
        next_step="name it with --shop NAME, or make it with --create-shop CURRENCY, such as --create-shop EUR",
    )


async def ensure_shop(api: Api, name: str, currency: str) -> str:
    """Return the id of the shop of that name; make it when there is none. Raises StartupError on another currency."""
    shops = await _every(api, "shops")
    for shop in shops:
        if shop["name"] == name and shop["currency"] != currency:
            raise StartupError(
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
    for account in await _every(api, "accounts", shop_id=shop_id, query=name):
        if account["name"] == name and account["shop_id"] == shop_id:
            return str(account["account_id"])
    body = {"name": name, "shop_id": shop_id, "kind": "creator"}
    made = await api.post("/accounts", body, key=_key("account", shop_id, name))
    return str(made["account_id"])


async def _every(api: Api, things: str, **query: str) -> list[dict[str, Any]]:
    """Return the whole of a list, read in pages."""
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        answer = await api.get(f"/{things}", page_size=PAGE, page_token=token, **query)
        found += answer[things]
        if not (token := answer["next_page_token"]):
            return found


def _key(*parts: str) -> str:
    """Return the same key for the same thing, so that a command run twice at once makes it once."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join(parts)))
