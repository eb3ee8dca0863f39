"""Tells whoever watches: activity at once, boards twice a second at most, what viewers see when it changes.

Ticks may be lost: a board that missed one gets the next, and a feed asks again from its last position.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol, TypeVar
from uuid import UUID

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_service_pb2 import WatchSessionResponse
from showfloor.eventstore.outage import is_outage
from showfloor.kernel.event import Event, Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.observability.logging import get_logger
from showfloor.observability.tasks import stop
from showfloor.session.activity.edges.rpc_activity_lists import activities
from showfloor.session.activity.views.activity_feed import ActivityRow, line_of
from showfloor.session.analytics.domain.report import MinuteSummarised, SessionReported, SessionRestated
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.analytics.edges.rpc_board import boards
from showfloor.session.analytics.views.all_views import BOARD
from showfloor.session.show.domain.session_events import (
    ScriptWritten,
    SessionDetailsExpired,
    SessionEvent,
    SignalsForgotten,
)
from showfloor.session.signals.domain.seen import GONE_AFTER_MS

log = get_logger(__name__)

A = TypeVar("A")
B = TypeVar("B")

BOARD_EVERY: Final = 0.5  # seconds
FADE_EVERY: Final = 5.0  # seconds between two boards of a session from which no signals come: its viewers may be gone
FADED_AFTER: Final = GONE_AFTER_MS / 1000 + 2 * FADE_EVERY  # then nobody is left who could be
RETRY_AFTER: Final = 1.0  # seconds
MAX_BOARDS: Final = 500  # read at once
MAX_TOLD: Final = 10_000  # sessions
MAX_WAITING: Final = 10_000  # lines of the feed; a client that misses some asks for them

_QUIET: Final = (MinuteSummarised, SessionReported, SessionRestated, SessionDetailsExpired, SignalsForgotten)
"""Events that change neither a board nor what viewers see."""

_OURS: Final = (*_QUIET, ScriptWritten)
"""Events that viewers see nothing of. A script moves the board's version: whoever else has it open reads it again."""

WatchedBy = Callable[[UUID], Awaitable[WatchSessionResponse | None]]
"""What viewers may see of a session; None when they may not."""


class Bus(Protocol):
    """The part of the message bus that ticks need."""

    async def tick(self, subject: str, body: bytes) -> None:
        """Tell whoever listens."""
        ...


