"""Group commit: one thread decides and commits all commands that are waiting."""

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from queue import Empty, SimpleQueue
from uuid import UUID

from showfloor.eventstore.batch import Pending, Plan, decide, keep_keys, verify
from showfloor.eventstore.log import Done, Log, LogUnavailable, Request, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.streams import SNAPSHOT_EVERY, Loaded, Streams
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_COMMANDS = 512  # per commit
MAX_DONE = 10_000  # commands remembered in memory; the log remembers them all (docs/adr/0019)
MAX_ATTEMPTS = 3  # to decide a batch when other writers keep being first
PATIENCE = 1.0  # seconds a batch is kept while the database is away, before UNAVAILABLE
RETRY_PAUSE = 0.05  # seconds between two attempts to reach the database
KEPT_SECONDS = 7 * 86_400.0  # for which the log remembers commands that changed nothing
SWEEP_EVERY = 600.0  # seconds between two looks for those that are older

_log = logging.getLogger(__name__)


class RecentCommands:
    """The newest commands that were done here, or found in the log: callers in doubt send those again at once."""

    def __init__(self) -> None:
        self._done: OrderedDict[Request, Done] = OrderedDict()
        self.get = self._done.get

    def put(self, done: Mapping[Request, Done]) -> None:
        """Keep these, and let the oldest go."""
        self._done.update(done)
        while len(self._done) > MAX_DONE:
            self._done.popitem(last=False)


