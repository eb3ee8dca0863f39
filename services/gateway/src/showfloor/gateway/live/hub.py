"""The hub of all channels: one subscription per watched session, kept a while after its last listener has left."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from showfloor.gateway.live.channel import Channel, Listener
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.frames import ToJson
from showfloor.messaging.bus import Bus
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import gauge
from showfloor.observability.tasks import stop

log = get_logger(__name__)
CHANNELS = gauge("live_channels", "Sessions that the gateway listens to.")

LINGER = 30.0  # seconds that a channel is kept for clients that reconnect
BEAT = 1.0  # seconds between looks at the channels


class Hub:
    """Takes ticks in and wakes listeners. `start` before use, `close` at the end."""

    def __init__(self, bus: Bus, feeds: Feeds, to_json: ToJson) -> None:
        self._bus, self._feeds, self._to_json = bus, feeds, to_json
        self._channels: dict[str, asyncio.Task[Channel]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look after the channels from now on."""
        self._task = asyncio.get_running_loop().create_task(self._look_after(), name="live hub")

    async def close(self) -> None:
        """End all subscriptions."""
        if self._task is not None:
            await stop(self._task)
        for session_id in list(self._channels):
            await self._drop(session_id)

    @asynccontextmanager
    async def listening(self, session_id: str, listener: Listener) -> AsyncIterator[Channel]:
        """Give the channel of a session while the block runs. Raises Refusal, RemoteDefect, BusUnavailable."""
        channel = await self._channel(session_id)
        channel.listeners.add(listener)
        try:
            yield channel
        finally:
            channel.listeners.discard(listener)
            channel.left_at = time.monotonic()

    async def _channel(self, session_id: str) -> Channel:
        opening = self._channels.get(session_id)
        if opening is None:
            opening = asyncio.get_running_loop().create_task(self._open(session_id), name="open channel")
            self._channels[session_id] = opening
        elif opening.done() and not opening.cancelled() and opening.exception() is None:
            return opening.result()  # at once, so that it is not dropped in between
        try:
            # Shielded: a caller who leaves early must not cancel it for the others.
            return await asyncio.shield(opening)
        except BaseException:
            if opening.done() and self._channels.get(session_id) is opening:
                del self._channels[session_id]
            raise

    async def _open(self, session_id: str) -> Channel:
        channel = Channel(session_id, self._feeds, self._to_json)
        channel.following = await self._bus.on_tick(f"live.{session_id}.*", channel.on_tick)
        try:
            await channel.open()
        except BaseException:
            await channel.following.close()
            raise
        CHANNELS.inc()
        return channel

    async def _drop(self, session_id: str) -> None:
        opening = self._channels.pop(session_id)
        with suppress(Exception):
            channel = await opening
            CHANNELS.dec()
            channel.close()
            assert channel.following is not None, "set when it was opened"
            await channel.following.close()

    async def _look_after(self) -> None:
        connected = True
        while True:
            await asyncio.sleep(BEAT)
            back = self._bus.connected and not connected
            connected = self._bus.connected
            for session_id, opening in list(self._channels.items()):
                if not opening.done():
                    continue
                if opening.cancelled() or opening.exception() is not None:
                    del self._channels[session_id]
                    continue
                channel = opening.result()
                if back:
                    channel.distrust()
                channel.check()
                if not channel.listeners and time.monotonic() - channel.left_at > LINGER:
                    await self._drop(session_id)
