"""The wiring of live streams."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.gateway.http.clients import Ask
from showfloor.gateway.http.gateway import Gateway
from showfloor.gateway.http.transcode import encode
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.hub import Hub
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.sse import Callers, Streams
from showfloor.gateway.live.topics import Authorizer
from showfloor.messaging.bus import Bus
from showfloor.service.builder import Builder


@asynccontextmanager
async def live_streams(base: Builder, gateway: Gateway) -> AsyncIterator[Streams]:
    """Open the streams while the block runs; ended sign-ins and changed roles reach them at once."""
    beats = Beats(gateway.signals, gateway.config.beat_s)
    async with opened_streams(
        base.bus, gateway.clients.ask, gateway.callers, beats, gateway.config.max_streams
    ) as streams:
        gateway.access.sign_ins.on_revoked(streams.revoked)
        base.views.on_advance(lambda _positions, page: streams.changed() if page else None)
        yield streams


@asynccontextmanager
async def opened_streams(
    bus: Bus, ask: Ask, callers: Callers, beats: Beats, max_streams: int
) -> AsyncIterator[Streams]:
    """Open the streams while the block runs. Call their `drain` before the web server stops."""
    hub = Hub(bus, Feeds(ask, callers.internal_token), encode)
    streams = Streams(hub, callers, Authorizer(ask, callers.membership), beats, max_streams)
    hub.start()
    streams.start()
    try:
        yield streams
    finally:
        await streams.drain()
        await hub.close()
