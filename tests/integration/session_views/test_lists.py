"""The lists: pages that stay put, filters, scope, and no query per row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.access.actor import Role
from showfloor.api.session.v1 import activity_service_pb2 as activity_pb
from showfloor.api.session.v1 import analytics_service_pb2 as board_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as catalogue_pb
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, product_pb2, session_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.eventstore.query import Database
from showfloor.kernel.refusal import Refusal
from showfloor.session.activity.edges import comment_queries, order_queries
from showfloor.session.activity.edges.rpc_activity import ActivityCalls
from showfloor.session.activity.edges.rpc_comments import CommentCalls
from showfloor.session.activity.edges.rpc_orders import OrderCalls
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_products import ProductLists
from showfloor.session.catalogue.edges.catalogue_queries import CatalogueOffers
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION as SESSION_DECIDER
from showfloor.session.show.domain.session_events import AddedToBag, ProductPinned
from showfloor.testing.members import somebody

SESSION = UUID(int=1)
TITLES = ["Spring Sale", "STRASSE 20%", "spring again", "Autumn", "春の配信"]


async def some_sessions(world: Any) -> None:
    """Five sessions, the last the newest; and one of another account."""
    for number, title in enumerate(TITLES):
        start = world.now + timedelta(hours=number)
        await world.live(UUID(int=10 + number), title, start)
    await world.live(UUID(int=99), "Spring elsewhere", account=UUID(int=103))
    world.now += timedelta(days=1)
    await world.settle()


async def listed(world: Any, **asked: Any) -> board_pb.ListSessionsResponse:
    return await AnalyticsCalls(world.reads, Policy()).ListSessions(board_pb.ListSessionsRequest(**asked), None)


def titles(answer: board_pb.ListSessionsResponse) -> list[str]:
    return [row.session.title for row in answer.sessions]


@pytest.mark.requirement("R122", "R124")
async def test_search_range_states_and_scope(world: Any, acting: Callable[..., None]) -> None:
    await some_sessions(world)
    acting("ListSessions")
    assert titles(await listed(world)) == TITLES[::-1]
    assert titles(await listed(world, query="SPRING")) == ["spring again", "Spring Sale"]
    assert titles(await listed(world, query="straße 20%")) == ["STRASSE 20%"]
    assert titles(await listed(world, query="%")) == ["STRASSE 20%"]
    assert titles(await listed(world, query="配信")) == ["春の配信"]
    assert titles(await listed(world, states=[session_pb2.SESSION_STATE_ENDED])) == []
    request = board_pb.ListSessionsRequest()
    request.start_from.FromDatetime(world.now - timedelta(days=1) + timedelta(hours=1))
    request.start_until.FromDatetime(world.now - timedelta(days=1) + timedelta(hours=3))
    assert titles(await AnalyticsCalls(world.reads, Policy()).ListSessions(request, None)) == [
        "spring again",
        "STRASSE 20%",
    ]
    assert titles(await listed(world, account_ids=[str(UUID(int=103))])) == []
    acting("ListSessions", world.stranger)
    assert titles(await listed(world)) == ["Spring elsewhere"]
    acting("ListSessions", somebody("user:shop", shops={str(UUID(int=104)): Role.STAFF}))
    assert titles(await listed(world)) == ["Spring elsewhere"]


async def test_a_row_shows_bag_and_pin_like_the_session_itself(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    base = world.owner(SESSION) | {"currency": "USD"}
    bag = (UUID(int=5), UUID(int=6))
    added = AddedToBag(at=world.now, source="set", product_ids=bag, bag=bag, **base)
    await world.write(SESSION_DECIDER, SESSION, added)
    await world.write(SESSION_DECIDER, SESSION, ProductPinned(at=world.now, product_id=bag[1], **base))
    await world.settle()
    acting("ListSessions")
    (row,) = (await listed(world)).sessions
    assert (row.session.bag_size, row.session.pinned_product_id) == (2, str(bag[1]))


@pytest.mark.requirement("R123")
async def test_chosen_columns_in_the_order_asked(world: Any, acting: Callable[..., None]) -> None:
    await some_sessions(world)
    await world.order(UUID(int=10), 1, 700, "anna", [(1, 2, 500)])
    await world.settle()
    acting("ListSessions")
    answer = await listed(world, metrics=["units_sold", "gmv", "pcu"], query="spring sale")
    found = [(r.metric, r.value if r.HasField("value") else r.missing) for r in answer.sessions[0].readings]
    assert found == [("units_sold", 2), ("gmv", 1_000), ("pcu", "not_yet")]
    plain = (await listed(world)).sessions[0]
    assert [r.metric for r in plain.readings] == ["gmv", "direct_gmv", "ctr", "ctor", "units_sold"]
    with pytest.raises(Refusal) as refused:
        await listed(world, metrics=["nonsense"])
    assert refused.value.reason == "UNKNOWN_METRIC"


async def test_pages_stay_put_while_sessions_are_opened(world: Any, acting: Callable[..., None]) -> None:
    await some_sessions(world)
    acting("ListSessions")
    first = await listed(world, page_size=2)
    await world.live(UUID(int=50), "New", world.now)
    await world.settle()
    second = await listed(world, page_size=2, page_token=first.next_page_token)
    third = await listed(world, page_size=2, page_token=second.next_page_token)
    assert titles(first) + titles(second) + titles(third) == TITLES[::-1]
    assert third.next_page_token == ""
    for changed in ({"query": "x"}, {"states": [session_pb2.SESSION_STATE_LIVE]}):
        with pytest.raises(Refusal) as refused:
            await listed(world, page_token=first.next_page_token, **changed)
        assert refused.value.metadata["field"] == "page_token"
    with pytest.raises(Refusal):
        await listed(world, page_size=201)


async def test_the_number_of_queries_does_not_grow(
    world: Any, acting: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_sessions(world)
    acting("ListSessions")
    await listed(world)  # from now on it is remembered whose sessions they may see
    asked: list[str] = []
    fetch = Database.fetch

    async def counting(self: Database, sql: str, *args: Any, **more: Any) -> Any:
        asked.append(sql)
        return await fetch(self, sql, *args, **more)

    monkeypatch.setattr(Database, "fetch", counting)
    counts = []
    for size in (1, 5):
        asked.clear()
        answer = await listed(world, page_size=size, metrics=["gmv", "pcu", "unique_viewers", "ctr", "buyers"])
        assert len(answer.sessions) == size
        counts.append(len(asked))
    assert counts == [2, 2]


@pytest.mark.requirement("R21", "R83")
async def test_comments_in_two_streams_with_replies_and_pin(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    general = [await world.comment(SESSION, number, number, viewer_ref=f"v{number}") for number in range(3)]
    about = await world.comment(SESSION, 9, 9, product_id=UUID(int=1_001))
    reply = await world.comment(SESSION, 10, 10, from_host=True, viewer_ref="", reply_to=about)
    await world.names.keep(UUID(int=101), {"v1": "Anna", "v2": "Bo"})
    await world.settle()
    acting("ListComments")
    calls = CommentCalls(world.runtime, world.names, Policy(), lambda: world.now)

    async def ids(**more: Any) -> list[UUID]:
        answer = await calls.ListComments(comment_pb.ListCommentsRequest(session_id=str(SESSION), **more), None)
        return [UUID(one.comment_id) for one in answer.comments]

    assert await ids() == [reply, about, *general[::-1]]
    assert await ids(kind=comment_pb.COMMENT_KIND_PRODUCT) == [about]
    assert await ids(kind=comment_pb.COMMENT_KIND_GENERAL) == [reply, *general[::-1]]
    assert await ids(product_id=str(UUID(int=1_001))) == [about]
    page = await calls.ListComments(comment_pb.ListCommentsRequest(session_id=str(SESSION), page_size=2), None)
    rest = await calls.ListComments(
        comment_pb.ListCommentsRequest(session_id=str(SESSION), page_size=200, page_token=page.next_page_token), None
    )
    assert [one.author_name for one in [*page.comments, *rest.comments]] == ["host", "Anna", "Bo", "Anna", "viewer"]
    acting("ExportComments")
    exported = [
        one.text
        async for part in calls.ExportComments(comment_pb.ExportCommentsRequest(session_id=str(SESSION)), None)
        for one in part.comments
    ]
    assert exported == [f"comment {n}" for n in (0, 1, 2, 9, 10)]


@pytest.mark.requirement("R4")
async def test_an_export_ends_with_the_right_to_it(
    world: Any, acting: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comment_queries, "EXPORT_PAGE", 2)
    await world.live(SESSION)
    for number in range(4):
        await world.comment(SESSION, number, number)
    await world.settle()
    acting("ExportComments")
    calls = CommentCalls(world.runtime, world.names, Policy(), lambda: world.now)
    parts = calls.ExportComments(comment_pb.ExportCommentsRequest(session_id=str(SESSION)), None)
    assert len((await anext(parts)).comments) == 2
    acting("ExportComments", world.stranger)
    with pytest.raises(Refusal) as refused:
        await anext(parts)
    assert refused.value.reason == "SESSION_NOT_FOUND"


@pytest.mark.requirement("R85", "R89")
async def test_the_feed_by_kind_and_direction(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    await world.comment(SESSION, 1, 1)
    await world.order(SESSION, 1, 2, "anna", [(1, 2, 500)])
    await world.follow(SESSION, 1, 3)
    await world.gift(SESSION, 1, 4, 5)
    await world.settle()
    acting("ListActivity")
    calls = ActivityCalls(world.runtime, world.names, Policy(), lambda: world.now)

    async def lines(**more: Any) -> activity_pb.ListActivityResponse:
        return await calls.ListActivity(activity_pb.ListActivityRequest(session_id=str(SESSION), **more), None)

    everything = await lines()
    assert [(one.kind, one.state, one.summary) for one in everything.activities] == [
        ("comment", "", "comment 1"),
        ("order", "placed", "Product 1 x 2"),
        ("order", "paid", "Product 1 x 2"),
        ("follow", "", ""),
        ("gift", "", "rose x 5"),
    ]
    assert everything.activities[1].amount.minor == 1_000
    assert [one.kind for one in (await lines(kinds=["gift", "follow"])).activities] == ["follow", "gift"]
    newest = await lines(newest_first=True, page_size=2)
    assert ([one.kind for one in newest.activities], newest.more) == (["gift", "follow"], True)
    older = await lines(newest_first=True, before_position=newest.activities[-1].position)
    assert ([one.kind for one in older.activities], older.more) == (["order", "order", "comment"], False)
    after = await lines(after_position=everything.activities[2].position)
    assert [one.kind for one in after.activities] == ["follow", "gift"]
    with pytest.raises(Refusal) as refused:
        await lines(kinds=["comment", "rumour"])
    assert refused.value.metadata["field"] == "kinds[1]"
    acting("ListOrders")
    orders = OrderCalls(world.runtime, world.names, Policy(), lambda: world.now)
    answer = await orders.ListOrders(order_pb.ListOrdersRequest(session_id=str(SESSION)), None)
    order = answer.orders[0]
    assert (order.state, order.total.minor, order.first_time_buyer) == (order_pb2.ORDER_STATE_PAID, 1_000, True)
    assert order.items[0].quantity == 2
    placed = order_pb.ListOrdersRequest(session_id=str(SESSION), state=order_pb2.ORDER_STATE_PLACED)
    assert not (await orders.ListOrders(placed, None)).orders


@pytest.mark.requirement("R26", "R31", "R35")
async def test_products_by_title_with_filters(world: Any, acting: Callable[..., None]) -> None:
    await world.keep(1, "Zebra mug", in_showcase=True, link="https://x.example/z")
    await world.keep(2, "apple bowl", label="new", collab_invite="inv-2")
    await world.keep(3, "Apple knife", category="kitchen", link="https://x.example/z")
    await world.settle()
    acting("ListProducts")
    calls = ProductLists(world.reads)

    async def found(**more: Any) -> list[str]:
        answer = await calls.ListProducts(catalogue_pb.ListProductsRequest(shop_id=str(UUID(int=102)), **more), None)
        return [one.title for one in answer.products]

    assert await found() == ["apple bowl", "Apple knife", "Zebra mug"]
    assert await found(query="APPLE") == ["apple bowl", "Apple knife"]
    assert await found(query="sku-3") == ["Apple knife"]
    assert await found(category="kitchen") == ["Apple knife"]
    assert await found(label=product_pb2.RECOMMENDATION_LABEL_NEW) == ["apple bowl"]
    assert await found(showcase_only=True) == ["Zebra mug"]
    first = await calls.ListProducts(catalogue_pb.ListProductsRequest(shop_id=str(UUID(int=102)), page_size=1), None)
    assert await found(page_size=2, page_token=first.next_page_token) == ["Apple knife", "Zebra mug"]
    offers = CatalogueOffers(world.runtime.database)
    assert await offers.by_link(["https://x.example/z", "https://none"]) == {"https://x.example/z": UUID(int=1_001)}
    assert await offers.by_invite(["inv-2"]) == {"inv-2": UUID(int=1_002)}


async def test_a_position_past_the_logs_end_is_refused_at_once(world: Any, acting: Callable[..., None]) -> None:
    acting("ListSessions")
    with pytest.raises(Refusal) as refused:
        await listed(world, min_position=2**62)
    assert (refused.value.reason, refused.value.metadata) == ("INVALID_FIELD", {"field": "min_position"})


async def test_a_page_of_orders_reads_no_more_buyers_than_it_shows(world: Any) -> None:
    await world.live(SESSION)
    await world.settle()
    async with world.runtime.database.transaction() as connection:
        for table in (
            "order_row SELECT gen_random_uuid(), n, %(id)s, %(id)s, 'r', 'v' || n, 'USD', '[]', 1, 1, true, now(),"
            " 'paid', now(), 0, NULL, '', false",
            "account_buyer SELECT %(id)s, 'v' || n, %(id)s, gen_random_uuid(), now()",
        ):
            rows = f"INSERT INTO {table} FROM generate_series(1, 20000) n"
            await connection.execute(rows, {"id": SESSION})
        await connection.execute("ANALYZE")
    params = {"session_id": SESSION, "state": "", "before": None, "limit": 51}
    plan = await world.runtime.database.fetch(f"EXPLAIN {order_queries._LIST}", params)
    assert not [line for row in plan if "Seq Scan" in (line := row["QUERY PLAN"])]
    page = await order_queries.list_orders(world.runtime.database, SESSION, limit=2)
    assert [row.position for row in page] == [20_000, 19_999]


@pytest.mark.requirement("R122", "R124")
async def test_sessions_are_sorted_counted_and_exported(world: Any, acting: Callable[..., None]) -> None:
    for number, (gmv, minutes) in enumerate(((500, 30), (9_900, 10), (500, 20))):
        session, start = UUID(int=10 + number), world.now + timedelta(hours=number)
        await world.live(session, f"LIVE {number}", start)
        await world.order(session, 1, 60, "anna", [(1, 1, gmv)])
        await world.end(session, start + timedelta(minutes=minutes))
    await world.live(UUID(int=13), "On air", world.now + timedelta(hours=9))
    await world.imported(UUID(int=20), gmv_minor=700, units_sold=9)
    await world.imported(UUID(int=21))
    await world.live(UUID(int=99), "Elsewhere", account=UUID(int=103))
    world.now += timedelta(days=1)
    await world.settle()
    acting("ListSessions")
    sort = board_pb.SessionSort

    async def ids(by: Any, *, ascending: bool = False) -> list[int]:
        found, token = [], ""
        while True:
            answer = await listed(world, sort=by, ascending=ascending, page_size=2, page_token=token, with_total=True)
            assert answer.total_size == 6
            found += [UUID(row.session.session_id).int for row in answer.sessions]
            token = answer.next_page_token
            if not token:
                return found

    assert await ids(sort.SESSION_SORT_GMV) == [11, 20, 12, 10, 13, 21]  # what is not known comes last
    assert await ids(sort.SESSION_SORT_GMV, ascending=True) == [13, 10, 12, 20, 11, 21]
    assert (await ids(sort.SESSION_SORT_UNITS_SOLD))[0] == 20
    own = [one for one in await ids(sort.SESSION_SORT_DURATION) if one < 20]
    assert own == [10, 12, 11, 13]  # one on air has no duration yet
    assert await ids(sort.SESSION_SORT_START) == (await ids(sort.SESSION_SORT_START, ascending=True))[::-1]
    assert (await listed(world, query="LIVE", with_total=True)).total_size == 3
    assert not (await listed(world)).HasField("total_size")
    with pytest.raises(Refusal):
        await listed(world, sort=9)

    acting("ExportSessions")
    request = board_pb.ExportSessionsRequest(sort=sort.SESSION_SORT_GMV, metrics=["units_sold"], query="LIVE")
    calls = AnalyticsCalls(world.reads, Policy())
    (part,) = [one async for one in calls.ExportSessions(request, None)]
    assert list(part.metrics) == ["units_sold"]
    assert [row.session.title for row in part.sessions] == ["LIVE 1", "LIVE 2", "LIVE 0"]
    assert [row.readings[0].value for row in part.sessions] == [1, 1, 1]
