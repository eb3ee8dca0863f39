"""Daily totals (D6, D9), and what is left of a session whose details have expired."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.kernel.refusal import Refusal
from showfloor.session.activity.edges.rpc_activity import ActivityCalls
from showfloor.session.activity.edges.rpc_comments import CommentCalls
from showfloor.session.activity.edges.rpc_orders import OrderCalls
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy

ONE, TWO, THREE, FOUR = (UUID(int=at) for at in range(1, 5))
EVE = datetime(2026, 3, 2, 7, 59, tzinfo=UTC)  # a minute before 2 March of UTC-8
DETAILS = ("comment_row", "activity", "order_row", "fact_minute", "fact_total", "fact_product", "featured",
           "session_buyer", "session_buyer_count")  # fmt: skip


def sums(day: Any) -> dict[str, float | str]:
    return {one.metric: one.value if one.HasField("value") else one.missing for one in day.readings}


async def days(world: Any, **asked: Any) -> Any:
    return await AnalyticsCalls(world.reads, Policy()).ListDailyTotals(
        analytics_pb.ListDailyTotalsRequest(**asked), None
    )


async def three_sessions(world: Any) -> None:
    """Two on 1 March, of which one crosses midnight; one on the 2nd."""
    await world.live(ONE)
    await world.live(TWO, start=EVE)
    await world.live(THREE, start=EVE + timedelta(minutes=1))
    await world.end(TWO, EVE + timedelta(hours=3))
    await world.reported(ONE, gmv=1_000, orders=2, units_sold=3, views=None, comments=4, likes=5)
    await world.reported(TWO, gmv=500, orders=1, units_sold=1, views=70, comments=0, likes=None)
    await world.reported(THREE, gmv=1, orders=1, units_sold=1, views=1)
    await world.settle()


@pytest.mark.requirement("D6", "D9", "D14")
async def test_sessions_count_for_the_day_of_their_start(world: Any, acting: Callable[..., None]) -> None:
    await three_sessions(world)
    acting("ListDailyTotals")
    second, first = (await days(world)).days
    assert (first.day, first.sessions, second.day, second.sessions) == ("2026-03-01", 2, "2026-03-02", 1)
    assert sums(first) == {
        "gmv": 1_500, "orders": 3, "units_sold": 4, "views": 70, "likes": 5, "comments": 4,
        "gifts": "not_known", "new_followers": "not_known",
    }  # fmt: skip
    assert next(one.currency for one in first.readings if one.metric == "gmv") == "USD"
    assert UUID(first.account_id).int == 101


@pytest.mark.requirement("D9")
async def test_days_are_chosen_and_come_in_pages(world: Any, acting: Callable[..., None]) -> None:
    await three_sessions(world)
    acting("ListDailyTotals")
    assert [one.day for one in (await days(world, from_day="2026-03-02")).days] == ["2026-03-02"]
    assert [one.day for one in (await days(world, until_day="2026-03-02")).days] == ["2026-03-01"]
    assert not (await days(world, account_ids=[str(UUID(int=999))])).days
    page = await days(world, page_size=1)
    rest = await days(world, page_size=1, page_token=page.next_page_token)
    assert [one.day for one in (*page.days, *rest.days)] == ["2026-03-02", "2026-03-01"]
    assert not rest.next_page_token
    for bad in ("2026-3-2", "2026-02-30", "today"):
        with pytest.raises(Refusal) as refused:
            await days(world, from_day=bad)
        assert refused.value.metadata["field"] == "from_day"
    acting("ListDailyTotals", world.stranger)
    assert not (await days(world)).days


@pytest.mark.requirement("R151")
async def test_demonstrations_are_never_added_to_real_sessions(world: Any, acting: Callable[..., None]) -> None:
    await world.live(ONE)
    await world.live(FOUR, simulated=True)
    for session in (ONE, FOUR):
        await world.reported(session, gmv=session.int)
    await world.settle()
    acting("ListDailyTotals")
    assert [(one.simulated, sums(one)["gmv"]) for one in (await days(world)).days] == [(True, 4), (False, 1)]


@pytest.mark.requirement("D9")
async def test_only_the_day_is_left_of_an_expired_session(world: Any, acting: Callable[..., None]) -> None:
    for session in (ONE, TWO):
        await world.live(session)
        await world.bag(session, 1)
        await world.order(session, 1, 30, "anna", [(1, 2, 500)])
        await world.comment(session, 1, 40)
        await world.end(session, world.now)
        await world.reported(session, gmv=1_000)
    await world.expire(ONE)
    await world.settle()
    for table in DETAILS:
        rows = await world.runtime.database.fetch(f"SELECT DISTINCT session_id FROM {table}")
        assert [row["session_id"] for row in rows] == [TWO], table
    acting("ListSessions")
    asked = analytics_pb.ListSessionsRequest(metrics=["gmv", "ctr", "duration"])
    listed = (await AnalyticsCalls(world.reads, Policy()).ListSessions(asked, None)).sessions
    shown = {UUID(row.session.session_id): sums(row) for row in listed}
    assert shown[ONE] == {"gmv": "expired", "ctr": "expired", "duration": "expired"}
    assert shown[TWO]["gmv"] == 1_000
    acting("ListDailyTotals")
    (day,) = (await days(world)).days
    assert (day.sessions, sums(day)["gmv"]) == (2, 2_000)
    acting("CompareSession")
    compared = await AnalyticsCalls(world.reads, Policy()).CompareSession(
        analytics_pb.CompareSessionRequest(session_id=str(TWO)), None
    )
    assert compared.sessions == 0
    rows = await world.runtime.database.fetch("SELECT session_id FROM account_buyer")
    assert [row["session_id"] for row in rows] == [ONE]  # whoever bought before is no first-time buyer later


@pytest.mark.requirement("D9")
@pytest.mark.parametrize(
    ("method", "request_type", "more"),
    [
        ("GetBoard", pb.GetBoardRequest, {}),
        ("GetTrend", pb.GetTrendRequest, {"metrics": ["gmv"]}),
        ("ListProductAnalytics", pb.ListProductAnalyticsRequest, {}),
        ("GetAudience", pb.GetAudienceRequest, {}),
        ("CompareSession", analytics_pb.CompareSessionRequest, {}),
        ("GetRecap", analytics_pb.GetRecapRequest, {}),
        ("ListComments", comment_pb.ListCommentsRequest, {}),
        ("ExportComments", comment_pb.ExportCommentsRequest, {}),
        ("ListOrders", order_pb.ListOrdersRequest, {}),
        ("ListActivity", act.ListActivityRequest, {}),
    ],
)
async def test_reads_of_expired_details_are_refused(
    world: Any, acting: Callable[..., None], method: str, request_type: Any, more: dict[str, Any]
) -> None:
    await world.live(ONE)
    await world.end(ONE, world.now)
    await world.expire(ONE)
    await world.settle()
    calls = (ActivityCalls, CommentCalls, OrderCalls)
    lists = (one(world.runtime, world.names, Policy(), lambda: world.now) for one in calls)
    parts = (BoardCalls(world.reads, Policy()), AnalyticsCalls(world.reads, Policy()), *lists)
    call = next(getattr(part, method) for part in parts if hasattr(part, method))
    request = request_type(session_id=str(ONE), **more)

    async def ask() -> None:
        answer = call(request, None)
        await (anext(answer) if method == "ExportComments" else answer)

    acting(method)
    with pytest.raises(Refusal) as refused:
        await ask()
    assert refused.value.reason == "DETAIL_EXPIRED"
    acting(method, world.stranger)
    with pytest.raises(Refusal) as foreign:
        await ask()
    assert foreign.value.reason == "SESSION_NOT_FOUND"


@pytest.mark.requirement("D6", "D13")
async def test_imported_history_is_in_the_totals_when_asked_for(world: Any, acting: Callable[..., None]) -> None:
    await three_sessions(world)
    await world.imported(UUID(int=20), gmv_minor=700, units_sold=9, views=30)
    await world.imported(UUID(int=21), gmv_minor=50)
    await world.settle()
    acting("ListDailyTotals")
    assert [one.imported_sessions for one in (await days(world)).days] == [0, 0]
    *reported, past = (await days(world, with_imported=True)).days
    assert [(one.sessions, one.imported_sessions) for one in reported] == [(1, 0), (2, 0)]
    assert (past.day, past.sessions, past.imported_sessions) == ("2026-02-28", 2, 2)
    known = sums(past)
    assert (known["gmv"], known["units_sold"], known["views"], known["orders"]) == (750, 9, 30, "not_known")
    first = await days(world, with_imported=True, page_size=2)
    rest = await days(world, with_imported=True, page_size=2, page_token=first.next_page_token)
    assert [one.day for one in rest.days] == ["2026-02-28"]
