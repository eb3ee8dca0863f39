"""The relay copies a service's public events from its log to the bus, in the order of the log.

It remembers nothing of its own: the stream's last messages say how far it came. Each message names the
sequence it must follow, so a broken connection or a second relay can never change the order; whatever goes
wrong, the relay reads the stream's end again and goes on from there. An outage is waited for. An event that cannot be
published is kept as a dead letter, and a stand-in takes its place: see `unpublished`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from typing import Protocol

import msgspec

from showfloor.kernel.event import Recorded
from showfloor.messaging.bus import Bus, BusUnavailable, MessageRejected, Outgoing, StreamSpec, WrongSequence
from showfloor.messaging.public import POSITION, PublicMessage, stream_of, subject_of, to_outgoing
from showfloor.messaging.tracking import DeadLetters, dead_letter
from showfloor.messaging.unpublished import Publish, stand_in, told
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, gauge
from showfloor.observability.tracing import page_span

log = get_logger(__name__)
PUBLISHED = counter("relay_published_total", "Public events confirmed by the bus.", ["app"])
POSITION_AT = gauge("relay_position", "Position in the log up to which the relay has come.", ["app"])
UNPUBLISHED = gauge("relay_unpublished", "Events that cannot be published; they wait for a person.", ["app"])
FAILURES = counter("relay_failures_total", "Times the relay had to start again from the stream's end.", ["app"])

PAGE = 500  # events
POLL = 2.0  # seconds without a wake-up before looking again
PACE = 0.05  # seconds between two looks at least: a page of many events costs hardly more than a page of one
RETRY_PAUSE, MAX_RETRY_PAUSE = 0.2, 5.0  # seconds
MAX_STREAM_BYTES = 256 * 1024**2  # the server sets this much of its store aside
# No age limit: the last message says how far the relay came, so it must stay, however quiet the service is.


class Lease(Protocol):
    """Being the one active instance, as long as it lasts."""

    async def held(self) -> bool:
        """Tell whether we still are. Asked every few seconds."""
        ...


Leadership = Callable[[], AbstractAsyncContextManager[Lease]]
"""Entering waits, for as long as it takes, until this process is the active one."""

ReadLog = Callable[[int, int], Awaitable[Sequence[Recorded]]]
"""(after, limit) -> the next events of the log in order."""


class RelayStatus(msgspec.Struct, frozen=True):
    """`state` is waiting (another instance is active), publishing, idle or retrying; `lag` in positions.

    `unpublished` events cannot be published: stand-ins took their places.
    """

    state: str
    position: int
    lag: int
    published: int
    problem: str = ""
    unpublished: int = 0


class Relay:
    """One per service; `run` it as a task."""

    def __init__(
        self,
        *,
        app: str,
        bus: Bus,
        leadership: Leadership,
        read_log: ReadLog,
        publish: Publish,
        dead_letters: DeadLetters,
        max_bytes: int = MAX_STREAM_BYTES,
        poll: float = POLL,
    ) -> None:
        self.letters = f"{app}/relay"
        self._dead = dead_letters
        self._kept: set[int] = set()  # positions of dead letters
        self._app, self._bus, self._leadership = app, bus, leadership
        self._read_log, self._publish, self._poll = read_log, publish, poll
        self._spec = StreamSpec(name=stream_of(app), subjects=(subject_of(app),), max_bytes=max_bytes)
        self._news = asyncio.Event()
        self._head = self._position = self._published = 0
        self._previous = 0  # position published last
        self._sequence = 0  # the stream's last
        self._state, self._problem = "waiting", ""

    def wake(self, position: int = 0) -> None:
        """Say that the log grew, up to `position` if known. Known already: nothing happens."""
        if position > self._head or not position:
            self._head = max(self._head, position)
            self._news.set()

    def status(self) -> RelayStatus:
        lag = max(0, self._head - self._position)
        return RelayStatus(self._state, self._position, lag, self._published, self._problem, len(self._kept))

    async def run(self) -> None:
        """Relay until cancelled. Whatever fails is tried again."""
        pause = RETRY_PAUSE
        while True:
            before = self._published
            try:
                self._state = "waiting"
                async with self._leadership() as lease:
                    await self._lead(lease)
                self._problem = ""
            except Exception as error:  # a relay that dies silently would be worse than any error
                self._state, self._problem = "retrying", f"{type(error).__name__}: {error}"
                FAILURES.labels(self._app).inc()
                expected = isinstance(error, BusUnavailable | WrongSequence)
                log.warning("relay starts again", app=self._app, error=repr(error), exc_info=not expected)
            pause = RETRY_PAUSE if self._published > before else min(pause * 2, MAX_RETRY_PAUSE)
            await asyncio.sleep(pause)

    async def rebuild(self) -> None:
        """Delete the stream; the active relay, wherever it runs, fills a new one from the log's beginning.

        Safe: it holds copies of public events alone, and its one owner is the service that has them in its log.
        """
        await self._bus.delete_stream(self._spec.name)
        self.wake()

    async def _lead(self, lease: Lease) -> None:
        created = await self._resume()
        self._count_kept({letter.position for letter in await self._dead.dead_letters(self.letters)})
        checked = asyncio.get_running_loop().time()
        while True:
            self._news.clear()
            began = asyncio.get_running_loop().time()
            page = await self._read_log(self._position, PAGE)
            if page:
                self._state = "publishing"
                try:
                    await self._publish_page(page)
                except MessageRejected:
                    created = await self._resume()
                    await self._publish_singly(page)
            now = asyncio.get_running_loop().time()
            if now - checked >= self._poll:
                checked = now
                info = await self._bus.stream_info(self._spec.name)
                if not await lease.held() or info is None or info.created != created:
                    return  # led by another, or the stream was rebuilt: begin again
            if len(page) < PAGE:
                self._state, self._problem = "idle", ""
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._news.wait()
                await asyncio.sleep(max(0.0, began + PACE - asyncio.get_running_loop().time()))

    async def _resume(self) -> datetime:
        """Learn from the stream's end how far the relay came. Returns the stream's creation time.

        Messages of an earlier attempt may still be arriving while we look, or be lost again with the server
        that showed them. So position and sequence are taken from one message, and it must be the last still
        when everything is read.
        """
        created = (await self._bus.ensure_stream(self._spec)).created
        end = await self._bus.last_message(self._spec.name, subject_of(self._app))
        info = await self._bus.stream_info(self._spec.name)
        if info is None or info.created != created or (end is None) != (info.messages == 0):
            raise WrongSequence("the stream changed while its end was read")
        if end is not None and end.stream_position.sequence != info.last_sequence:
            raise WrongSequence("the stream grew or shrank while its end was read")
        self._sequence = info.last_sequence
        self._previous = self._position = int(end.headers[POSITION]) if end is not None else 0
        log.info("relay starts", app=self._app, position=self._position)
        return created

    async def _publish_singly(self, page: Sequence[Recorded]) -> None:
        """Find the event that the broker refuses for good. It refuses the stand-in too: then it is not the event."""
        for recorded in page:
            if recorded.position > self._position:
                try:
                    await self._publish_page([recorded])
                except MessageRejected as refused:
                    await self._publish_page([recorded], refused=str(refused))

    async def _publish_page(self, page: Sequence[Recorded], refused: str = "") -> None:
        previous = self._previous
        outgoing: list[Outgoing] = []
        traces: list[str] = []
        for recorded in page:
            event, why_not = told(self._publish, recorded)
            if event is None:
                continue
            if refused:
                event, why_not = stand_in(recorded, event.key), why_not or refused
            message = PublicMessage(self._app, recorded.position, previous, event, recorded.meta.traceparent)
            if why_not and recorded.position not in self._kept:
                await self._keep(message, why_not)
            elif not why_not and recorded.position in self._kept:
                await self.forget(recorded.position)  # mended; refused again, it is kept again
            msg_id = f"{self._app}/{recorded.position}/unpublished" if why_not else ""
            outgoing.append(to_outgoing(message, self._sequence + len(outgoing), msg_id))
            traces.append(message.traceparent)
            previous = recorded.position
        if outgoing:
            with page_span("relay publish", traces, events=len(outgoing)):
                await self._bus.publish_page(outgoing)
        self._previous = previous
        self._sequence += len(outgoing)
        self._published += len(outgoing)
        self._position = page[-1].position
        self._head = max(self._head, self._position)
        PUBLISHED.labels(self._app).inc(len(outgoing))
        POSITION_AT.labels(self._app).set(self._position)

    async def _keep(self, message: PublicMessage, reason: str) -> None:
        """Keep a dead letter before its stand-in is published, so that none is missing."""
        await self._dead.keep(self.letters, dead_letter(message, reason))
        self._count_kept(self._kept | {message.position})
        log.error("event cannot be published", app=self._app, position=message.position, reason=reason)

    async def forget(self, position: int) -> None:
        """Forget a dead letter: the event can be told now."""
        await self._dead.forget(self.letters, position)
        self._count_kept(self._kept - {position})

    def _count_kept(self, kept: set[int]) -> None:
        self._kept = kept
        UNPUBLISHED.labels(self._app).set(len(kept))
