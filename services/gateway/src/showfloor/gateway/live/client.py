"""One open stream: its place in each feed, and what it has still to be sent.

No client has a queue. It has its place in the rings, and takes the newest board at its turn: a slow one skips boards,
never lines. A client that falls out of the ring is told to come back with its last id.

A client that keeps up is served by the fair queue (`serve`), while its task is parked in `wait`. The task is called for
what takes time: to ask the session service, to wait for a slow client, to say good-bye.
"""

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID

from showfloor.access.actor import Actor
from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.live.channel import Channel
from showfloor.gateway.live.fair_queue import FairQueue
from showfloor.gateway.live.frames import HEARTBEAT, Snapshot, frame
from showfloor.gateway.live.topics import ACTIVITY, Topic
from showfloor.gateway.live.wire import Wire
from showfloor.kernel.refusal import Refusal, RefusalKind

HEARTBEAT_EVERY = 15.0  # seconds without anything else
MOST_AT_ONCE = 64 * 1024  # bytes taken before looking anew at what is newest
RETRY_MS = 1_000


@dataclass(slots=True)
class Subscriber:
    """The caller who listens. `key` names them in limits."""

    key: str
    actor: Actor
    token: str
    sign_in_id: UUID | None = None
    viewer: ViewerToken | None = None  # a viewer's

    @property
    def comments_only(self) -> bool:
        """True for viewers."""
        return self.viewer is not None


@dataclass(slots=True)
class _Feed:
    channel: Channel
    position: int
    number: int = -1  # of the next frame in the ring; -1 while catching up


@dataclass(slots=True)
class _View:
    topic: Topic
    channel: Channel
    sent: Snapshot | None = None


