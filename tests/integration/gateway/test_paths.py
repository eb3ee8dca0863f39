"""Paths that no good client would send: an answer that says why, on every route."""

from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from showfloor.gateway.http.routes import PREFIX
from showfloor.gateway.native_routes import ROUTES

NONSENSE = ("%ff", "%c3%28", "%ed%a0%80", "%00", "%2f", "%f0%9f%91%a9", "%", "%zz", "%e2%80%ae", "a%0d%0ab")


def paths() -> list[tuple[str, str]]:
    """Return every route that has a name in its path, with a gap at each name in turn."""
    found = []
    for route in ROUTES:
        names = [part for part in route.path.split("/") if part.startswith("{")]
        for name in names:
            path = route.path.replace(name, "\x00")
            for other in names:
                path = path.replace(other, str(uuid4()))
            found.append((route.method, PREFIX + path))
    return found


async def test_no_path_is_a_defect(run_gateway: Any) -> None:
    async with run_gateway(with_events=True) as gateway:
        assert not await defects(gateway)


async def defects(gateway: Any) -> list[Any]:
    """Return every answer that says that something is broken."""
    client, _ = await gateway.owner()
    operator = await gateway.operator()
    anyone = await gateway.client()
    broken = []
    # Each kind of nonsense comes from each of the three on a third of the routes.
    for number, ((method, path), nonsense) in enumerate(product(paths(), NONSENSE)):
        who = (client, operator, anyone)[number % 3]
        body = {"json": {}, "headers": {"Idempotency-Key": str(uuid4())}} if method != "GET" else {}
        answer = await who.request(method, path.replace("\x00", nonsense), **body)
        if answer.status_code >= 500:
            broken.append((method, path, nonsense, answer.status_code))
    return broken


@pytest.mark.parametrize("nonsense", ["%ff", "%c3%28", "%ed%a0%80"])
async def test_a_path_that_is_not_utf_8_is_told_so(gateway: Any, nonsense: str) -> None:
    client, _ = await gateway.owner()
    for path in (f"/v1/sessions/{nonsense}", f"/v1/{nonsense}", f"/{nonsense}", f"/assets/{nonsense}.js"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD"), path
        assert answer.json()["field"] == "path"


async def test_a_query_that_is_not_utf_8_is_told_so(gateway: Any) -> None:
    client, _ = await gateway.owner()
    for query in ("search=%ff", "%ff=1", "state=%ed%a0%80", "page_token=%ff"):
        answer = await client.get(f"/v1/sessions?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD"), query
