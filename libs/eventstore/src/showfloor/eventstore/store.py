"""The front door of the event log: execute a command, load a stream, read the log."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from showfloor.eventstore.batch import Pending, reused
from showfloor.eventstore.group import MAX_STEPS, Groups, Preview, Step
from showfloor.eventstore.keyring import Keyring, KeyringAway
from showfloor.eventstore.log import Done, Log, LogUnavailable
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.postgres_log import PostgresLog
from showfloor.eventstore.streams import Loaded, Outcome, Streams
from showfloor.eventstore.writer import Writer, away
from showfloor.kernel.command import digest_of
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind

S = TypeVar("S")
F = TypeVar("F")
T = TypeVar("T")

MAX_PAGE = 1_000
RECENT = 0.05  # seconds: for questions where what another replica wrote just now may still be unknown
MAX_GROUPS = 16  # under way and waiting; each holds its rows in memory
_AHEAD = 2_000  # events of a page of a rebuild: a larger one would hold up the event loop while it is decoded

_NO_META = Meta()


class Page(NamedTuple):
    """A page of the log: its events that are known here, the position of its last one, and whether more may follow."""

    events: list[Recorded]
    position: int
    full: bool


class Store:
    """A service's streams. Its coroutines run on any event loop, and raise Refusal UNAVAILABLE (STORE_UNAVAILABLE)
    while the database is away."""

    def __init__(
        self,
        log: Log,
        deciders: Iterable[Decider[Any]],
        *,
        cache_limit: int = 50_000,
        queue_limit: int = 10_000,
        timeout: float = 5.0,
        keyring: Keyring | None = None,
    ) -> None:
        """`cache_limit` streams, `queue_limit` waiting commands, `timeout` seconds when a caller names none.

        `keyring`: by which what people write is sealed; without one it can be read by this store alone.
        """
        deciders = tuple(deciders)
        self.log = log
        self.mapper = Mapper(deciders, keyring)
        self._secret = keyring.secret if keyring else b""
        self._streams = Streams(log, self.mapper, deciders, cache_limit)
        self._queue_limit = queue_limit
        self._timeout = timeout
        self._writer = Writer(log, self.mapper, self._streams)
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="eventstore-reader")
        self._groups = Groups(log, self.mapper, self._streams, self._writer.on_commit, self._secret)
        self._grouping = ThreadPoolExecutor(1, thread_name_prefix="eventstore-group")
        self._grouped = 0  # groups under way or waiting
        self._closed = False

    @classmethod
    def postgres(cls, dsn: str, deciders: Iterable[Decider[Any]], **limits: Any) -> "Store":
        """Open the store in a migrated database. Raises LogUnavailable when it cannot be reached."""
        return cls(PostgresLog(dsn), deciders, **limits)

    @property
    def keyring(self) -> Keyring:
        """The keys of what people wrote."""
        return self.mapper.keyring

    def alive(self) -> bool:
        """Tell whether commands are taken: the writer has not ended."""
        return self._writer.alive()

    def on_commit(self, listener: Callable[[int], None]) -> None:
        """Call `listener(last_position)` in the writer thread after each commit. It must not block."""
        self._writer.on_commit.append(listener)

    async def execute(
        self,
        decider: Decider[S],
        stream: UUID,
        rule: Callable[[S, F], Sequence[Event]],
        command: F,
        meta: Meta = _NO_META,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - the store itself keeps it
        new: bool = False,
        remember_as: str | None = None,
    ) -> Outcome[S]:
        """Decide on the stream's newest state and commit the events. Returns after the commit.

        A command that was done before is not decided: its outcome is given again, as it was. It is recognised by its
        stream, the request id of `meta`, and what it says (`kernel.command.digest_of`). `remember_as` is another id
        for it, such as the name of what it makes; empty: it is decided each time, for a rule that makes nothing twice.
        `new`: the stream most likely does not exist yet; it costs one more attempt when it does.

        Raises the rule's own Refusal; CONFLICT (REQUEST_ID_REUSED: another command, or a stream of another kind, has
        the id); LIMIT (QUEUE_FULL, TOO_MANY_EVENTS, EVENT_TOO_LARGE); UNAVAILABLE (STORE_UNAVAILABLE, CONTENTION,
        DEADLINE_PASSED). After DEADLINE_PASSED, or when the message says so, and only then, the command may have been
        done all the same: send it again with the same request id.
        """
        if self._closed:
            raise _closing()
        if self._writer.waiting() >= self._queue_limit:
            raise Refusal(RefusalKind.LIMIT, "QUEUE_FULL", "too many commands are waiting; try again later")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self._timeout if timeout is None else timeout)
        pending = Pending(decider, stream, rule, command, meta, new=new, deadline=deadline)
        pending.future = loop.create_future()
        pending.request_id = meta.request_id if remember_as is None else remember_as
        if pending.request_id:
            pending.digest = digest_of(decider.name, rule.__name__, command, self._secret)
        timer = loop.call_at(deadline, _expire, pending)
        self._writer.submit(pending)
        try:
            answer = await pending.future
        finally:
            timer.cancel()
        return await self._recalled(decider, stream, answer) if isinstance(answer, Done) else answer

    async def done_before(
        self, decider: Decider[S], stream: UUID, rule: Callable[[S, F], Sequence[Event]], command: F, meta: Meta
    ) -> Outcome[S] | None:
        """Return what a command did if it was done before. Raises CONFLICT (REQUEST_ID_REUSED)."""
        request = (stream, meta.request_id)
        done = (await self._read(lambda: self.log.requests([request]))).get(request)
        if done is None:
            return None
        if done.digest != digest_of(decider.name, rule.__name__, command, self._secret):
            raise reused(meta.request_id)
        return await self._recalled(decider, stream, done)

    async def execute_many(
        self,
        steps: Sequence[Step],
        meta: Meta = _NO_META,
        *,
        timeout: float = 60.0,  # noqa: ASYNC109 - kept by the store
        remember_as: str | None = None,
    ) -> list[Outcome[Any]]:
        """Do all steps or none, in one transaction; later steps see what earlier ones did. Returns after the commit.

        For imports: it holds up other commands like a large batch, and its streams are not cached. Cancelling the wait
        does not stop it. Steps are recognised as in `execute`. Raises GroupRefused with each refusal by index; LIMIT
        (QUEUE_FULL, TOO_MANY_EVENTS); UNAVAILABLE (STORE_UNAVAILABLE, CONTENTION, DEADLINE_PASSED).
        """
        deadline = time.monotonic() + timeout
        name = meta.request_id if remember_as is None else remember_as
        return await self._group(steps, lambda: self._groups.commit(steps, meta, deadline, name))

    async def preview(self, steps: Sequence[Step]) -> list[Preview]:
        """Return what each step would do now, as `execute_many` decides, without a commit. Raises LIMIT as it does."""
        return await self._group(steps, lambda: self._groups.preview(steps, _NO_META))

    async def load(self, decider: Decider[S], stream: UUID, *, within: float = 0.0) -> Loaded[S]:
        """Return the stream's newest state, also when another replica wrote last. Version 0: no stream of this kind.

        `within`: a cached state will do that was the newest so many seconds ago.
        """
        return (await self.load_many(decider, [stream], within=within))[stream]

    async def load_many(
        self, decider: Decider[S], streams: Iterable[UUID], *, within: float = 0.0
    ) -> dict[UUID, Loaded[S]]:
        """Load many streams of one kind, in one query."""
        loaded: dict[UUID, Loaded[S]] = {}
        wanted: list[UUID] = []
        for stream in streams:
            known = self._streams.cache.recent(decider, stream, within) if within else None
            if known is None:
                wanted.append(stream)
            else:
                loaded[stream] = known
        if not wanted:
            return loaded
        found = await self._read(lambda: self._streams.load(decider, wanted))
        for stream, newest in found.items():
            if isinstance(newest, Exception):
                raise newest
            loaded[stream] = newest
        return loaded

    async def read_log(self, after: int, limit: int = MAX_PAGE, upto: int | None = None) -> list[Recorded]:
        """Return at most `limit` events with `after` < position <= `upto`, in order. Raises UnknownTopic."""
        return await self._read(lambda: [self.mapper.decode(row) for row in self.log.read(after, limit, upto)])

    def read_known(self, after: int, limit: int = MAX_PAGE, upto: int | None = None) -> Page:
        """Do what `read_log` does, blocking, without events of which only a newer version of the service knows.

        None of this version's views handles them. An event of a known kind in a newer form raises UnknownTopic.
        """
        rows = self.log.read(after, limit, upto)
        known = [self.mapper.decode(row) for row in rows if self.mapper.owner(row[3]) is not None]
        return Page(known, rows[-1][0] if rows else after, len(rows) == limit)

    def pages_ahead(self, after: int, upto: int, kinds: tuple[type[Event], ...]) -> Iterator[list[Recorded]]:
        """Yield pages of the events of these kinds, blocking; the next page is read meanwhile.

        Raises LogUnavailable; UnknownTopic when a newer version of the service has written some.
        """
        topics = self.mapper.topics(kinds) + self.mapper.newer_topics(kinds)

        def read(position: int) -> list[Recorded]:
            return [self.mapper.decode(row) for row in self.log.read(position, _AHEAD, upto, topics)]

        coming = self._readers.submit(read, after)
        while page := coming.result():
            coming = self._readers.submit(read, page[-1].position)
            yield page

    async def clear(self, sealed: Sequence[str]) -> list[str]:
        """Open what people wrote, which views hold sealed; ERASED where the key is destroyed."""
        return await self._read(lambda: self.keyring.open(sealed)) if sealed else []

    async def last_position(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""
        return await self._read(self.log.last_position)

    async def close(self) -> None:
        """Commit what is queued, refuse what comes, stop the threads, let go of connections."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._writer.close()
        self._grouping.shutdown()
        self._readers.shutdown()
        self.log.close()

    async def _group(self, steps: Sequence[Step], work: Callable[[], T]) -> T:
        if self._closed:
            raise _closing()
        if len(steps) > MAX_STEPS:
            text = f"a group may have {MAX_STEPS} steps, not {len(steps)}"
            raise Refusal(RefusalKind.LIMIT, "TOO_MANY_EVENTS", text)
        if self._grouped >= MAX_GROUPS:
            raise Refusal(RefusalKind.LIMIT, "QUEUE_FULL", "too many groups of commands are waiting; try again later")
        self._grouped += 1
        task = asyncio.get_running_loop().run_in_executor(self._grouping, work)
        task.add_done_callback(self._group_ended)
        try:
            return await asyncio.shield(task)  # a cancelled wait would count it out while it still runs
        except LogUnavailable as outage:
            raise Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", away(outage.in_doubt)) from outage

    def _group_ended(self, task: "asyncio.Future[Any]") -> None:
        self._grouped -= 1
        if not task.cancelled():
            task.exception()  # retrieved, also when nobody waits any more

    async def _recalled(self, decider: Decider[S], stream: UUID, done: Done) -> Outcome[S]:
        (outcome,) = await self._read(lambda: self._streams.recall([(decider, stream, done)]))
        return outcome

    async def _read(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise _closing()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        except (LogUnavailable, KeyringAway) as outage:
            message = "the event log cannot be reached; try again later"
            raise Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", message) from outage


def _closing() -> Refusal:
    return Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", "the store is closing")


def _expire(pending: Pending) -> None:
    if not pending.future.done():
        message = "no answer in time; send the same request again to learn the outcome"
        pending.future.set_exception(Refusal(RefusalKind.UNAVAILABLE, "DEADLINE_PASSED", message))
