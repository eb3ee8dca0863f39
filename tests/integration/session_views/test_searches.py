"""Sessions, catalogue and bag find the same, as the table says: tests/conformance/text/searches.json."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.api.session.v1 import analytics_service_pb2 as board_pb
from showfloor.api.session.v1 import bag_service_pb2 as session_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as catalogue_pb
from showfloor.kernel.refusal import Refusal
from showfloor.session.analytics.edges import product_queries
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_products import ProductLists
from showfloor.session.catalogue.domain.searching import asked_grams, containing, grams, search_key
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.edges.rpc_bag import BagCalls

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "conformance" / "text" / "searches.json").read_text()
)
BAG, SHOP = UUID(int=9_999), str(UUID(int=102))


class Lists:
    """What the three lists find, by the ids of the cases' rows."""

    def __init__(self, world: Any, acting: Callable[..., None]) -> None:
        self._sessions, self._catalogue, self._acting = (
            AnalyticsCalls(world.reads, Policy()),
            ProductLists(world.reads),
            acting,
        )
        self._bag = BagCalls(world.runtime.store, None, Policy(), lambda: world.now)  # type: ignore[arg-type]

    async def sessions(self, query: str) -> set[int]:
        self._acting("ListSessions")
        answer = await self._sessions.ListSessions(board_pb.ListSessionsRequest(query=query, page_size=200), None)
        return {UUID(row.session.session_id).int - 10_000 for row in answer.sessions}

    async def catalogue(self, query: str) -> set[int]:
        self._acting("ListProducts")
        asked = catalogue_pb.ListProductsRequest(shop_id=SHOP, query=query, page_size=200)
        return {UUID(one.product_id).int - 1_000 for one in (await self._catalogue.ListProducts(asked, None)).products}

    async def bag(self, query: str) -> set[int]:
        self._acting("ListBag")
        answer = await self._bag.ListBag(session_pb.ListBagRequest(session_id=str(BAG), query=query), None)
        return {UUID(item.product.product_id).int - 1_000 for item in answer.items}


@pytest.mark.requirement("R26", "R124")
async def test_every_list_finds_what_the_table_says(world: Any, acting: Callable[..., None]) -> None:
    for number, case in enumerate(CASES):
        await world.live(UUID(int=10_000 + number), case["kept"])
        await world.keep(number, case["kept"])
    await world.live(BAG, "\u00a7")
    await world.bag(BAG, *range(len(CASES)))
    await world.settle()
    lists = Lists(world, acting)
    for number, case in enumerate(CASES):
        found = [await search(case["asked"]) for search in (lists.sessions, lists.catalogue, lists.bag)]
        assert [number in rows for rows in found] == [case["found"]] * 3, case["name"]
        assert found[0] <= found[1] == found[2], case["name"]  # these two also look at references


@pytest.mark.requirement("R26")
async def test_catalogue_and_bag_look_at_title_category_and_reference(world: Any, acting: Callable[..., None]) -> None:
    await world.keep(1, "Áo dài", category="Váy")
    await world.keep(2, "Mug", category="İç giyim")
    await world.live(BAG, "Bag")
    await world.bag(BAG, 1, 2)
    await world.settle()
    lists = Lists(world, acting)
    asked = {"VAY": {1}, "ic giyim": {2}, "ＳＫＵ-1": {1}, "dai vay": set(), "": {1, 2}, " \u200d ": {1, 2}}
    for query, rows in asked.items():
        assert (await lists.catalogue(query), await lists.bag(query)) == (rows, rows), query


async def test_the_longest_texts_are_kept_and_found(world: Any, acting: Callable[..., None]) -> None:
    long = "\ufdfa" * 480
    await world.keep(1, long, category=long[:240])
    await world.keep(2, "".join(chr(0x20000 + 7 * at % 40_000) for at in range(120)))
    await world.live(UUID(int=10_001), long)
    await world.settle()
    lists = Lists(world, acting)
    assert (await lists.sessions("\ufdfa" * 100), await lists.catalogue("\ufdfa" * 100)) == ({1}, {1})
    for search in (lists.sessions, lists.catalogue, lists.bag):
        with pytest.raises(Refusal) as refused:
            await search("x" * 101)
        assert refused.value.metadata["field"] == "query"


@pytest.mark.requirement("R26")
async def test_a_large_catalogue_is_searched_by_the_index(world: Any) -> None:
    shop, database = UUID(SHOP), world.runtime.database
    keys = [search_key(f"Váy {number * 7919} lụa", "home", f"sku-{number}") for number in range(3_000)]
    rows = (
        "INSERT INTO product_row SELECT gen_random_uuid(), %s, 'r', 't', 'c', 1, 'USD', 0, '', false, '', '', NULL,"
        " NULL, '', NULL, 0, false, 1, now(), v.key, v.key, v.grams::integer[]"
        " FROM unnest(%s::text[], %s::text[]) AS v (key, grams)"
    )
    made = ["{" + ",".join(map(str, grams(shop, key))) + "}" for key in keys]
    async with database.transaction() as connection:
        await connection.execute(rows, (shop, keys, made))
        await connection.execute("ANALYZE product_row")
    found = {}
    for query in ("SKU-2718", "lua", "y"):
        wanted = product_queries.WantedProducts(shop_id=shop, query=query)
        assert len(await product_queries.list_products(database, wanted)) == (1 if query == "SKU-2718" else 50)
        asked = {"pattern": containing(query), "grams": asked_grams(shop, query)}
        plan = await database.search(
            f"EXPLAIN {product_queries.listing('title', descending=False)}",
            msgspec.structs.asdict(wanted) | asked,
            into=lambda **row: row["QUERY PLAN"],
        )
        found[query] = "product_row_grams" in " ".join(plan)
        assert "Seq Scan" not in " ".join(plan)
    assert found["SKU-2718"]  # one of many
    assert not found["y"]  # on every page of the list: the order's own index ends sooner
