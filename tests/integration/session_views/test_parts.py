"""A part of a session: what its products sold, where viewers came from, who bought."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from signal_oracle import Batch, Signal

from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.rpc.fields import stamp
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.session.signals.edges.fold import Fold
from showfloor.testing.memory_bus import MemoryBus

SESSION = UUID(int=1)
START = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
START_MS = 1_772_366_430_000  # the same
SIGNALS = (
    Signal(10_000, Kind.ENTER, 1, 0, 1),
    Signal(70_000, Kind.ENTER, 2, 0, 2),
    Signal(75_000, Kind.PRODUCT_IMPRESSION, 2, 1, 2),
    Signal(80_000, Kind.PRODUCT_CLICK, 2, 1, 2),
    Signal(200_000, Kind.PRODUCT_CLICK, 1, 1, 1),
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
async def calls(world: Any) -> BoardCalls:
    """A LIVE of ten minutes in which something is sold in the second and in the fifth."""
    await world.live(SESSION)
    await world.bag(SESSION, 1, 2)
    await world.order(SESSION, 1, 85, "anna", [(1, 2, 500)])
    await world.order(SESSION, 2, 260, "ben", [(2, 1, 300)])
    await world.order(SESSION, 3, 265, "anna", [(2, 1, 300)])
    batch = Batch(SESSION, "b", START_MS, SIGNALS, tuple(range(1, 11)), (0,) * 10, (1, *(0,) * 9))
    page = SignalPage(at(0), (SignalMessage(1, 1, str(SESSION), "", batch.body()),))
    await Fold(SignalStream(MemoryBus()), world.runtime.database).fold(page)
    await world.settle()
    return BoardCalls(world.reads, Policy())


def part(first: float, until: float) -> dict[str, Any]:
    return {"session_id": str(SESSION), "from": stamp(at(first)), "until": stamp(at(until))}


@pytest.mark.requirement("R126", "R133", "D14")
async def test_the_products_of_a_part_of_a_session(calls: BoardCalls, acting: Callable[..., None]) -> None:
    acting("ListProductAnalytics")

    async def read(**asked: Any) -> dict[str, dict[str, Any]]:
        answer = await calls.ListProductAnalytics(pb.ListProductAnalyticsRequest(**asked), None)
        return {
            one.product_id: {r.metric: r.value if r.HasField("value") else r.missing for r in one.readings}
            for one in answer.products
        }

    whole = await read(session_id=str(SESSION))
    early, late = await read(**part(30, 150)), await read(**part(210, 330))
    for name in ("gmv", "units_sold", "sku_orders"):
        assert sum(one[name] for one in whole.values()) == sum(one[name] for one in [*early.values(), *late.values()])
    first, second = (str(UUID(int=1_000 + number)) for number in (1, 2))
    assert [found[key]["gmv"] for found in (early, late) for key in (first, second)] == [1_000, 0, 0, 600]
    clicks = [sum(one["product_clicks"] for one in found.values()) for found in (whole, early, late)]
    assert clicks == [2, 1, 0]
    assert {one["click_uv"] for one in early.values()} == {"not_known"}


@pytest.mark.requirement("R127", "R142")
async def test_channels_and_buyers_of_a_part_of_a_session(calls: BoardCalls, acting: Callable[..., None]) -> None:
    acting("GetTrend")

    async def views(**asked: Any) -> int:
        answer = await calls.GetTrend(pb.GetTrendRequest(metrics=["views"], **asked), None)
        assert sum(one.share for one in answer.channels) == pytest.approx(1)
        return sum(one.views for one in answer.channels)

    assert (await views(session_id=str(SESSION)), await views(**part(30, 150))) == (2, 1)
    acting("GetAudience")
    answer = await calls.GetAudience(pb.GetAudienceRequest(**part(210, 330)), None)
    assert (answer.buyers, answer.first_time_buyers, answer.viewers) == (2, 1, 0)
    assert answer.buyers_only
    assert not (await calls.GetAudience(pb.GetAudienceRequest(session_id=str(SESSION)), None)).buyers_only


@pytest.mark.parametrize(("first", "until"), [(-120, 60), (60, 900), (120, 60)])
async def test_a_part_outside_the_session_is_refused(
    calls: BoardCalls, acting: Callable[..., None], first: float, until: float
) -> None:
    acting("ListProductAnalytics")
    with pytest.raises(Refusal, match=r"from|until"):
        await calls.ListProductAnalytics(pb.ListProductAnalyticsRequest(**part(first, until)), None)
    acting("GetAudience")
    with pytest.raises(Refusal, match=r"from|until"):
        await calls.GetAudience(pb.GetAudienceRequest(**part(first, until)), None)
