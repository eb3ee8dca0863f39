"""No list of one shop's holds anything of another's: every list that there is, asked of a running system."""

import json
import re
from importlib.resources import files
from typing import Any

import pytest
from access_cast import Cast

from showfloor.testing.system import Rest

OPEN = {"listLives", "listCurrencies"}  # everybody's
OWNED = {"listConnectors": "shop_id"}  # lists that must be told whose


def lists() -> dict[str, str]:
    """Return the path of each list of the API, by its name."""
    paths = json.loads((files("showfloor.gateway") / "openapi.json").read_text())["paths"]
    found = {asked["get"]["operationId"]: path.removeprefix("/v1") for path, asked in paths.items() if "get" in asked}
    return {name: path for name, path in found.items() if name.startswith("list") and name not in OPEN}


def texts(value: Any) -> set[str]:
    """Return every text in an answer."""
    if isinstance(value, dict):
        return set().union(*map(texts, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(texts, value)) if value else set()
    return {value} if isinstance(value, str) else set()


def whole(api: Rest, path: str, owned: dict[str, str]) -> set[str]:
    """Return every text in all pages of a list."""
    found: set[str] = set()
    token = ""
    while True:
        answer = api.send("GET", path, params=owned | ({"page_token": token} if token else {}))
        if answer.status_code in (403, 404, 409):
            return found
        assert answer.status_code == 200, f"{path}: {answer.text}"
        found |= texts(answer.json())
        token = answer.json().get("next_page_token", "")
        if not token:
            return found


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("name", lists())
def test_a_list_holds_nothing_of_another_shop(cast: Cast, name: str) -> None:
    theirs = {one for one in cast.own.ids.values() if len(one) > 8}
    tokens = {who: cast.tokens[who] for who in ("nobody", "creator", "partner")}
    path = re.sub(r"{(\w+)}", lambda part: cast.foreign.ids[part[1]], lists()[name])
    owned = {OWNED[name]: cast.foreign.ids[OWNED[name]]} if name in OWNED else {}
    assert not theirs & whole(cast.stranger.api, path, owned)
    if "{" not in lists()[name]:  # a list of all that one may see: what the first shop sees is not empty
        assert not set(cast.foreign.ids.values()) & (whole(cast.host.api, path, owned) - {"v"})
        for who, token in tokens.items():
            seen = whole(Rest(cast.system.url, token), path, owned)
            assert not {cast.own.ids["session_id"], cast.own.ids["order_id"], cast.own.ids["import_id"]} & seen, who


def test_the_lists_are_all_there() -> None:
    assert {"listSessions", "listDailyTotals", "listAccounts", "listBindings", "listOrders"} <= lists().keys()
    assert len(lists()) > 20
