"""What came of showing a product since its latest pin, and where an account's LIVEs usually stood by then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from signal_oracle import Batch, Signal

from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION as SESSIONS
from showfloor.session.show.domain.session_events import ProductPinned, ProductUnpinned, SessionOpened, WentLive
from showfloor.session.signals.edges.fold import Fold
from showfloor.testing.memory_bus import MemoryBus

SESSION = UUID(int=1)
START_MS = 1_772_366_430_000  # 2026-03-01T12:00:30Z, as in conftest
START = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
FIGURES = ("product_impressions", "product_clicks", "sku_orders", "units_sold", "gmv")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def product(number: int) -> UUID:
    return UUID(int=1_000 + number)


async def fold(world: Any, signals: list[Signal], session: UUID = SESSION, start_ms: int = START_MS) -> None:
    batch = Batch(session, "b", start_ms, tuple(signals), tuple(range(1, 11)), (0,) * 10, (1, *(0,) * 9))
    world.sequence = getattr(world, "sequence", 0) + 1
    page = SignalPage(at(0), (SignalMessage(1, world.sequence, str(session), "", batch.body()),))
    await Fold(SignalStream(MemoryBus()), world.runtime.database).fold(page)


async def pin(world: Any, number: int, when: float) -> None:
    base = world.owner(SESSION) | {"currency": "USD"}
    await world.write(SESSIONS, SESSION, ProductPinned(at=at(when), product_id=product(number), **base))


async def unpin(world: Any, number: int, since: float, when: float) -> None:
    base = world.owner(SESSION) | {"currency": "USD"}
    gone = ProductUnpinned(at=at(when), product_id=product(number), pinned_at=at(since), **base)
    await world.write(SESSIONS, SESSION, gone)


async def board(world: Any) -> pb.GetBoardResponse:
    await world.settle()
    return await BoardCalls(world.reads, Policy()).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)


@pytest.mark.requirement("R26", "R118")
async def test_now_showing_counts_from_the_moment_of_the_pin(world: Any, acting: Callable[..., None]) -> None:
    acting("GetBoard")
    await world.live(SESSION)
    await world.bag(SESSION, 1, 2)
    assert not (await board(world)).HasField("now_showing")
    await pin(world, 1, 60)
    await world.order(SESSION, 1, 58, "anna", [(1, 1, 500)])  # paid a second before: at 59
    await world.order(SESSION, 2, 59, "ben", [(1, 2, 500), (2, 1, 200)])  # paid at the moment of the pin
    await world.order(SESSION, 3, 200, "cleo", [(1, 3, 500)])
    await world.order(SESSION, 4, 201, "dora", [(2, 1, 200)])
    found = await board(world)
    showing = found.now_showing
    assert (showing.product_id, showing.pinned_s) == (str(product(1)), 540)
    assert [one.metric for one in showing.readings] == list(FIGURES)
    assert [one.value for one in showing.readings][2:] == [2, 5, 2_500]
    assert [one.missing for one in showing.readings][:2] == ["not_yet"] * 2  # no signal has come

    await fold(world, [Signal(40_000, Kind.PRODUCT_CLICK, 1, 1, 1), Signal(31_000, Kind.PRODUCT_CLICK, 2, 1, 1)])
    await unpin(world, 1, 60, 300)
    await pin(world, 2, 300)
    await world.order(SESSION, 5, 310, "emma", [(1, 7, 500)])
    found = await board(world)
    assert found.now_showing.product_id == str(product(2))
    assert [one.value for one in found.now_showing.readings] == [0, 0, 0, 0, 0]
    sold = [(one.product_id, one.units_sold) for one in found.units_since_pin]
    assert sold == [(str(product(2)), 0), (str(product(1)), 12)]

    await unpin(world, 2, 300, 400)
    await pin(world, 1, 400)
    found = await board(world)
    assert found.now_showing.readings[3].value == 0  # a new pin counts anew
    assert [one.units_sold for one in found.units_since_pin] == [0, 0]


@pytest.mark.requirement("R118")
async def test_the_usual_curve_is_at_the_same_elapsed_time(world: Any, acting: Callable[..., None]) -> None:
    acting("GetUsualCurve")
    calls, request = AnalyticsCalls(world.reads, Policy()), analytics_pb.GetUsualCurveRequest(session_id=str(SESSION))
    await world.live(SESSION)
    await world.order(SESSION, 1, 30, "anna", [(1, 1, 999_999)])
    for number, minutes in enumerate((3, 5, 5)):
        past, before = UUID(int=20 + number), 86_400 * (number + 1)
        await world.live(past, start=at(-before))
        await world.order(past, 1, -before + 20, "anna", [(1, 1, 100 * (number + 1))])
        await world.order(past, 2, -before + 140, "ben", [(1, 1, 1_000)])
        await world.end(past, at(-before + 60 * minutes))
        if number == 1:
            await world.settle()
            few = await calls.GetUsualCurve(request, None)
            assert (few.sessions, few.missing, list(few.series)) == (2, "too_few_sessions", [])
    await world.imported(UUID(int=30), gmv_minor=900_000)
    made_up = world.owner(UUID(int=31)) | {"currency": "USD"}
    opened = SessionOpened(at=at(-500_000), title="Demo", source="replay", simulated=True, **made_up)
    begun = WentLive(at=at(-500_000), title="Demo", source="replay", simulated=True, **made_up)
    await world.write(SESSIONS, UUID(int=31), opened, begun)
    await world.end(UUID(int=31), at(-499_000))
    await fold(world, [Signal(0, Kind.ENTER, 0, 0, 1)], UUID(int=20), START_MS - 86_400_000)
    await world.settle()

    answer = await calls.GetUsualCurve(request, None)
    assert (answer.sessions, answer.missing, answer.step_minutes) == (3, "", 1)
    curves = {one.metric: one for one in answer.series}
    assert list(curves) == ["gmv", "orders"]  # of signals too few LIVEs know
    assert curves["gmv"].currency == "USD"
    points = [(one.minutes, one.sessions, one.lower_quartile, one.median) for one in curves["gmv"].points]
    assert points == [(1, 3, 150, 200), (2, 3, 150, 200), (3, 3, 1_150, 1_200)]  # then one had ended
    assert [one.upper_quartile for one in curves["orders"].points] == [1, 1, 2]
    request.step_minutes = 2
    assert [one.minutes for one in (await calls.GetUsualCurve(request, None)).series[0].points] == [2]


async def test_viewers_and_clicks_have_a_usual_curve(world: Any, acting: Callable[..., None]) -> None:
    acting("GetUsualCurve")
    await world.live(SESSION)
    for number in range(3):
        past, days = UUID(int=20 + number), number + 1
        await world.live(past, start=at(-86_400 * days))
        await world.bag(past, 1)
        await world.end(past, at(-86_400 * days + 180))
        signals = [Signal(1_000 * who, Kind.ENTER, who, 0, 1) for who in range(number + 1)]
        clicks = [Signal(70_000, Kind.PRODUCT_CLICK, 0, 1, 1), Signal(100_000, Kind.LEAVE, 0, 0, 1)]
        await fold(world, signals + clicks, past, START_MS - 86_400_000 * days)
    await world.settle()
    calls = AnalyticsCalls(world.reads, Policy())
    answer = await calls.GetUsualCurve(analytics_pb.GetUsualCurveRequest(session_id=str(SESSION)), None)
    curves = {one.metric: [point.median for point in one.points] for one in answer.series}
    assert curves["viewers_now"] == [2, 2, 1]
    assert curves["product_clicks"] == [0, 1, 1]


async def test_a_curve_is_kept_for_a_minute(world: Any, acting: Callable[..., None]) -> None:
    acting("GetUsualCurve")
    await world.live(SESSION)
    for number in range(3):
        await world.live(UUID(int=20 + number), start=at(-86_400 * (number + 1)))
        await world.end(UUID(int=20 + number), at(-86_400 * (number + 1) + 180))
    await world.settle()
    calls, request = AnalyticsCalls(world.reads, Policy()), analytics_pb.GetUsualCurveRequest(session_id=str(SESSION))

    async def gmv() -> float:
        answer = await calls.GetUsualCurve(request, None)
        return float(answer.series[0].points[2].upper_quartile)

    assert await gmv() == 0
    for number in range(3):
        await world.order(UUID(int=20 + number), 1, -86_400 * (number + 1) + 30, "v", [(1, 1, 300)])
    await world.settle()
    assert await gmv() == 0
    world.now += timedelta(minutes=1)
    assert await gmv() == 300