class Writer:
    """Owns the writer thread. `on_commit` is called in it, with the new last position, after each commit."""

    def __init__(self, log: Log, mapper: Mapper, streams: Streams) -> None:
        self.commits = self.conflicts = 0  # since start
        self.on_commit: list[Callable[[int], None]] = []
        self._log = log
        self._mapper = mapper
        self._streams = streams
        self._recent = RecentCommands()
        self._swept = time.monotonic()
        self._queue: SimpleQueue[Pending | None] = SimpleQueue()
        self._carry: list[Pending] = []
        self._down_since: float | None = None
        self._appended = 0.0  # when the last commit was sent: what it holds was the newest then, or later
        self._thread = threading.Thread(target=self._run, name="eventstore-writer", daemon=True)
        self._thread.start()

    def waiting(self) -> int:
        """Return how many commands wait for the next batch."""
        return self._queue.qsize()

    def alive(self) -> bool:
        """Tell whether commands are decided: the thread has not ended."""
        return self._thread.is_alive()

    def submit(self, pending: Pending) -> None:
        """Queue a command; its future is resolved in its own loop."""
        self._queue.put(pending)

    def close(self) -> None:
        """Commit what is queued, then stop. Blocks until then."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            self._process(batch)

    def _take(self) -> list[Pending]:
        """Wait for a command, then take all that wait with it. Empty: the store is closing."""
        batch, self._carry = self._carry, []
        while len(batch) < MAX_COMMANDS:
            try:
                pending = self._queue.get(block=not batch)
            except Empty:
                break
            if pending is None:
                if batch:
                    self._queue.put(None)  # seen again once this batch is done
                break
            batch.append(pending)
        return batch

    def _process(self, batch: list[Pending]) -> None:
        attempts, beaten = 0, False
        plan = doubt = None
        while batch := [c for c in batch if not c.future.done() and c.deadline > time.monotonic()]:
            try:
                if doubt and doubt.rows and (positions := self._log.find(doubt.rows)) is not None:
                    return self._finish(doubt, positions)
                if beaten:  # perhaps by one of these very commands
                    self._look_up(batch)
                plan = decide(batch, self._streams, self._mapper, self._recent.get)
                verify(plan, self._streams)
                # A refusal stands only if the command was not done before; so does a defect of its rule.
                if self._look_up(c for c in plan.commands if isinstance(c.answer, Exception)):
                    continue
                batch, self._carry = plan.commands, plan.left + self._carry
                positions = self._append(plan)
            except VersionConflict:
                attempts, beaten = attempts + 1, True
                self.conflicts += 1
                self._streams.cache.forget(pending.stream for pending in batch)
                for pending in batch:
                    pending.new = False
                if attempts == MAX_ATTEMPTS:
                    return self._give_up(batch, doubt)
            except LogUnavailable as outage:
                if outage.in_doubt:  # what was noted of it may stand yet: it is decided anew on copies
                    doubt, batch = plan, [copy(pending) for pending in batch]
                self._streams.cache.forget(pending.stream for pending in batch)
                if not self._wait_for_database():
                    return self._refuse(batch, "STORE_UNAVAILABLE", away(doubt is not None))
            except Exception as defect:
                return self._isolate(batch, defect, doubt)
            else:
                return self._finish(plan, positions)
        return None

    def _append(self, plan: Plan) -> Sequence[int]:
        self._appended = time.monotonic()
        if not plan.rows and not plan.quiet:
            return ()
        keep_keys(self._mapper.keyring)
        return self._log.append(plan.rows, plan.unchanged, plan.quiet)

    def _look_up(self, commands: Iterable[Pending]) -> bool:
        """Ask the log which of these it remembers; tell whether it does of any that the memory did not."""
        wanted = {c.request for c in commands if c.request_id}
        wanted = {request for request in wanted if self._recent.get(request) is None}
        found = self._log.requests(wanted) if wanted else {}
        self._recent.put(found)
        return bool(found)

    def _wait_for_database(self) -> bool:
        """Pause before another attempt; False once the database has been away for too long."""
        now = time.monotonic()
        if self._down_since is None:
            self._down_since = now
            _log.warning("the event log cannot be reached; trying again")
        if now - self._down_since > PATIENCE:
            return False
        time.sleep(RETRY_PAUSE)
        return True

    def _finish(self, plan: Plan, positions: Sequence[int]) -> None:
        self._down_since = None
        for pending in plan.commands:
            pending.committed(positions)
        self._recent.put(plan.done)
        long_streams = []
        for stream, draft in plan.drafts.items():
            if draft.row < 0 or draft.decider is None:
                continue
            loaded = Loaded(draft.state, draft.version, positions[draft.row])
            before = self._streams.cache.version(stream)
            self._streams.cache.put(draft.decider, stream, loaded, self._appended)
            if loaded.version // SNAPSHOT_EVERY > before // SNAPSHOT_EVERY:
                long_streams.append((draft.decider, stream, loaded))
        self.commits += 1
        _deliver(plan.commands)
        if positions:
            for listener in self.on_commit:
                _harmlessly(listener, positions[-1])
        for long_stream in long_streams:
            _harmlessly(self._streams.save_snapshot, *long_stream)  # it saves time, nothing depends on it
        if time.monotonic() > self._swept + SWEEP_EVERY:
            _harmlessly(self._sweep)

    def _sweep(self) -> None:
        """Forget quiet commands of long ago, some at a time: what is left comes with the next commit."""
        if not self._log.forget_quiet(KEPT_SECONDS):
            self._swept = time.monotonic()

    def _give_up(self, batch: list[Pending], doubt: Plan | None) -> None:
        """Refuse a stream that other writers keep changing, and only that: try the others on their own."""
        if doubt:
            return self._refuse(batch, "STORE_UNAVAILABLE", away(in_doubt=True))
        by_stream: dict[UUID, list[Pending]] = {}
        for pending in batch:
            by_stream.setdefault(pending.stream, []).append(pending)
        if len(by_stream) == 1:
            return self._refuse(batch, "CONTENTION", "another writer kept being first; try again")
        for commands in by_stream.values():
            self._process(commands)
        return None

    def _isolate(self, batch: list[Pending], defect: Exception, doubt: Plan | None) -> None:
        """Commit one by one, so that a defect reaches only its own caller. What is in doubt may still arrive at the
        database: to decide it anew could do it twice."""
        if doubt:
            _log.error("a defect met a batch in doubt: its callers ask again", exc_info=defect)
            return self._refuse(batch, "STORE_UNAVAILABLE", away(in_doubt=True))
        if len(batch) == 1:
            batch[0].answer = defect
            return _deliver(batch)
        for pending in batch:
            self._process([pending])
        return None

    def _refuse(self, batch: list[Pending], reason: str, message: str) -> None:
        for pending in batch:
            pending.answer = Refusal(RefusalKind.UNAVAILABLE, reason, message)
        _deliver(batch)


def _harmlessly(work: Callable[..., object], *args: object) -> None:
    """Do what comes after the callers' answers. Whatever goes wrong in it, the writer must go on."""
    try:
        work(*args)
    except LogUnavailable:
        _log.info("the event log went away after a commit")
    except Exception:
        _log.exception("failed after a commit, which stands")


def away(in_doubt: bool) -> str:
    """Say that the log is away, and whether something may have been done."""
    if not in_doubt:
        return "the event log cannot be reached; nothing was changed, try again later"
    return "the event log went away while committing; send the same request again to learn the outcome"


def _deliver(commands: Iterable[Pending]) -> None:
    """Answer callers, with one wake-up per event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Pending]] = {}
    for pending in commands:
        by_loop.setdefault(pending.future.get_loop(), []).append(pending)
    for loop, answered in by_loop.items():
        with suppress(RuntimeError):  # the loop closed: nobody is waiting
            loop.call_soon_threadsafe(_settle, answered)


def _settle(commands: list[Pending]) -> None:
    for pending in commands:
        if pending.future.done():
            continue
        if isinstance(pending.answer, Exception):
            pending.future.set_exception(pending.answer)
        elif pending.answer is not None:
            pending.future.set_result(pending.answer)
