"""Tells whoever watches what happens in a LIVE, at once: `live.<session id>.activity`.

A feed that missed a tick asks again from its last position.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.event import Recorded
from showfloor.observability.tasks import stop
from showfloor.service import watermarks
from showfloor.session.activity.edges.rpc_activity import activities
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.activity.views import activity_feed
from showfloor.session.activity.views.activity_feed import ActivityRow, line_of
from showfloor.session.show.edges.ticking import Bus, each_session_by_itself, keep_telling

MAX_TOLD: Final = 10_000  # sessions
MAX_WAITING: Final = 10_000  # lines of the feed; a client that misses some asks for them


class ActivityTicks:
    """Listens to views, and publishes new lines of the feed."""

    def __init__(self, bus: Bus, runtime: Runtime, names: ViewerNames) -> None:
        self._bus, self._store, self._views, self._names = bus, runtime.store, runtime.views, names
        self._after = 0  # what was in the log when we started is no news
        self._lines: list[ActivityRow] = []
        self._told: dict[UUID, int] = {}  # position of the last line told of a session
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on."""
        self._after = await self._store.last_position()
        self._views.on_advance(self.on_views)
        self._task = asyncio.create_task(keep_telling(self._tell), name="activity ticks")

    async def close(self) -> None:
        """Stop. What was not told is not told."""
        if self._task is not None:
            await stop(self._task)

    def on_views(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Take note of a page that views have committed. Called in the event loop; must not block."""
        if activity_feed.VIEW.name not in positions:
            return
        fresh = (recorded for recorded in page if recorded.position > self._after)
        self._lines.extend(line for line in map(line_of, fresh) if line is not None)
        if len(self._lines) > MAX_WAITING:
            del self._lines[:-MAX_WAITING]
            self._told.clear()  # what was told last is no longer what came before
        if self._lines:
            self._news.set()

    async def _tell(self) -> None:
        await self._news.wait()
        self._news.clear()
        lines, self._lines = self._lines, []
        mark = watermarks.watermark(self._views, (activity_feed.VIEW.name,))
        try:
            told = await each_session_by_itself(
                lines, lambda some: activities(self._store, self._names, some), _session_of
            )
        except Exception:
            self._lines[:0] = lines
            self._news.set()  # what is left is told with the next try
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


def _session_of(line: ActivityRow) -> UUID:
    return line.session_id
