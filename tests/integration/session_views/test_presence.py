"""What a board shows of who is in the room: by evidence, as told, and when nobody says anything any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from signal_oracle import Batch, Signal

from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.session.analytics.edges import board_ticks
from showfloor.session.analytics.edges.board_ticks import BoardTicks
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.session.signals.edges.fold import Fold
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.waiting import eventually

SESSION, EVIDENCE, TOLD, MIXED = (
    UUID(int=1),
    *(PresenceSource.Value(f"PRESENCE_SOURCE_{name}") for name in ("EVIDENCE", "ENTERS_AND_LEAVES", "MIXED")),
)
NOBODY = (0,) * 50


async def fold(world: Any, name: str, start: datetime, signals: list[Signal], *, evidence: bool = True) -> None:
    base, people = int(start.timestamp() * 1000), tuple(range(1, 51))
    batch = Batch(SESSION, name, base, tuple(signals), people, NOBODY, NOBODY, evidence=evidence)
    world.sequence = getattr(world, "sequence", 0) + 1
    message = SignalMessage(1, world.sequence, str(SESSION), "", batch.body())
    page = SignalPage(datetime(2026, 1, 1, tzinfo=UTC), (message,))
    await Fold(SignalStream(MemoryBus()), world.runtime.database).fold(page)


async def board(world: Any, acting: Callable[..., None]) -> tuple[dict[str, float], int]:
    acting("GetBoard")
    answer = await BoardCalls(world.reads, Policy()).GetBoard(pb.GetBoardRequest(session_id=str(SESSION)), None)
    return {one.metric: one.value for one in answer.core if one.HasField("value")}, answer.presence_source


@pytest.mark.requirement("R14", "R125")
async def test_viewers_who_go_without_a_word_are_gone_after_75_seconds(world: Any, acting: Callable[..., None]) -> None:
    start = world.now - timedelta(minutes=10)
    await world.live(SESSION)
    await world.settle()
    await fold(world, "come", start, [Signal(0, Kind.ENTER, at, 0, 1) for at in range(5)])
    await fold(world, "beat", start, [Signal(20_000, Kind.PRESENCE, at, 0, 1) for at in range(4)])
    await fold(world, "shown", start, [Signal(20_500, Kind.IMPRESSION, 30, 0, 1)])  # outside the room
    shown = {}
    for seconds in (21, 60, 76, 94, 96, 155):
        world.now = start + timedelta(seconds=seconds)
        now, source = await board(world, acting)
        shown[seconds] = (now["viewers_now"], now["pcu"], now["watch_time"])
        assert source == EVIDENCE
    assert shown == {
        21: (5, 5, 80), 60: (5, 5, 80), 76: (4, 5, 80), 94: (4, 5, 80), 96: (0, 5, 80), 155: (0, 5, 80),
    }  # fmt: skip


async def test_a_leave_ends_the_presence_of_its_viewer_alone(world: Any, acting: Callable[..., None]) -> None:
    start = world.now - timedelta(minutes=10)
    await world.live(SESSION)
    await world.settle()
    await fold(world, "come", start, [Signal(0, Kind.ENTER, at, 0, 1) for at in range(40)])
    for turn in range(12):
        leaves = [Signal(1_000 + turn * 5 + at, Kind.LEAVE, 7, 0, 1) for at in range(5)]
        await fold(world, f"go{turn}", start, leaves)
    world.now = start + timedelta(seconds=3)
    now, _ = await board(world, acting)
    assert (now["viewers_now"], now["pcu"], now["views"], now["unique_viewers"]) == (39, 40, 40, 40)
    assert now["watch_time"] == pytest.approx(1.059)
    await fold(world, "back", start, [Signal(2_500, Kind.LIKE, 7, 0, 1)])  # in another window of the browser
    now, _ = await board(world, acting)
    assert now["viewers_now"] == 40


async def test_a_source_of_enters_and_leaves_is_labelled_and_added(world: Any, acting: Callable[..., None]) -> None:
    start = world.now - timedelta(minutes=10)
    await world.live(SESSION)
    await world.settle()
    world.now = start + timedelta(seconds=200)
    told = [Signal(0, Kind.ENTER, at, 0, 1) for at in range(3)] + [Signal(60_000, Kind.LEAVE, 0, 0, 1)] * 9
    await fold(world, "told", start, told, evidence=False)
    now, source = await board(world, acting)
    assert (now["viewers_now"], now["pcu"], now["watch_time"], source) == (2, 3, 180, TOLD)
    await fold(world, "seen", start, [Signal(at, Kind.PRESENCE, 20, 0, 1) for at in (150_000, 170_000)])
    now, source = await board(world, acting)
    assert (now["viewers_now"], now["pcu"], source) == (3, 3, MIXED)
    assert now["watch_time"] == 60 + 2 * 170 + 20
    await world.end(SESSION, start + timedelta(seconds=200))
    await world.settle()
    now, _ = await board(world, acting)
    assert (now["viewers_now"], now["watch_time"]) == (0, 60 + 2 * 200 + 20)
    acting("GetTrend")
    names = ["viewers_now", "pcu", "watch_time"]
    trend = await BoardCalls(world.reads, Policy()).GetTrend(
        pb.GetTrendRequest(session_id=str(SESSION), metrics=names), None
    )
    series = {one.metric: [point.value for point in one.points] for one in trend.series}
    assert sum(series["watch_time"]) == now["watch_time"]
    assert max(series["pcu"]) == now["pcu"]
    assert series["viewers_now"] == [3, 2, 2, 3]


async def test_boards_are_told_again_while_viewers_fade(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_ticks, "FADE_EVERY", 0.05)
    monkeypatch.setattr(board_ticks, "BOARD_EVERY", 0.01)
    heard: list[float] = []

    class Bus:
        async def tick(self, subject: str, body: bytes) -> None:
            if subject.endswith(".board"):
                core = pb.GetBoardResponse.FromString(body).core
                heard.append(next(one.value for one in core if one.metric == "viewers_now"))

    start = world.now - timedelta(minutes=10)
    await world.live(SESSION)
    await world.settle()
    world.now = start + timedelta(seconds=1)
    await fold(world, "come", start, [Signal(0, Kind.ENTER, at, 0, 1) for at in range(5)])
    ticks = BoardTicks(Bus(), world.reads)
    await ticks.start()
    try:
        ticks.on_folded({SESSION: world.now})
        await eventually(lambda: heard[-1:] == [5])
        world.now = start + timedelta(seconds=80)  # no signal comes, and no event
        await eventually(lambda: heard[-1:] == [0])
        monkeypatch.setattr(board_ticks, "FADED_AFTER", -1.0)
        await eventually(lambda: not ticks._fading)
    finally:
        await ticks.close()
