"""Tells whoever watches the board of a LIVE, twice a second at most: `live.<session id>.board`.

A board that missed a tick gets the next.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.kernel.event import Event, Recorded
from showfloor.observability.tasks import stop
from showfloor.session.analytics.domain.report import MinuteSummarised, SessionReported, SessionRestated
from showfloor.session.analytics.edges.reads import BOARD, Reads
from showfloor.session.analytics.edges.rpc_board import boards
from showfloor.session.show.domain.session_events import SessionDeleted, SessionDetailsExpired, SignalsForgotten
from showfloor.session.show.edges.ticking import Bus, each_session_by_itself, keep_telling
from showfloor.session.signals.domain.seen import GONE_AFTER_MS

BOARD_EVERY: Final = 0.5  # seconds
FADE_EVERY: Final = 5.0  # seconds between two boards of a session from which no signals come: its viewers may be gone
FADED_AFTER: Final = GONE_AFTER_MS / 1000 + 2 * FADE_EVERY  # then nobody is left who could be
MAX_BOARDS: Final = 500  # read at once

_QUIET: Final = (
    MinuteSummarised,
    SessionReported,
    SessionRestated,
    SessionDeleted,
    SessionDetailsExpired,
    SignalsForgotten,
)
"""Events that change no board."""


class BoardTicks:
    """Listens to views and fold, and publishes boards."""

    def __init__(self, bus: Bus, reads: Reads) -> None:
        self._bus, self._reads = bus, reads
        self._after = 0  # what was in the log when we started is no news
        self._dirty: dict[UUID, None] = {}
        self._fading: dict[UUID, float] = {}  # when signals of a session were last folded
        self._faded = 0.0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on."""
        self._after = await self._reads.store.last_position()
        self._reads.views.on_advance(self.on_views)
        self._task = asyncio.create_task(keep_telling(self._tell), name="board ticks")

    async def close(self) -> None:
        """Stop. What was not told is not told."""
        if self._task is not None:
            await stop(self._task)

    def on_views(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Take note of a page that views have committed. Called in the event loop; must not block."""
        if positions.keys() & set(BOARD):
            self._touch(_session_of(recorded.event) for recorded in page if recorded.position > self._after)

    def on_folded(self, newest: Mapping[UUID, datetime]) -> None:
        """Take note of sessions whose signals were folded. Called in the event loop; must not block."""
        self._touch(newest)
        now = asyncio.get_running_loop().time()
        self._fading |= dict.fromkeys(newest, now)

    def _touch(self, sessions: Iterable[UUID | None]) -> None:
        self._dirty |= {session_id: None for session_id in sessions if session_id is not None}
        if self._dirty:
            self._changed.set()

    async def _tell(self) -> None:
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
            found = await each_session_by_itself(sessions, self._boards, lambda session_id: session_id)
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


def _session_of(event: Event) -> UUID | None:
    """Return the session whose board an event changes, if any."""
    if isinstance(event, _QUIET):
        return None
    session_id = getattr(event, "session_id", None)
    return session_id if isinstance(session_id, UUID) else None
