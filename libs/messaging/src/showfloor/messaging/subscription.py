"""Handling another service's public events: each exactly once, in order, whatever the broker does.

The truth is the position in our own database, committed together with the effect. Each message names the
one before it, so a hole is seen at once and filled from the owner's log. A message that cannot be handled
becomes a dead letter in a table and can be replayed; when there are too many the subscription stops.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import msgspec

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import BEGINNING, StreamPosition, TrackingConflict
from showfloor.messaging.bus import Bus, BusUnavailable, Delivered
from showfloor.messaging.public import PublicMessage, from_delivered, stream_of, subject_of
from showfloor.messaging.tracking import Tracking, dead_letter, message_of
from showfloor.messaging.unpublished import TYPE, NotTold
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, gauge
from showfloor.observability.tracing import span

log = get_logger(__name__)
HANDLED = counter("subscription_handled_total", "Public events handled.", ["name"])
REPAIRED = counter("subscription_repaired_total", "Events missing on the bus, fetched from the owner.", ["name"])
DEAD_LETTERS = gauge("subscription_dead_letters", "Public events that cannot be handled.", ["name"])
STOPPED = gauge("subscription_stopped", "1 when there are too many dead letters; waits for a person.", ["name"])

PAGE = 200  # messages that one transaction may cover
QUIET = 1_000  # positions that may be passed without a word to the database while nothing comes of the messages

S = TypeVar("S")
T = TypeVar("T")

Handle = Callable[[PublicMessage], Awaitable[Sequence[S]]]
"""What to do about a message: statements, committed with its position. It may be called again for a message
whose commit failed, so anything else that it does (a command) must be idempotent: derive ids from the message."""

ReadEvents = Callable[[int, int], Awaitable[Sequence[PublicMessage]]]
"""(after, limit) -> the owner's public events after a position, in order."""


