"""The list of a shop's products: every order and filter, counted exactly, with what was sold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.kernel.refusal import Refusal
from showfloor.session.analytics.edges.rpc_products import ProductLists
from showfloor.session.catalogue.domain.product import PRODUCT, ProductArchived

SHOP, ONE, TWO = UUID(int=102), UUID(int=71), UUID(int=72)
BY = {
    "title": pb.PRODUCT_ORDER_TITLE, "price": pb.PRODUCT_ORDER_PRICE, "stock": pb.PRODUCT_ORDER_STOCK,
    "created": pb.PRODUCT_ORDER_CREATE_TIME, "sold": pb.PRODUCT_ORDER_UNITS_SOLD,
}  # fmt: skip


@pytest.fixture
def lists(world: Any, acting: Callable[..., None]) -> Callable[..., Any]:
    """Asks for all pages of a list; returns the numbers of the products, and the answers."""
    calls = ProductLists(world.reads)
    acting("ListProducts")

    async def ask(size: int = 2, **more: Any) -> tuple[list[int], list[pb.ListProductsResponse]]:
        found: list[int] = []
        pages: list[pb.ListProductsResponse] = []
        token = ""
        while not pages or token:
            request = pb.ListProductsRequest(shop_id=str(SHOP), page_size=size, page_token=token, **more)
            pages.append(await calls.ListProducts(request, None))
            token = pages[-1].next_page_token
            found += [UUID(one.product_id).int - 1_000 for one in pages[-1].products]
        return found, pages

    return ask


async def shop(world: Any) -> None:
    """Five products, one of them archived, and what two LIVEs sold of them."""
    for number, (title, minor, stock) in enumerate(
        [("Đèn", 500, 3), ("Bowl", 100, None), ("cup", 300, 0), ("Ash", 300, 7)]
    ):
        await world.keep(number, title, price_minor=minor, stock=stock, category="home" if number else "light")
    await world.keep(4, "Aged")
    named: dict[str, Any] = {"product_id": UUID(int=1_004), "shop_id": SHOP}
    await world.write(PRODUCT, UUID(int=1_004), ProductArchived(at=world.now + timedelta(days=1), **named))
    await world.live(ONE)
    await world.live(TWO)
    await world.order(ONE, 1, 5, "v1", [(0, 2, 500), (3, 1, 300)])
    await world.order(TWO, 1, 5, "v1", [(3, 4, 300)])
    await world.order(TWO, 2, 6, "v2", [(2, 1, 300)])
    await world.settle()


async def test_every_order_goes_through_all_pages(world: Any, lists: Callable[..., Any]) -> None:
    await shop(world)
    expected = {"title": [3, 1, 2, 0], "price": [1, 2, 3, 0], "stock": [2, 0, 3, 1], "sold": [1, 2, 0, 3]}
    for name, numbers in expected.items():
        found, pages = await lists(order=BY[name])
        back, _ = await lists(order=BY[name], descending=True)
        assert (found, back) == (numbers, numbers[::-1])
        assert [page.total_count for page in pages] == [4, 4]
    assert sorted((await lists(order=BY["created"], descending=True))[0]) == [0, 1, 2, 3]
    assert (await lists())[0] == expected["title"]


async def test_units_sold_are_those_of_all_lives(world: Any, lists: Callable[..., Any]) -> None:
    await shop(world)
    _, pages = await lists(size=10)
    sold = {UUID(one.product_id).int - 1_000: one.units_sold for one in pages[0].products}
    assert sold == {0: 2, 1: 0, 2: 1, 3: 5}
    stock = {UUID(one.product_id).int - 1_000: one.HasField("stock") and one.stock for one in pages[0].products}
    assert stock == {0: 3, 1: False, 2: 0, 3: 7}


async def test_filters_count_what_they_leave(world: Any, lists: Callable[..., Any]) -> None:
    await shop(world)
    for asked, numbers in (
        ({"in_stock_only": True}, [3, 1, 0]),
        ({"archived": True}, [4]),
        ({"category": "light"}, [0]),
        ({"query": "en"}, [0]),
        ({"query": "a", "archived": True}, [4]),
        ({"query": "nothing of the kind"}, []),
    ):
        found, pages = await lists(**asked)
        assert (found, pages[0].total_count) == (numbers, len(numbers)), asked


async def test_a_page_of_another_order_is_refused(world: Any, lists: Callable[..., Any]) -> None:
    await shop(world)
    _, pages = await lists()
    with pytest.raises(Refusal, match="page_token"):
        calls = ProductLists(world.reads)
        token = pages[0].next_page_token
        asked = pb.ListProductsRequest(shop_id=str(SHOP), page_token=token, order=BY["price"])
        await calls.ListProducts(asked, None)


async def test_a_page_asks_twice_however_long_it_is(
    world: Any, lists: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop(world)
    asked: list[str] = []
    search = type(world.reads.database).search

    async def counting(self: Any, sql: str, *more: Any, **named: Any) -> Any:
        asked.append(sql)
        return await search(self, sql, *more, **named)

    monkeypatch.setattr(type(world.reads.database), "search", counting)
    await lists(size=100)
    assert len(asked) == 2
