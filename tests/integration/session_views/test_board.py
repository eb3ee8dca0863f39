"""What the board, the trend, the products, the audience, the comparison and the recap answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from signal_oracle import Batch, Signal

from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalStream
from showfloor.metrics.registry import SESSION_METRICS
from showfloor.metrics.vocabulary import Kind
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.session.signals.edges.fold import Fold
from showfloor.testing.memory_bus import MemoryBus

SESSION, OTHER = UUID(int=1), UUID(int=2)
START_MS = 1_772_366_430_000  # 2026-03-01T12:00:30Z, as in conftest


def readings(found: Any) -> dict[str, float | str]:
    return {one.metric: one.value if one.HasField("value") else one.missing for one in found}


def board_of(world: Any) -> BoardCalls:
    return BoardCalls(world.reads, Policy())


def analytics_of(world: Any) -> AnalyticsCalls:
    return AnalyticsCalls(world.reads, Policy())


async def fold(
    world: Any, session: UUID, signals: list[Signal], viewers: int = 10, traits: tuple[int, ...] = ()
) -> None:
    """Fold one batch. Viewer 0 is a woman of 25-34 from DE who follows; of the others nothing is known."""
    batch = Batch(
        session, f"b{len(signals)}", START_MS, tuple(signals), tuple(range(1, viewers + 1)),
        traits or (0b1001001, *(0,) * (viewers - 1)), (1, *(0,) * (viewers - 1)),
    )  # fmt: skip
    world.sequence = getattr(world, "sequence", 0) + 1
    message = SignalMessage(1, world.sequence, str(session), "", batch.body())
    await Fold(SignalStream(MemoryBus()), world.runtime.database).fold(
        SignalPage(datetime(2026, 1, 1, tzinfo=UTC), (message,))
    )


def some_signals() -> list[Signal]:
    """Three enter (0 s, 10 s, 90 s), one leaves at 60 s; 8 impressions, 10 product impressions, 4 clicks."""
    return [
        *(Signal(0, Kind.IMPRESSION, 0, 0, 1) for _ in range(8)),
        Signal(0, Kind.ENTER, 0, 0, 1),
        Signal(10_000, Kind.ENTER, 1, 0, 3),
        Signal(60_000, Kind.LEAVE, 1, 0, 3),
        Signal(90_000, Kind.ENTER, 2, 0, 1),
        *(Signal(20_000, Kind.PRODUCT_IMPRESSION, at, 1, 1) for at in range(6)),
        *(Signal(20_000, Kind.PRODUCT_IMPRESSION, at, 2, 1) for at in range(4)),
        *(Signal(21_000, Kind.PRODUCT_CLICK, at, 1, 1) for at in range(3)),
        Signal(22_000, Kind.PRODUCT_CLICK, 1, 2, 1),
        Signal(23_000, Kind.LIKE, 1, 0, 1),
        Signal(24_000, Kind.SHARE, 1, 0, 1),
    ]


async def filled(world: Any) -> None:
    """A LIVE with signals and facts. Products 11 and 12 of the signals are ids of their own."""
    await world.live(SESSION)
    await world.bag(SESSION, 1, 2)
    await world.order(SESSION, 1, 30, "anna", [(1, 2, 500), (2, 1, 200)])
    await world.order(SESSION, 2, 40, "anna", [(1, 1, 500)], direct=False, affiliate_minor=0)
    await world.order(SESSION, 3, 100, "ben", [(1, 1, 500)])
    await world.comment(SESSION, 1, 31)
    await world.comment(SESSION, 2, 32, from_host=True, viewer_ref="")
    await world.comment(SESSION, 3, 33, practice=True)
    await world.follow(SESSION, 1, 35)
    await world.gift(SESSION, 1, 36, 5)
    await fold(world, SESSION, some_signals())
    await world.settle()


@pytest.mark.requirement("R118", "R125", "R149", "D3", "D11")
async def test_the_core_numbers(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    acting("GetBoard")
    board = await board_of(world).GetBoard(
        pb.GetBoardRequest(session_id=str(SESSION), min_position=world.position), None
    )
    core = readings(board.core)
    assert list(core) == list(SESSION_METRICS)
    expected = {
        "gmv": 2_200, "direct_gmv": 1_700, "affiliate_gmv": 1_700, "refunded": 0, "net_gmv": 2_200, "orders": 3,
        "sku_orders": 4, "units_sold": 5, "buyers": 2, "first_time_buyers": 2, "commission": 220,
        "comments": 1, "new_followers": 1, "gifts": 5, "products": 2, "products_featured": 0,
        "impressions": 8, "views": 3, "unique_viewers": 3, "viewers_now": 2, "pcu": 2, "likes": 1, "shares": 1,
        "product_impressions": 10, "product_clicks": 4, "click_uv": 3, "duration": 600,
        "watch_time": 90 + 50 + 0, "ctr": 0.4, "ctor": 1.0, "entry_rate": 0.375,
    }  # fmt: skip
    assert {name: core[name] for name in expected} == expected
    assert core["average_stay"] == pytest.approx(140 / 3)  # told until the newest signal, 90 seconds in
    assert core["acu"] == pytest.approx(140 / 600)
    assert board.presence_source == PresenceSource.PRESENCE_SOURCE_ENTERS_AND_LEAVES
    assert core["gpm"] == pytest.approx(2_200 / 3 * 1_000)
    assert {one.currency for one in board.core if one.metric in ("gmv", "gpm")} == {"USD"}
    assert board.watermark.position >= world.position
    assert board.watermark.signals_time == "2026-03-01T12:02:00Z"


@pytest.mark.requirement("R127")
async def test_traffic_channels(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    acting("GetBoard")
    board = await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)
    assert [(c.channel, c.impressions, c.views, round(c.share, 3)) for c in board.channels] == [
        (1, 8, 2, 0.667),
        (3, 0, 1, 0.333),
    ]


@pytest.mark.requirement("D14")
async def test_missing_is_not_zero(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    await world.settle()
    acting("GetBoard")
    core = readings((await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)).core)
    assert (core["gmv"], core["orders"]) == (0, 0)
    assert (core["views"], core["pcu"], core["ctr"], core["watch_time"]) == ("not_yet",) * 4
    assert core["average_order_value"] == "no_denominator"
    await world.end(SESSION, world.now)
    await world.settle()
    core = readings((await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)).core)
    assert core["views"] == "not_known"


@pytest.mark.requirement("D13", "D14")
async def test_imported_totals_are_shown_as_they_are(world: Any, acting: Callable[..., None]) -> None:
    await world.imported(OTHER, views=200, gmv_minor=123_456_789_012, average_stay_s=115, likes=0)
    await world.settle()
    acting("GetBoard")
    board = await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(OTHER)), None)
    core = readings(board.core)
    assert (core["views"], core["gmv"], core["average_stay"], core["likes"]) == (200, 123_456_789_012, 115, 0)
    assert (core["pcu"], core["orders"], core["gifts"], core["watch_time"], core["ctr"]) == ("not_known",) * 5
    assert board.presence_source == PresenceSource.PRESENCE_SOURCE_COUNTS
    assert core["gpm"] == pytest.approx(617_283_945_060)
    assert core["duration"] == 3_600


@pytest.mark.requirement("D13", "D14")
async def test_a_correction_restates_all_views_but_the_days(world: Any, acting: Callable[..., None]) -> None:
    boards, calls = board_of(world), analytics_of(world)
    await filled(world)
    await world.imported(OTHER, views=200, gmv_minor=100)
    await world.settle()
    acting("ListDailyTotals")
    days = await calls.ListDailyTotals(analytics_pb.ListDailyTotalsRequest(), None)
    start = world.now - timedelta(days=9)
    span = {"started_at": start, "ended_at": start + timedelta(minutes=15)}
    right = {"views": 20, "gmv_minor": 1_000, "likes": 5, "title": "Right", **span}
    await world.corrected(OTHER, **right)
    await world.settle()
    acting("ListSessions")
    names = ["views", "gmv", "likes", "duration"]
    page = await calls.ListSessions(analytics_pb.ListSessionsRequest(query="right", metrics=names), None)
    (row,) = page.sessions
    assert (row.session.title, row.session.version) == ("Right", 2)
    assert row.session.start_time.ToDatetime(UTC) == start
    assert readings(row.readings) == {"views": 20, "gmv": 1_000, "likes": 5, "duration": 900}
    acting("GetBoard")
    core = readings((await boards.GetBoard(pb.GetBoardRequest(session_id=str(OTHER)), None)).core)
    assert (core["views"], core["gmv"], core["likes"], core["duration"]) == (20, 1_000, 5, 900)
    acting("GetRecap")
    recap = await calls.GetRecap(analytics_pb.GetRecapRequest(session_id=str(OTHER)), None)
    assert (readings(recap.readings)["gmv"], recap.duration_s) == (1_000, 900)
    await world.end(SESSION, world.now)
    await world.settle()
    acting("CompareSession")
    compared = await calls.CompareSession(
        analytics_pb.CompareSessionRequest(session_id=str(SESSION), metrics=["gmv", "views"]), None
    )
    assert [one.average.value for one in compared.comparisons] == [1_000, 20]
    # Days sum up LIVEs that ran here. What was imported is in none of them, before and after.
    acting("ListDailyTotals")
    assert await calls.ListDailyTotals(analytics_pb.ListDailyTotalsRequest(), None) == days


@pytest.mark.requirement("R126", "R128", "R129")
async def test_trends_of_several_metrics(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    await world.end(SESSION, world.now)
    await world.settle()
    acting("GetTrend")
    names = ["gmv", "views", "viewers_now", "unique_viewers", "ctr", "watch_time", "buyers", "pcu", "first_time_buyers"]
    answer = await board_of(world).GetTrend(pb.GetTrendRequest(session_id=str(SESSION), metrics=names), None)
    assert answer.step_minutes == 1
    assert answer.times[0].ToDatetime().isoformat() == "2026-03-01T12:00:00"
    assert len(answer.times) == 11
    series = {one.metric: [p.value if p.HasField("value") else None for p in one.points] for one in answer.series}
    assert list(series) == names
    assert series["gmv"][:4] == [0, 1_700, 500, 0]
    assert series["views"][:4] == [2, 0, 1, 0]
    assert series["viewers_now"][:4] == [2, 1, 2, 2]
    assert series["pcu"][:4] == [2, 2, 2, 2]
    assert series["unique_viewers"][:3] == [2, 0, 1]
    assert series["buyers"][:4] == [0, 1, 1, 0]
    assert series["first_time_buyers"][:4] == [0, 1, 1, 0]
    assert series["ctr"][:2] == [0.4, None]
    assert series["watch_time"][:3] == [30 + 20, 60 + 30, 60 + 60]
    assert sum(series["watch_time"]) == 1_160
    wide = await board_of(world).GetTrend(
        pb.GetTrendRequest(session_id=str(SESSION), metrics=names, step_minutes=5), None
    )
    by_five = {one.metric: [p.value for p in one.points] for one in wide.series}
    assert by_five["unique_viewers"][0] == 3
    assert by_five["gmv"] == [2_200, 0, 0]
    assert by_five["buyers"] == [2, 0, 0]
    assert by_five["pcu"][0] == 2


async def test_a_payment_counts_in_its_minute_to_the_last_moment(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    start = world.now - timedelta(minutes=10)
    world.now = world.now.replace(second=0)
    last = (world.now - start).total_seconds() - 0.2  # the last moment of a minute, and of what is asked for
    await world.order(SESSION, 1, last - 1, "v1", [(1, 1, 500)])
    await world.settle()
    acting("GetTrend")
    names = ["gmv", "buyers", "first_time_buyers"]
    answer = await board_of(world).GetTrend(pb.GetTrendRequest(session_id=str(SESSION), metrics=names), None)
    assert [one.points[-1].value for one in answer.series] == [500, 1, 1]


async def test_a_trend_keeps_to_the_interval(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    acting("GetTrend")
    calls = board_of(world)

    start = world.now - timedelta(minutes=10)
    part = await calls.GetTrend(_between(start + timedelta(seconds=60), start + timedelta(seconds=150)), None)
    assert [p.value for p in part.series[0].points] == [1_700, 500]
    for low, high in ((-120, None), (700, None), (None, 900), (None, -5)):
        with pytest.raises(Refusal) as refused:
            await calls.GetTrend(
                _between(*(None if s is None else start + timedelta(seconds=s) for s in (low, high))), None
            )
        assert refused.value.reason == "OUTSIDE_SESSION"
    with pytest.raises(Refusal) as unknown:
        await calls.GetTrend(pb.GetTrendRequest(session_id=str(SESSION), metrics=["nonsense"]), None)
    assert unknown.value.reason == "UNKNOWN_METRIC"


def _between(low: datetime | None, high: datetime | None) -> pb.GetTrendRequest:
    asked = pb.GetTrendRequest(session_id=str(SESSION), metrics=["gmv"])
    if low is not None:
        getattr(asked, "from").FromDatetime(low)
    if high is not None:
        asked.until.FromDatetime(high)
    return asked


@pytest.mark.requirement("R133", "R134", "R135")
async def test_products_by_ctr_and_ctor(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    signals = [
        *(Signal(0, Kind.PRODUCT_IMPRESSION, at, number, 1) for number in (1, 2, 3) for at in range(100)),
        *(Signal(0, Kind.PRODUCT_CLICK, at, 1, 1) for at in range(80)),
        *(Signal(0, Kind.PRODUCT_CLICK, at, 2, 1) for at in range(80)),
        *(Signal(0, Kind.PRODUCT_CLICK, at, 3, 1) for at in range(20)),
    ]
    await fold(world, SESSION, signals, viewers=100)
    # The first product sells, the second hardly, the third does for its few clicks.
    for number, item in enumerate([-989] * 40 + [-988] * 2 + [-987] * 15):
        await world.order(SESSION, number, 10, f"v{number}", [(item, 1, 100)])
    await world.settle()
    acting("ListProductAnalytics")
    answer = await board_of(world).ListProductAnalytics(pb.ListProductAnalyticsRequest(session_id=str(SESSION)), None)
    assert (answer.ctr_threshold, answer.ctor_threshold) == (0.6, 57 / 180)
    found = {UUID(one.product_id).int: (one.quadrant, one.advice) for one in answer.products}
    assert found[11][0] == pb.QUADRANT_STAR and "longer" in found[11][1]
    assert found[12][0] == pb.QUADRANT_EXPLAIN and "giveaway" in found[12][1]
    assert found[13][0] == pb.QUADRANT_SHOW
    first = readings(answer.products[0].readings)
    assert (first["gmv"], first["ctr"], first["ctor"], first["click_uv"]) == (4_000, 0.8, 0.5, 80)


@pytest.mark.requirement("R142")
async def test_the_audience(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    await world.order(SESSION, 1, 30, "anna", [(1, 1, 500)], gender="female", region="DE", follower=True)
    await world.order(SESSION, 2, 31, "ben", [(1, 1, 500)])
    await fold(world, SESSION, some_signals())
    await world.settle()
    acting("GetAudience")
    answer = await board_of(world).GetAudience(pb.GetAudienceRequest(session_id=str(SESSION)), None)
    assert (answer.viewers, answer.buyers, answer.first_time_buyers) == (3, 2, 2)
    found = {(one.dimension, one.value): (one.viewers, one.buyers) for one in answer.slices}
    assert found == {
        ("follower", "yes"): (1, 1), ("follower", "not known"): (2, 1),
        ("gender", "female"): (1, 1), ("gender", "not known"): (2, 1),
        ("age_band", "25-34"): (1, 0), ("age_band", "not known"): (2, 2),
        ("region", "DE"): (1, 1), ("region", "not known"): (2, 1),
    }  # fmt: skip


@pytest.mark.requirement("R150")
async def test_compared_with_the_other_ended_sessions(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    await world.imported(UUID(int=31), gmv_minor=1_000)
    await world.imported(UUID(int=32), gmv_minor=1_200, views=6)
    await world.imported(UUID(int=33), gmv_minor=900_000, currency="JPY")  # its shop was another one then
    await world.end(SESSION, world.now)
    await world.settle()
    acting("CompareSession")
    answer = await analytics_of(world).CompareSession(
        analytics_pb.CompareSessionRequest(session_id=str(SESSION), metrics=["gmv", "views", "likes"]), None
    )
    assert answer.sessions == 2
    gmv, views, likes = answer.comparisons
    assert (gmv.average.value, gmv.difference) == (1_100, 1.0)
    assert (views.average.value, views.difference) == (6, -0.5)
    assert (likes.average.missing, likes.HasField("difference")) == ("not_known", False)


@pytest.mark.requirement("R150")
async def test_while_on_air_it_is_compared_at_the_same_elapsed_time(world: Any, acting: Callable[..., None]) -> None:
    before = UUID(int=34)
    yesterday = world.now - timedelta(days=1, seconds=600)
    await world.live(before, start=yesterday)
    await world.order(before, 1, -86_400 + 60, "v1", [(1, 1, 700)])
    await world.order(before, 2, -86_400 + 3_000, "v2", [(1, 1, 90_000)])
    await world.end(before, yesterday + timedelta(hours=2))
    await world.imported(UUID(int=35), gmv_minor=900_000)  # totals only: no minute to compare with
    await filled(world)
    acting("CompareSession")
    names = ["gmv", "orders", "unique_viewers", "views", "duration"]
    answer = await analytics_of(world).CompareSession(
        analytics_pb.CompareSessionRequest(session_id=str(SESSION), metrics=names), None
    )
    assert (answer.sessions, answer.elapsed_minutes) == (1, 10)
    found = {one.reading.metric: one for one in answer.comparisons}
    assert (found["gmv"].reading.value, found["gmv"].average.value) == (2_200, 700)
    assert (found["orders"].reading.value, found["orders"].average.value) == (3, 1)
    for name in ("unique_viewers", "duration"):
        assert (found[name].average.missing, found[name].HasField("difference")) == ("not_known", False)
    assert (found["views"].reading.value, found["views"].average.missing) == (3, "not_known")


async def test_a_shops_own_account_shows_no_affiliate_figures(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION, affiliate=False)
    await world.order(SESSION, 1, 60, "anna", [(1, 1, 500)], affiliate_minor=0, commission_minor=0)
    await world.settle()
    acting("GetBoard")
    board = await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)
    core = {one.metric: one for one in board.core}
    assert core["gmv"].value == 500
    for name in ("affiliate_gmv", "commission"):
        assert (core[name].HasField("value"), core[name].missing) == (False, "not_applicable")


@pytest.mark.requirement("R117", "D9")
async def test_the_recap(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    acting("GetRecap")
    calls, request = analytics_of(world), analytics_pb.GetRecapRequest(session_id=str(SESSION))
    with pytest.raises(Refusal) as running:
        await calls.GetRecap(request, None)
    assert running.value.reason == "SESSION_RUNNING"
    await world.end(SESSION, world.now)
    await world.settle()
    recap = await calls.GetRecap(request, None)
    found = readings(recap.readings)
    assert (recap.duration_s, recap.products_featured, found["gmv"], found["viewers_now"]) == (600, 0, 2_200, 0)
    assert found["watch_time"] == 1_160
    assert UUID(recap.top_products[0].product_id).int == 1_001
    assert recap.replay_expire_time.ToDatetime() == (world.now + timedelta(days=30)).replace(tzinfo=None)
    # It ended on 1 March UTC-8; 92 whole days later 2 June begins there at 08:00 UTC.
    assert recap.detail_expire_time.ToJsonString() == "2026-06-02T08:00:00Z"


async def test_first_time_buyers_are_first_with_the_account(world: Any, acting: Callable[..., None]) -> None:
    await world.live(OTHER)
    await world.order(OTHER, 1, 5, "anna", [(1, 1, 100)])
    await filled(world)
    acting("GetBoard")
    core = readings((await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)).core)
    assert (core["buyers"], core["first_time_buyers"]) == (2, 1)


async def test_foreign_sessions_are_not_found(world: Any, acting: Callable[..., None]) -> None:
    await filled(world)
    acting("GetBoard", world.stranger)
    with pytest.raises(Refusal) as refused:
        await board_of(world).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)
    assert refused.value.reason == "SESSION_NOT_FOUND"
