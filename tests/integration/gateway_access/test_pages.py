"""Lists of the directory come in pages, and a page of many touches no more rows than one of few."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from principals_cast import Cast, give, made, refused

from showfloor.gateway.directory.edges import lists
from showfloor.kernel.personal import Whose

MANY = 20_000


async def pages(client: Any, path: str, field: str, size: int, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        params = {**query, "page_size": size, **({"page_token": token} if token else {})}
        answer = await client.get(f"/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()[field]) <= size
        found += answer.json()[field]
        token = answer.json()["next_page_token"]
        if not token:
            return found


async def bound(cast: Cast, shop: str, owner: Any) -> str:
    offer = await made(cast.pat, "POST", f"/partners/{cast.partner}/shops", shop_id=shop)
    await made(owner, "POST", f"/bindings/{offer['binding_id']}/accept")
    return str(offer["binding_id"])


async def test_every_list_of_the_directory_comes_in_pages(cast: Cast) -> None:
    shops = [cast.shop] + [
        (await made(cast.sam, "POST", "/shops", name=f"Shop {n}", currency="EUR"))["shop_id"] for n in range(4)
    ]
    bindings = [await bound(cast, shop, cast.sam) for shop in shops]
    accounts = [(await made(cast.sam, "POST", "/accounts", name="A", shop_id=shop))["account_id"] for shop in shops]
    creators = [(await made(cast.sam, "POST", "/creators", name="C", shop_id=shop))["creator_id"] for shop in shops]
    for n in range(4):
        named = {"name": f"Agency {n}", "owner_user_id": cast.ids["pat"]}
        await made(cast.operator, "POST", "/partners", **named)
    for client in (cast.sam, cast.operator):
        got = await pages(client, "/shops", "shops", 2)
        assert [one["name"] for one in got] == [*(f"Shop {n}" for n in range(4)), "Tea"]
        assert [one["account_id"] for one in await pages(client, "/accounts", "accounts", 2)] == accounts
        assert [one["binding_id"] for one in await pages(client, "/bindings", "bindings", 2)] == bindings[::-1]
    assert [one["creator_id"] for one in await pages(cast.sam, "/creators", "creators", 2)] == creators
    for client in (cast.pat, cast.operator):
        assert len(await pages(client, "/partners", "partners", 2)) == 5
    path = f"/partners/{cast.partner}/accounts"
    assert [one["account_id"] for one in await pages(cast.pat, path, "accounts", 2)] == accounts
    await made(cast.pat, "DELETE", f"/bindings/{bindings[0]}")
    assert [one["account_id"] for one in await pages(cast.pat, path, "accounts", 2)] == accounts[1:]
    people = await pages(cast.sam, f"/shops/{cast.shop}/members", "members", 1)
    assert [one["name"] for one in people] == ["Ana"]
    token = (await cast.sam.get("/v1/shops", params={"page_size": 1})).json()["next_page_token"]
    await refused(cast.sam, "GET", f"/accounts?page_token={token}", "INVALID_FIELD")


async def test_a_search_goes_on_where_the_page_before_stopped(cast: Cast) -> None:
    names = ["Green tea", "Mugs", "Black tea", "Cups", "White TEA"]
    ids = [(await made(cast.sam, "POST", "/accounts", name=name, shop_id=cast.shop))["account_id"] for name in names]
    found = await pages(cast.sam, "/accounts", "accounts", 1, query="tea")
    assert [one["account_id"] for one in found] == ids[::2]


async def test_who_was_granted_a_look_finds_the_account(cast: Cast) -> None:
    account = (await made(cast.sam, "POST", "/accounts", name="Tea", shop_id=cast.shop))["account_id"]
    binding = await bound(cast, cast.shop, cast.sam)
    await give(cast.sam, account, user_id=cast.ids["cleo"])
    await give(cast.sam, account, scope="moderate", partner_id=cast.partner)
    for client, role in ((cast.cleo, "reader"), (cast.pat, "moderator")):
        (row,) = await pages(client, "/accounts", "accounts", 2)
        assert (row["account_id"], row["role"]) == (account, role)
    await made(cast.sam, "DELETE", f"/bindings/{binding}")
    assert await pages(cast.pat, "/accounts", "accounts", 2) == []


def rows_touched(plan: dict[str, Any]) -> Iterator[float]:
    """Yield how many rows each step of a plan read, also those that it did not keep."""
    dropped = sum(plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Join Filter", "Index Recheck"))
    yield (plan["Actual Rows"] + dropped) * plan["Actual Loops"]
    for inner in plan.get("Plans", ()):
        yield from rows_touched(inner)


@pytest.fixture
async def many(cast: Cast) -> Cast:
    """MANY accounts of a shop that is bound to the agency, and MANY bindings of the agency."""
    await bound(cast, cast.shop, cast.sam)
    runtime = cast.replica.access.runtime
    (name,) = await runtime.sealing.seal([(Whose("account", ""), "Account")])
    numbered = f"SELECT now() - x * interval '1 s' AS at, uuidv7() AS id FROM generate_series(1, {MANY}) x"
    accounts = f"""WITH n AS ({numbered}), a AS (
        INSERT INTO account SELECT id, %(shop)s::uuid, %(name)s, 'official', NULL, '', at FROM n
        RETURNING account_id, added_at)
        INSERT INTO partner_account SELECT %(partner)s::uuid, added_at, account_id FROM a RETURNING 1"""
    bindings = f"""INSERT INTO binding
        SELECT id, %(partner)s::uuid, uuidv7(), NULL, 'partner', 'active', at, true FROM ({numbered}) n RETURNING 1"""
    values = {"shop": cast.shop, "name": name, "partner": cast.partner}
    await runtime.database.fetch(accounts, values)
    await runtime.database.fetch(bindings, values)
    return cast


async def test_a_page_of_very_many_touches_few_rows(many: Cast) -> None:
    runtime, page = many.replica.access.runtime, {"limit": 51}
    (last,) = await runtime.database.fetch("SELECT added_at, account_id FROM account ORDER BY 1 OFFSET 15000 LIMIT 1")
    deep = {"after_added_at": last["added_at"], "after_account_id": last["account_id"]}
    before = {"after_offered_time": last["added_at"], "after_binding_id": UUID(int=1)}
    now = {"now": "2026-01-01", "shop": None}
    asks = [
        (lists._BOUND, {"partner": many.partner, **deep}),
        (lists._ACCOUNTS, {"user": many.ids["sam"], **now, **deep}),
        (lists._ALL_ACCOUNTS, {"user": None, **now, **deep}),
        (lists._BINDINGS, {"user": many.ids["pat"], **before}),
    ]
    for sql, values in asks:
        (row,) = await runtime.database.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", {**values, **page})
        plan = row["QUERY PLAN"][0]["Plan"]
        assert plan["Actual Rows"] == 51
        assert max(rows_touched(plan)) <= 4 * 51, sql
