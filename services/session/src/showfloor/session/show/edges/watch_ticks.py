"""Tells whoever watches a LIVE what viewers see of it, when it changes: `live.<session id>.watch`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from showfloor.api.session.v1.session_service_pb2 import WatchSessionResponse
from showfloor.eventstore.outage import is_outage
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.event import Recorded
from showfloor.observability.logging import get_logger
from showfloor.observability.tasks import stop
from showfloor.session.show.domain.session_events import (
    ScriptSet,
    SessionDeleted,
    SessionDetailsExpired,
    SessionEvent,
    SignalsForgotten,
)
from showfloor.session.show.edges.ticking import Bus, keep_telling
from showfloor.session.show.views import pins

log = get_logger(__name__)

_UNSEEN: Final = (ScriptSet, SessionDeleted, SessionDetailsExpired, SignalsForgotten)
"""Events that viewers see nothing of."""

WatchedBy = Callable[[UUID], Awaitable[WatchSessionResponse | None]]
"""What viewers may see of a session; None when they may not."""


class WatchTicks:
    """Listens to views, and publishes what viewers see."""

    def __init__(self, bus: Bus, runtime: Runtime, watched_by: WatchedBy) -> None:
        self._bus, self._store, self._views, self._watched_by = bus, runtime.store, runtime.views, watched_by
        self._after = 0  # what was in the log when we started is no news
        self._seen: dict[UUID, None] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on."""
        self._after = await self._store.last_position()
        self._views.on_advance(self.on_views)
        self._task = asyncio.create_task(keep_telling(self._tell), name="watch ticks")

    async def close(self) -> None:
        """Stop. What was not told is not told."""
        if self._task is not None:
            await stop(self._task)

    def on_views(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Take note of a page that views have committed. Called in the event loop; must not block."""
        if pins.VIEW.name not in positions:
            return
        fresh = (recorded.event for recorded in page if recorded.position > self._after)
        seen = (event for event in fresh if isinstance(event, SessionEvent) and not isinstance(event, _UNSEEN))
        self._seen |= {event.session_id: None for event in seen}
        if self._seen:
            self._news.set()

    async def _tell(self) -> None:
        await self._news.wait()
        self._news.clear()
        for session_id in list(self._seen):
            del self._seen[session_id]  # first: what changes while we read is news again
            try:
                body = await self._watched_by(session_id)
            except Exception as error:
                if is_outage(error):
                    self._seen[session_id] = None
                    self._news.set()  # what is left is told with the next try
                    raise
                log.exception("not told what viewers see", session=str(session_id))
                continue
            if body is not None:
                await self._bus.tick(f"live.{session_id}.watch", body.SerializeToString())