class Client:
    """The state of a stream. Channels call `wake`, the fair queue calls `serve`, the stream's own task the rest."""

    def __init__(self, who: Subscriber, topics: list[Topic], queue: FairQueue) -> None:
        self.who, self.topics, self._queue = who, topics, queue
        self.sending_since = 0.0
        self.checked_at = self._sent_at = time.monotonic()
        self._called = asyncio.Event()
        self._in_line = False
        self._parked: Wire | None = None  # set while the task waits and turns may send
        self._feeds: list[_Feed] = []
        self._views: list[_View] = []
        self._farewell = b""
        self.ended, self.stuck, self.why = False, False, "left"

    def wake(self) -> None:
        """There may be news: join the queue."""
        if not self._in_line:
            self._in_line = True
            self._queue.join(self)

    def call(self) -> None:
        """Wake the task for what the queue cannot do."""
        self._called.set()

    def end(self, event: str, why: str, retry_ms: int = RETRY_MS) -> None:
        """Say good-bye and end; the first reason counts."""
        if not self._farewell:
            self._farewell, self.why = frame(event, {"why": why}, retry_ms=retry_ms), event
        self.call()

    def leave(self) -> None:
        """End without a farewell: the client has gone."""
        self.ended = True
        self.call()

    def serve(self) -> int:
        """Send what is new, or call the task when that takes time. Returns how many bytes were sent."""
        self._in_line = False
        wire = self._parked
        if wire is None or not wire.free or not self._settled():
            self.call()
            return 0
        part = self._new([])
        if part:
            wire.write(part)
        return len(part)

    def place(self, channels: dict[str, Channel], after: list[int] | None) -> bytes:
        """Take the place that the last id names, or the end of each feed. Returns the first event."""
        for topic in self.topics:
            channel = channels[topic.session_id]
            if topic.kind == ACTIVITY:
                position = channel.ring.last if after is None else after[len(self._feeds)]
                self._feeds.append(_Feed(channel, position))
            else:
                self._views.append(_View(topic, channel))
        data = {
            "topics": [str(topic) for topic in self.topics],
            "positions": {feed.channel.session_id: feed.position for feed in self._feeds},
            "heartbeat_s": HEARTBEAT_EVERY,
        }
        return frame("hello", data, self._id(), RETRY_MS)

    async def wait(self, wire: Wire) -> None:
        """Park, and let the queue send over the wire, until the task is called."""
        self._parked = wire
        try:
            await self._called.wait()
        finally:
            self._parked = None

    def due(self, now: float) -> None:
        """Called once a second: a heartbeat wakes the client."""
        if now - self._sent_at >= HEARTBEAT_EVERY:
            self.wake()

    async def take(self) -> bytes:
        """Return what is to be sent now; empty when nothing is. Raises Refusal, RemoteDefect."""
        self._called.clear()
        if self._farewell:
            self.ended = True
            return self._farewell
        parts = [await self._caught_up(feed) for feed in self._feeds if feed.number < 0]
        for view in self._views:
            await self._ask(view)
        return self._new(parts)

    def _settled(self) -> bool:
        """Tell whether sending needs no question to the session service."""
        if self._farewell:
            return False
        for feed in self._feeds:
            if feed.number < 0:
                return False
        for view in self._views:  # noqa: SIM110  a generator for each client is what a tick to thousands feels
            if view.channel.newest(view.topic.kind) is None:
                return False
        return True

    def _new(self, parts: list[bytes]) -> bytes:
        """Return the parts, and all news that was not sent yet, as one."""
        for view in self._views:
            newest = view.channel.newest(view.topic.kind)
            if newest is not None and newest is not view.sent:
                view.sent = newest
                parts.append(newest.frame())
        if self._feeds:
            size = sum(map(len, parts))
            for feed in self._feeds:
                size = self._take_lines(feed, parts, size)
            parts = [part for part in parts if part]
        now = time.monotonic()
        if not parts and now - self._sent_at >= HEARTBEAT_EVERY:
            parts = [HEARTBEAT]
        if parts:
            self._sent_at = now
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _ask(self, view: _View) -> None:
        """Ask for a snapshot when none is known."""
        try:
            if view.channel.newest(view.topic.kind) is None:
                await view.channel.fresh(view.topic.kind, self.who.token)
        except Refusal as refusal:
            # During an outage the client keeps its snapshot, the newest there is.
            if view.sent is None or refusal.kind is not RefusalKind.UNAVAILABLE:
                raise

    def _take_lines(self, feed: _Feed, parts: list[bytes], size: int) -> int:
        if feed.number < 0:
            self.wake()  # there is more to catch up with
            return size
        ring = feed.channel.ring
        while True:
            try:
                lines = ring.get(feed.number)
            except KeyError:
                self.end("resume", "too slow: the lines you need are kept elsewhere; come back with the last id")
                return size
            if lines is None:
                return size
            if size > MOST_AT_ONCE:
                self.wake()
                return size
            before, feed.position = feed.position, max(feed.position, lines.last)
            feed.number += 1
            id_ = self._id() if len(self._feeds) > 1 else ""
            parts.append(lines.frame_after(before, comments_only=self.who.comments_only, id_=id_))
            size += len(parts[-1])

    async def _caught_up(self, feed: _Feed) -> bytes:
        """Move a feed that stands before the ring one page on, or into the ring."""
        channel = feed.channel
        if feed.position > channel.ring.last:
            # An id from another replica may be ahead of our ring, which will get there; one from another log may not.
            feed.position = min(feed.position, await channel.end())
            channel.mend(0)
        if feed.position >= channel.ring.base:
            feed.number = channel.ring.number_after(feed.position)
            return b""
        base = channel.ring.base
        answer = await channel.read_after(feed.position)
        part = b""
        if answer.activities:
            before, feed.position = feed.position, answer.activities[-1].position
            part = channel.lines(answer).frame_after(before, comments_only=self.who.comments_only, id_=self._id())
        if not answer.more:
            feed.position = max(feed.position, base)
        return part

    def _id(self) -> str:
        return ",".join(str(feed.position) for feed in self._feeds)