class Ticks:
    """Listens to views and fold, and publishes `live.<session id>.{activity,board,watch}`."""

    def __init__(self, bus: Bus, reads: Reads, watched: WatchedBy) -> None:
        self._bus, self._reads, self._watched_by = bus, reads, watched
        self._after = 0  # what was in the log when we started is no news
        self._lines: list[ActivityRow] = []
        self._told: dict[UUID, int] = {}  # position of the last line told of a session
        self._dirty: dict[UUID, None] = {}
        self._fading: dict[UUID, float] = {}  # when signals of a session were last folded
        self._faded = 0.0
        self._seen: dict[UUID, None] = {}
        self._news, self._changed = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen from now on."""
        self._after = await self._reads.store.last_position()
        self._reads.views.on_advance(self.on_views)
        self._tasks = [
            asyncio.create_task(self._keep_telling(self._tell_news), name="activity ticks"),
            asyncio.create_task(self._keep_telling(self._tell_boards), name="board ticks"),
        ]

    async def close(self) -> None:
        """Stop. What was not told is not told."""
        await stop(*self._tasks)
        self._tasks = []

    def on_views(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Take note of a page that views have committed. Called in the event loop; must not block."""
        fresh = [recorded for recorded in page if recorded.position > self._after]
        if "activity_feed" in positions:
            self._lines.extend(line for line in map(line_of, fresh) if line is not None)
            if len(self._lines) > MAX_WAITING:
                del self._lines[:-MAX_WAITING]
                self._told.clear()  # what was told last is no longer what came before
        if positions.keys() & set(BOARD):
            self._touch(_session_of(recorded.event) for recorded in fresh)
        if "session_list" in positions:
            watched = (r.event for r in fresh if isinstance(r.event, SessionEvent))
            self._seen |= {event.session_id: None for event in watched if not isinstance(event, _OURS)}
        if self._lines or self._seen:
            self._news.set()

    def on_folded(self, newest: Mapping[UUID, datetime]) -> None:
        """Take note of sessions whose signals were folded. Called in the event loop; must not block."""
        self._touch(newest)
        now = asyncio.get_running_loop().time()
        self._fading |= dict.fromkeys(newest, now)

    def _touch(self, sessions: Iterable[UUID | None]) -> None:
        self._dirty |= {session_id: None for session_id in sessions if session_id is not None}
        if self._dirty:
            self._changed.set()

    async def _keep_telling(self, tell: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await tell()
            except Refusal as refusal:  # an outage, or a view that is being built
                log.warning("ticks not told; they are tried again", reason=refusal.reason)
                await asyncio.sleep(RETRY_AFTER)
            except Exception:
                log.exception("ticks not told; the next ones are tried")
                await asyncio.sleep(RETRY_AFTER)

    async def _tell_news(self) -> None:
        await self._news.wait()
        self._news.clear()
        try:
            await self._tell_lines()
            await self._tell_watched()
        except Exception:
            self._news.set()  # what is left is told with the next try
            raise

    async def _tell_lines(self) -> None:
        lines, self._lines = self._lines, []
        mark = self._reads.watermark(("activity_feed",))
        try:
            told = await self._alone_if_need_be(
                lines, lambda some: activities(self._reads.store, self._reads.names, some), _line_session
            )
        except Exception:
            self._lines[:0] = lines
            raise
        for session_id in {line.session_id for line in lines} - {line.session_id for line, _ in told}:
            self._told.pop(session_id, None)  # the next tick does not follow on: who watches asks for what is missing
        answers: dict[UUID, ListActivityResponse] = {}
        for line, message in told:
            answer = answers.setdefault(
                line.session_id,
                ListActivityResponse(watermark=mark, after_position=self._told.pop(line.session_id, None)),
            )
            answer.activities.append(message)
        for session_id, answer in answers.items():
            await self._bus.tick(f"live.{session_id}.activity", answer.SerializeToString())
            self._told[session_id] = answer.activities[-1].position
        while len(self._told) > MAX_TOLD:
            del self._told[next(iter(self._told))]  # the one that was quiet for longest

    async def _tell_watched(self) -> None:
        for session_id in list(self._seen):
            del self._seen[session_id]  # first: what changes while we read is news again
            try:
                body = await self._watched_by(session_id)
            except Exception as error:
                if is_outage(error):
                    self._seen[session_id] = None
                    raise
                log.exception("not told what viewers see", session=str(session_id))
                continue
            if body is not None:
                await self._bus.tick(f"live.{session_id}.watch", body.SerializeToString())

    async def _tell_boards(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FADE_EVERY):
                await self._changed.wait()
        self._fade()
        sessions = list(self._dirty)[:MAX_BOARDS]
        for session_id in sessions:  # first: what changes while we read is dirty again
            del self._dirty[session_id]
        if not self._dirty:
            self._changed.clear()
        if not sessions:
            return
        try:
            found = await self._alone_if_need_be(sessions, self._boards, lambda session_id: session_id)
        except Exception:
            self._touch(sessions)
            raise
        for session_id, board in found:
            if board is not None:
                await self._bus.tick(f"live.{session_id}.board", board.SerializeToString())
        await asyncio.sleep(BOARD_EVERY)

    def _fade(self) -> None:
        """Tell boards again whose viewers go without a word: nothing else would change them."""
        now = asyncio.get_running_loop().time()
        if now - self._faded < FADE_EVERY:
            return
        self._faded = now
        self._fading = {session_id: at for session_id, at in self._fading.items() if now - at <= FADED_AFTER}
        self._touch(self._fading)

    async def _boards(self, sessions: Sequence[UUID]) -> list[GetBoardResponse | None]:
        found = await boards(self._reads, list(sessions))
        return [found.get(session_id) for session_id in sessions]

    async def _alone_if_need_be(
        self, what: Sequence[A], read: Callable[[Sequence[A]], Awaitable[Sequence[B]]], of: Callable[[A], UUID]
    ) -> list[tuple[A, B]]:
        """Read for all at once; when a defect forbids it, for each session alone, so that it stops only its own.

        Raises what an outage raises: then nothing is told, and all of it later.
        """
        try:
            return list(zip(what, await read(what), strict=True))
        except Exception as error:
            if is_outage(error):
                raise
        done: list[tuple[A, B]] = []
        for session_id in dict.fromkeys(map(of, what)):
            own = [one for one in what if of(one) == session_id]
            try:
                done += zip(own, await read(own), strict=True)
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("a session's ticks are not told", session=str(session_id))
        return done


def _line_session(line: ActivityRow) -> UUID:
    return line.session_id


def _session_of(event: Event) -> UUID | None:
    """Return the session whose board an event changes, if any."""
    if isinstance(event, _QUIET):
        return None
    session_id = getattr(event, "session_id", None)
    return session_id if isinstance(session_id, UUID) else None
