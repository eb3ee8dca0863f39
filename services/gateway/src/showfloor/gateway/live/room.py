"""The room as wiring sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.gateway.api.transcode import encode
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.hub import Hub
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.sse import Callers, Streams
from showfloor.gateway.live.topics import Ask, Gate
from showfloor.messaging.bus import Bus


@asynccontextmanager
async def live_streams(bus: Bus, ask: Ask, callers: Callers, beats: Beats, max_streams: int) -> AsyncIterator[Streams]:
    """Give the streams while the block runs. Call their `drain` before the web server stops."""
    hub = Hub(bus, Feeds(ask, callers.internal_token), encode)
    streams = Streams(hub, callers, Gate(ask), beats, max_streams)
    hub.start()
    streams.start()
    try:
        yield streams
    finally:
        await streams.drain()
        await hub.close()