def _is_transient(error: BaseException) -> bool:
    """Tell whether trying again may help: the bus, a connection, a service that is down, a faster runner.

    An outage of the database comes as a Refusal UNAVAILABLE: the event store tells it from a defect.
    """
    if isinstance(error, Refusal):
        return error.kind is RefusalKind.UNAVAILABLE
    return isinstance(error, BusUnavailable | OSError | TimeoutError | TrackingConflict)


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Transient errors are tried for ever, others `tries` times; pauses in seconds, doubling."""

    tries: int = 3
    pause: float = 0.1
    max_pause: float = 5.0
    max_dead_letters: int = 100


class _TooManyDeadLetters(Exception):
    """Makes `run` stand still: going on would only make more dead letters."""


class SubscriptionStatus(msgspec.Struct, frozen=True):
    """`state` is starting, following, repairing, retrying or stopped."""

    name: str
    state: str
    position: int
    handled: int
    repaired: int
    dead_letters: int
    problem: str = ""


class Subscription(Generic[S]):
    """One upstream service, for one purpose. A second runner is harmless, but wastes work."""

    def __init__(
        self,
        *,
        bus: Bus,
        upstream: str,
        name: str,
        handle: Handle[S],
        tracking: Tracking[S],
        read_events: ReadEvents,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        emptied: Sequence[S] = (),
    ) -> None:
        """`emptied`: what takes back all effects, when they are a copy of what the owner says (`start_over`)."""
        self.name = f"{upstream}>{name}"
        self._bus, self._upstream = bus, upstream
        self._handle, self._tracking, self._read_events = handle, tracking, read_events
        self._retry, self._emptied = retry, emptied
        self._position = self._handled = self._repaired = self._dead_letters = 0
        self._stored = 0  # our position as the database has it
        self._read = BEGINNING  # on the bus
        self._state, self._problem = "starting", ""
        self._freed = asyncio.Event()  # from standing still
        self._turn = asyncio.Lock()  # what comes by the bus and what the owner is asked for are handled in turn
        self._loaded = False
        self._listeners: list[Callable[[int], None]] = []

    @property
    def position(self) -> int:
        """The position of the owner's log up to which everything is handled."""
        return self._position

    def on_advance(self, listener: Callable[[int], None]) -> None:
        """Call `listener(position)` whenever more is handled, here or by another runner."""
        self._listeners.append(listener)

    def status(self) -> SubscriptionStatus:
        counts = (self._position, self._handled, self._repaired, self._dead_letters)
        return SubscriptionStatus(self.name, self._state, *counts, self._problem)

    async def lag(self) -> int:
        """Return how many messages the broker holds that are not handled yet. Raises BusUnavailable."""
        info = await self._bus.stream_info(stream_of(self._upstream))
        if info is None:
            return 0
        read = self._read.sequence if info.created == self._read.created else 0
        return max(0, info.last_sequence - read)

    async def run(self) -> None:
        """Handle messages until cancelled. With too many dead letters it stops until enough are replayed."""
        while True:
            await self._run()
            await self._freed.wait()
            STOPPED.labels(self.name).set(0)
            log.info("subscription goes on", name=self.name, dead_letters=self._dead_letters)

    async def _run(self) -> None:
        async with self._turn:
            await self._persist(self._load)
        reader = self._bus.reader(stream_of(self._upstream), [subject_of(self._upstream)], self._read)
        self._state, self._problem = "following", ""
        try:
            self._stop_if_too_many()
            while True:
                page = await reader.page(PAGE)
                async with self._turn:
                    await self._take(page)
        except _TooManyDeadLetters:
            self._freed.clear()
            self._state = "stopped"
            self._problem = f"{self._dead_letters} events are dead letters: mend the handler, then replay them"
            STOPPED.labels(self.name).set(1)
            log.error("subscription stopped", name=self.name, dead_letters=self._dead_letters)
        finally:
            await reader.close()

    async def catch_up(self) -> bool:
        """Handle at once what the owner's log holds beyond our position, whether or not the bus brings it.

        Returns True when there is no more; one that stands still goes no further. Raises what asking the owner raises.
        """
        async with self._turn:
            if not self._loaded:
                await self._load()
            with suppress(_TooManyDeadLetters):
                self._stop_if_too_many()
                while page := await self._read_events(self._position, PAGE):
                    await self._commit([one for one in page if one.position > self._position], self._read)
                return True
            return False

    async def start_over(self) -> None:
        """Take back all effects, and stand at the beginning of the owner's log.

        For a copy of what the owner says, when its log is not the one that was read before. What the bus still holds of
        that one is not read again.
        """
        async with self._turn:
            with suppress(TrackingConflict):  # another runner did it
                await self._tracking.start_over(self._emptied, self.name, after=self._stored)
                log.warning("the owner's whole log is handled anew", name=self.name)
            read = self._read
            await self._load()
            self._read = read

    async def whole(self) -> bool:
        """Tell whether everything up to our position was handled: nothing is a dead letter."""
        self._count_dead_letters(len(await self._tracking.dead_letters(self.name)))
        return self._dead_letters == 0

    async def replay_dead_letters(self, only: int | None = None) -> int:
        """Handle again, in order, the dead letters, or only the one at a position.

        Returns how many are done. Those that fail stay, logged. A copy of what the owner says is made anew, so that an
        old event does not undo what came after it.
        """
        if self._emptied:
            return await self.remake()
        done = 0
        for letter in await self._tracking.dead_letters(self.name):
            if only not in {None, letter.position}:
                continue
            try:
                statements = await self._statements(message_of(letter))
                await self._tracking.settle_dead_letter(statements, self.name, letter.position)
                done += 1
            except Exception:
                log.exception("still not handled", name=self.name, position=letter.position)
        self._count_dead_letters(len(await self._tracking.dead_letters(self.name)))
        if self._dead_letters <= self._retry.max_dead_letters:
            self._freed.set()
        return done

    async def remake(self) -> int:
        """Make a copy of what the owner says anew, from its whole log; return how many dead letters went with it."""
        before = len(await self._tracking.dead_letters(self.name))
        await self.start_over()
        await self.catch_up()
        await self.whole()
        self._freed.set()
        return max(before - self._dead_letters, 0)

    async def _load(self) -> None:
        position, self._read = await self._tracking.position(self.name)
        self._stored, self._loaded = position, True
        self._advance(position)
        self._count_dead_letters(len(await self._tracking.dead_letters(self.name)))

    async def _take(self, page: Sequence[Delivered]) -> None:
        """Handle what is new in the page, filling holes from the owner before going past them."""
        batch: list[PublicMessage] = []
        read = self._read
        for delivered in page:
            try:
                message = from_delivered(delivered)
            except ValueError as error:  # not ours, or damaged: if it was an event, it is now a hole
                log.error("message not understood", name=self.name, error=str(error))
                continue
            last = batch[-1].position if batch else self._position
            if message.position <= last:
                read = delivered.stream_position
                continue
            if message.previous != last:
                await self._commit(batch, read)
                batch = []
                await self._repair(message)
            if message.position > self._position:
                batch.append(message)
            read = delivered.stream_position
        await self._commit(batch, read)
        self._read = read  # also past what was handled before

    async def _repair(self, until: PublicMessage) -> None:
        """Fetch and handle what the owner lists before `until`; what it lists no more is passed over."""
        log.info("filling a hole", name=self.name, after=self._position, until=until.position)
        self._state = "repairing"
        while True:
            page = await self._persist(lambda: self._read_events(self._position, PAGE))
            missing = [m for m in page if self._position < m.position < until.position]
            await self._commit(missing, self._read)
            self._repaired += len(missing)
            REPAIRED.labels(self.name).inc(len(missing))
            if not missing or len(missing) < len(page):
                break
        if self._position < until.previous:
            log.warning("the owner does not list a missing event", name=self.name, position=until.previous)
        self._state = "following"

    async def _commit(self, batch: Sequence[PublicMessage], read: StreamPosition) -> None:
        """Handle and commit all in one transaction; if that fails, one by one, to find the one at fault."""
        if not batch:
            return
        try:
            await self._attempt(batch, read)
        except Exception as error:
            log.warning("handling one by one", name=self.name, messages=len(batch), error=repr(error))
            for message in batch:
                await self._commit_one(message, read if message is batch[-1] else self._read)

    async def _attempt(self, batch: Sequence[PublicMessage], read: StreamPosition) -> None:
        statements: list[S] = []
        for message in batch:
            with span(f"handle {message.event.type}", message.traceparent or None):
                statements.extend(await self._statements(message))
        position = batch[-1].position
        if statements or position - self._stored >= QUIET:  # else nothing came of them: read again, they do nothing
            await self._tracking.commit(statements, self.name, position, read, after=self._stored)
            self._stored = position
        self._read = read
        self._advance(position)
        self._handled += len(batch)
        HANDLED.labels(self.name).inc(len(batch))

    async def _statements(self, message: PublicMessage) -> Sequence[S]:
        """Return what is to be done about a message; what a stand-in stands for is asked of the owner."""
        if message.event.type != TYPE:
            return await self._handle(message)
        found = await self._read_events(message.position - 1, 1)
        real = next((one for one in found if one.position == message.position), None)
        if real is None:
            return []  # mended there so that it is nothing that we may see
        if real.event.type == TYPE:
            raise NotTold(f"{self._upstream} cannot tell what its event {message.position} was")
        return await self._handle(real)

    async def _commit_one(self, message: PublicMessage, read: StreamPosition) -> None:
        tries, reason, pause = 0, "", self._retry.pause
        while not await self._reached(message):
            try:
                if tries < self._retry.tries:
                    await self._attempt([message], read)
                else:
                    await self._add_dead_letter(message, reason, read)
                break
            except Exception as error:
                self._retrying(error)
                if not _is_transient(error):
                    tries, reason = tries + 1, self._problem
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._retry.max_pause)
        self._read, self._state, self._problem = read, "following", ""
        self._stop_if_too_many()

    async def _reached(self, message: PublicMessage) -> bool:
        """Ask the database whether the message is handled: after all, or by another runner."""
        known = self._stored
        self._stored, _ = await self._persist(lambda: self._tracking.position(self.name))
        self._advance(max(self._position, self._stored))
        if self._stored < known:  # a failover or a restored copy took commits back: handle them again
            log.error("the database went back", name=self.name, position=self._stored, known=known)
            self._advance(self._stored)
            await self._repair(message)
        return self._position >= message.position

    async def _add_dead_letter(self, message: PublicMessage, reason: str, read: StreamPosition) -> None:
        letter = dead_letter(message, reason)
        self._count_dead_letters(await self._tracking.add_dead_letter(self.name, letter, read, after=self._stored))
        self._stored = message.position
        self._advance(message.position)
        log.error("event is a dead letter", name=self.name, position=message.position, reason=reason)

    def _stop_if_too_many(self) -> None:
        if self._dead_letters > self._retry.max_dead_letters:
            raise _TooManyDeadLetters

    def _advance(self, position: int) -> None:
        moved, self._position = position != self._position, position
        for listener in self._listeners if moved else ():
            listener(position)

    async def _persist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do what must be done before anything else can be, however long it takes."""
        pause = self._retry.pause
        while True:
            try:
                return await work()
            except Exception as error:
                self._retrying(error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._retry.max_pause)

    def _retrying(self, error: Exception) -> None:
        self._state, self._problem = "retrying", f"{type(error).__name__}: {error}"
        log.warning("subscription tries again", name=self.name, error=repr(error))

    def _count_dead_letters(self, count: int) -> None:
        self._dead_letters = count
        DEAD_LETTERS.labels(self.name).set(count)
