"""The channel of one session: its newest board, its newest view for viewers, and the last lines of its feed.

A tick names the position before it. When a tick was lost, or none came for a while, the channel asks the session
service, so that no line is lost. Lines enter the ring in order, each once.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

from google.protobuf.message import DecodeError, Message

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_pb2 import Activity
from showfloor.api.session.v1.session_service_pb2 import WatchSessionResponse
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.frames import Lines, Snapshot, ToJson
from showfloor.gateway.live.ring import Ring
from showfloor.gateway.live.topics import ACTIVITY, BOARD, WATCH
from showfloor.messaging.bus import Following
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter

log = get_logger(__name__)
REPAIRED = counter("live_repaired_lines_total", "Lines of feeds that no tick brought and that were read instead.")
UNREADABLE = counter("live_unreadable_ticks_total", "Ticks that were no message of their kind.")

QUIET_FEED = 5.0  # seconds without a tick before the feed is asked whether one was lost
STALE = 30.0  # seconds without a tick before a snapshot is read anew
RETRY = 0.5  # seconds
_TYPES: dict[str, type[Message]] = {
    ACTIVITY: ListActivityResponse,
    BOARD: GetBoardResponse,
    WATCH: WatchSessionResponse,
}


class Listener(Protocol):
    """A listener of a channel."""

    def wake(self) -> None:
        """Look for news. Must not block."""
        ...


class Channel:
    """The channel of a session. Open it before use; it lives as long as it has listeners, and a while longer."""

    def __init__(self, session_id: str, feeds: Feeds, to_json: ToJson) -> None:
        self.session_id = session_id
        self._feeds, self._to_json = feeds, to_json
        self.ring = Ring(0)
        self.listeners: set[Listener] = set()
        self.following: Following | None = None
        self.left_at = time.monotonic()
        self._snapshots: dict[str, tuple[float, Snapshot]] = {}
        self._reading = asyncio.Lock()
        self._opened, self._needed, self._heard = False, 0, time.monotonic()
        self._mending: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Learn the end of the feed. Ticks must be coming in already, so that no line is missed."""
        end = await self._feeds.end(self.session_id)
        self.ring = Ring(end)
        self._opened = True
        if self._needed > end:
            self.mend(self._needed)

    def close(self) -> None:
        """Stop reading."""
        if self._mending is not None:
            self._mending.cancel()

    def on_tick(self, subject: str, body: bytes) -> None:
        """Take a tick in. Never blocks."""
        kind = subject.rpartition(".")[2]
        if kind not in _TYPES:
            return
        try:
            message = _TYPES[kind].FromString(body)
        except DecodeError:  # as good as lost
            log.warning("tick not understood", session=self.session_id, kind=kind)
            UNREADABLE.inc()
            return
        if isinstance(message, ListActivityResponse):
            self._take(message)
        else:
            self._snapshots[kind] = (time.monotonic(), Snapshot(kind, message, self._to_json))
            self._wake()

    def newest(self, kind: str) -> Snapshot | None:
        """Return the newest snapshot; None when none is known, or it is too old to be trusted."""
        at, found = self._snapshots.get(kind, (0.0, None))
        return found if time.monotonic() - at < STALE else None

    async def fresh(self, kind: str, token: str) -> Snapshot:
        """Return the newest snapshot, read once for all callers who wait. Raises Refusal, RemoteDefect."""
        async with self._reading:
            found = self.newest(kind)
            if found is None:
                message = await self._feeds.snapshot(kind, self.session_id, token)
                found = self.newest(kind)  # a tick that came meanwhile is newer
                if found is None:
                    found = Snapshot(kind, message, self._to_json)
                    self._snapshots[kind] = (time.monotonic(), found)
            return found

    def distrust(self) -> None:
        """The bus was away: what came last may be old."""
        self._snapshots.clear()
        self.mend(0)
        self._wake()

    def check(self) -> None:
        """Ask for lost ticks when none came for some time. Called once in a while."""
        if self._opened and self.listeners and time.monotonic() - self._heard > QUIET_FEED:
            self.mend(0)

    async def end(self) -> int:
        """Return the end of the feed, which may be ahead of the ring. Raises Refusal, RemoteDefect."""
        return max(self.ring.last, await self._feeds.end(self.session_id))

    async def read_after(self, position: int) -> ListActivityResponse:
        """Return the next lines after a position that may be older than the ring. Raises Refusal, RemoteDefect."""
        return await self._feeds.after(self.session_id, position, self.ring.base)

    def lines(self, answer: ListActivityResponse) -> Lines:
        """Return a page that was read for one client as a frame."""
        return Lines(answer, self._to_json)

    def mend(self, needed: int) -> None:
        """Read the lines after the ring's last one, at least up to position `needed`."""
        self._needed = max(self._needed, needed)
        self._heard = time.monotonic()
        if self._opened and (self._mending is None or self._mending.done()):
            self._mending = asyncio.get_running_loop().create_task(self._mend(), name="mend feed")

    def _take(self, answer: ListActivityResponse) -> None:
        if not answer.activities:
            return
        before = answer.after_position if answer.HasField("after_position") else None
        mending = self._mending is not None and not self._mending.done()
        if not self._opened or mending or before is None or before > self.ring.last:
            self.mend(answer.activities[-1].position)
            return
        self._heard = time.monotonic()
        self._append(answer.activities, answer)

    def _append(self, activities: Iterable[Activity], answer: ListActivityResponse) -> int:
        fresh = [one for one in activities if one.position > self.ring.last]
        if fresh:
            lines = ListActivityResponse(activities=fresh, watermark=answer.watermark)
            self.ring.append(Lines(lines, self._to_json))
            self._wake()
        return len(fresh)

    async def _mend(self) -> None:
        while True:
            needed = self._needed
            try:
                answer = await self._feeds.after(self.session_id, self.ring.last, needed)
            except Exception as error:  # this task alone keeps the feed going: it survives any error
                log.warning("feed not read; it is tried again", session=self.session_id, error=repr(error))
                await asyncio.sleep(RETRY)
                continue
            REPAIRED.inc(self._append(answer.activities, answer))
            if not answer.more:
                self.ring.pass_over(needed)
                if self._needed <= self.ring.last:
                    return

    def _wake(self) -> None:
        for listener in self.listeners:
            listener.wake()
