"""Activity at once, boards twice a second at most, what viewers see when it changes; nothing old."""

import asyncio
from itertools import pairwise
from typing import Any
from uuid import UUID

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_service_pb2 import WatchSessionResponse
from showfloor.session.activity.edges import activity_ticks
from showfloor.session.activity.edges.activity_ticks import ActivityTicks
from showfloor.session.analytics.edges import board_ticks
from showfloor.session.analytics.edges.board_ticks import BOARD_EVERY, BoardTicks
from showfloor.session.show.edges import ticking
from showfloor.session.show.edges.watch_ticks import WatchedBy, WatchTicks
from showfloor.testing.waiting import eventually

SESSION = UUID(int=1)


class Heard:
    def __init__(self) -> None:
        self.ticks: list[tuple[str, bytes, float]] = []

    async def tick(self, subject: str, body: bytes) -> None:
        self.ticks.append((subject, body, asyncio.get_running_loop().time()))

    def of(self, kind: str) -> list[bytes]:
        return [body for subject, body, _ in self.ticks if subject == f"live.{SESSION}.{kind}"]


def comments_of(board: bytes) -> float:
    return next(one.value for one in GetBoardResponse.FromString(board).core if one.metric == "comments")


class Ticks:
    """The ticks of every slice, side by side as in the service."""

    def __init__(self, bus: Heard, world: Any, watched_by: WatchedBy) -> None:
        self._boards = BoardTicks(bus, world.reads)
        lines, seen = ActivityTicks(bus, world.runtime, world.names), WatchTicks(bus, world.runtime, watched_by)
        self._all = (lines, seen, self._boards)
        self.on_folded = self._boards.on_folded

    async def start(self) -> None:
        for ticks in self._all:
            await ticks.start()

    async def close(self) -> None:
        for ticks in self._all:
            await ticks.close()


async def watched(session_id: UUID) -> WatchSessionResponse | None:
    answer = WatchSessionResponse()
    answer.session.session_id = str(session_id)
    return answer


async def test_what_is_told_and_how_often(world: Any) -> None:
    await world.live(SESSION)
    await world.comment(SESSION, 1, 1)
    await world.settle()
    heard = Heard()
    ticks = Ticks(heard, world, watched)
    await ticks.start()
    try:
        await asyncio.sleep(0.05)
        assert heard.ticks == []
        await world.comment(SESSION, 2, 2)
        await world.comment(SESSION, 3, 3, practice=True)
        await eventually(lambda: heard.of("activity") and heard.of("board"))
        lines = [one for body in heard.of("activity") for one in ListActivityResponse.FromString(body).activities]
        assert [one.summary for one in lines if not one.practice] == ["comment 2"]
        assert comments_of(heard.of("board")[0]) == 2
        assert not heard.of("watch")
        for number in range(10, 30):
            await world.comment(SESSION, number, number)
        await world.bag(SESSION, 1)
        await eventually(lambda: heard.of("watch") and comments_of(heard.of("board")[-1]) == 22)
        assert len(heard.of("board")) >= 2
        times = [time for subject, _, time in heard.ticks if subject.endswith(".board")]
        assert all(later - sooner >= BOARD_EVERY * 0.9 for sooner, later in pairwise(times))
    finally:
        await ticks.close()


async def test_a_failed_board_is_told_later(world: Any, monkeypatch: Any) -> None:
    await world.live(SESSION)
    await world.settle()
    heard, boards, failed = Heard(), board_ticks.boards, []

    async def flaky(*args: Any) -> Any:
        if not failed:
            failed.append(True)
            raise ConnectionError("away")
        return await boards(*args)

    monkeypatch.setattr(board_ticks, "boards", flaky)
    monkeypatch.setattr(ticking, "RETRY_AFTER", 0.01)
    ticks = Ticks(heard, world, watched)
    await ticks.start()
    try:
        ticks.on_folded({SESSION: world.now})
        await eventually(lambda: heard.of("board"))
        assert failed
    finally:
        await ticks.close()


async def test_news_that_could_not_be_told_is_told_later(world: Any, monkeypatch: Any) -> None:
    await world.live(SESSION)
    await world.settle()
    heard, activities, failed = Heard(), activity_ticks.activities, []

    async def flaky(*args: Any) -> Any:
        if failed.count("names") < 2:
            failed.append("names")
            raise ConnectionError("away")
        return await activities(*args)

    async def flaky_watched(session_id: UUID) -> WatchSessionResponse | None:
        if "watched" not in failed:
            failed.append("watched")
            raise ConnectionError("away")
        return await watched(session_id)

    monkeypatch.setattr(activity_ticks, "activities", flaky)
    monkeypatch.setattr(ticking, "RETRY_AFTER", 0.01)
    ticks = Ticks(heard, world, flaky_watched)
    await ticks.start()
    try:
        await world.comment(SESSION, 1, 1)
        await world.bag(SESSION, 1)
        await world.settle()
        await eventually(lambda: heard.of("activity") and heard.of("watch"))
        assert sorted(failed) == ["names", "names", "watched"]
        lines = [one for body in heard.of("activity") for one in ListActivityResponse.FromString(body).activities]
        assert [one.summary for one in lines] == ["comment 1"]
    finally:
        await ticks.close()


async def test_a_defect_in_one_session_silences_no_other(world: Any, monkeypatch: Any) -> None:
    broken = UUID(int=2)
    await world.live(SESSION)
    await world.live(broken)
    await world.settle()
    heard, activities, boards = Heard(), activity_ticks.activities, board_ticks.boards

    async def activities_but_one(store: Any, names: Any, lines: Any) -> Any:
        if any(line.session_id == broken for line in lines):
            raise KeyError("no such name")
        return await activities(store, names, lines)

    async def boards_but_one(reads: Any, sessions: Any) -> Any:
        if broken in sessions:
            raise KeyError("no such number")
        return await boards(reads, sessions)

    async def watched_but_one(session_id: UUID) -> WatchSessionResponse | None:
        if session_id == broken:
            raise KeyError("no such product")
        return await watched(session_id)

    monkeypatch.setattr(activity_ticks, "activities", activities_but_one)
    monkeypatch.setattr(board_ticks, "boards", boards_but_one)
    ticks = Ticks(heard, world, watched_but_one)
    await ticks.start()
    try:
        for number in (1, 2):
            await world.comment(broken, number, number)
            await world.bag(broken, number)
            await world.comment(SESSION, number, number)
            await world.bag(SESSION, number)
            await world.settle()
            await eventually(lambda number=number: len(heard.of("activity")) >= number)  # type: ignore[misc]
        await eventually(lambda: heard.of("board") and heard.of("watch"))
        lines = [one for body in heard.of("activity") for one in ListActivityResponse.FromString(body).activities]
        assert [one.summary for one in lines if one.summary.startswith("comment")] == ["comment 1", "comment 2"]
        assert {subject for subject, _, _ in heard.ticks if str(broken) in subject} == set()
        monkeypatch.setattr(activity_ticks, "activities", activities)
        await world.comment(broken, 3, 3)
        await eventually(lambda: any(str(broken) in subject for subject, _, _ in heard.ticks))
        [body] = [body for subject, body, _ in heard.ticks if subject == f"live.{broken}.activity"]
        answer = ListActivityResponse.FromString(body)
        assert not answer.HasField("after_position")  # it follows on from nothing: who watches asks for the rest
    finally:
        await ticks.close()
