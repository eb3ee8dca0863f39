"""Suggestions from a session's own log and signals."""

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
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION as SHOW
from showfloor.session.show.domain.session_events import ProductPinned
from showfloor.session.signals.edges.fold import Fold
from showfloor.testing.memory_bus import MemoryBus

SESSION = UUID(int=1)
START_MS = 1_772_366_430_000  # 2026-03-01T12:00:30Z, as in conftest
PRODUCT = UUID(int=1_001)


async def ask(world: Any, acting: Callable[..., None]) -> pb.ListSuggestionsResponse:
    acting("ListSuggestions")
    request = pb.ListSuggestionsRequest(session_id=str(SESSION), min_position=world.position)
    return await BoardCalls(world.reads, Policy()).ListSuggestions(request, None)


async def show(world: Any) -> None:
    """25 minutes on air: an order a minute for 13 minutes, then another product is featured and none follows."""
    await world.live(SESSION)
    start = world.now - timedelta(minutes=10)
    base = world.owner(SESSION) | {"currency": "USD"}
    for minute in range(13):
        await world.order(SESSION, minute, minute * 60 + 40, f"v{minute}", [(2, 1, 500)])
    pinned = ProductPinned(at=start + timedelta(minutes=14), product_id=PRODUCT, **base)
    await world.write(SHOW, SESSION, pinned)
    world.now = start + timedelta(minutes=25)
    await world.settle()


async def viewers_come(world: Any) -> None:
    """Two views a minute, in every minute."""
    signals = tuple(Signal(minute * 60_000 + at, Kind.ENTER, at, 0, 1) for minute in range(25) for at in (0, 1))
    batch = Batch(SESSION, "b", START_MS, signals, (1, 2), (0, 0), (1, 1))
    message = SignalMessage(1, 1, str(SESSION), "", batch.body())
    await Fold(SignalStream(MemoryBus()), world.runtime.database).fold(
        SignalPage(datetime(2026, 1, 1, tzinfo=UTC), (message,))
    )


@pytest.mark.requirement("R130", "R131")
async def test_falling_sales_are_explained_from_the_log(world: Any, acting: Callable[..., None]) -> None:
    await show(world)
    await viewers_come(world)
    answer = await ask(world, acting)
    fell, feature = answer.suggestions
    assert (fell.rule, fell.product_id, list(fell.metrics)) == ("gmv_fell", str(PRODUCT), ["gmv", "views"])
    assert (feature.rule, feature.product_id, list(feature.metrics)) == ("feature_fell", str(PRODUCT), ["gmv"])
    assert feature.change == fell.change == -1
    assert feature.from_time.ToDatetime().isoformat() == "2026-03-01T12:15:00"
    assert feature.until_time.ToDatetime().isoformat() == "2026-03-01T12:25:00"
    assert fell.until_time.ToDatetime().isoformat() == "2026-03-01T12:25:00"
    assert answer.watermark.position >= world.position
    assert answer.watermark.signals_time


@pytest.mark.requirement("R130")
async def test_without_signals_only_what_the_log_knows_is_judged(world: Any, acting: Callable[..., None]) -> None:
    await show(world)
    assert [one.rule for one in (await ask(world, acting)).suggestions] == ["feature_fell"]


@pytest.mark.requirement("R131")
async def test_a_product_that_earns_much_is_not_blamed_for_a_lull(world: Any, acting: Callable[..., None]) -> None:
    await show(world)
    await world.order(SESSION, 50, 30, "rich", [(1, 1, 5_000)])
    await world.settle()
    assert not (await ask(world, acting)).suggestions


async def test_nothing_is_suggested_where_there_are_no_minutes(world: Any, acting: Callable[..., None]) -> None:
    await world.imported(SESSION, views=9, gmv_minor=100)
    await world.settle()
    assert not (await ask(world, acting)).suggestions


async def test_a_strangers_session_has_no_suggestions_to_show(world: Any, acting: Callable[..., None]) -> None:
    await show(world)
    acting("ListSuggestions", world.stranger)
    with pytest.raises(Refusal) as refused:
        await BoardCalls(world.reads, Policy()).ListSuggestions(
            pb.ListSuggestionsRequest(session_id=str(SESSION)), None
        )
    assert refused.value.reason == "SESSION_NOT_FOUND"
