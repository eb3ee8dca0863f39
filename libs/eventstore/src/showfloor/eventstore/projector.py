"""The projector: one thread of a process carries the log into its views."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from showfloor.eventstore import view as tables
from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.mapper import UnknownTopic
from showfloor.eventstore.micro_batch import delay_after
from showfloor.eventstore.outage import is_outage
from showfloor.eventstore.statements import one_round_trip, run, run_bulk
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.observability.tracing import page_span

PAGE = 1_000  # events
POLL = 0.1  # seconds between looks for what other replicas wrote; our own writer wakes us at once
BACKOFF = (0.05, 2.0)  # seconds after the first failure, and at most
AGAIN = (1.0, 60.0)  # seconds until a view that failed is tried again: at first, and at most

Advanced = Callable[[Mapping[str, int], Sequence[Recorded]], None]

_log = logging.getLogger(__name__)


def safe_message(error: Exception) -> str:
    """Say what went wrong and where, without the detail that the database adds: it may hold a row's content."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        return f"{type(error).__name__} {error.sqlstate}: {error.diag.message_primary}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {error}"


def connect(dsn: str, schemas: Sequence[str]) -> psycopg.Connection[Any]:
    """Open a connection that sees the tables of these schemas by their plain names."""
    path = ",".join([*schemas, "public"])
    return psycopg.connect(with_tcp_timeouts(dsn), autocommit=True, connect_timeout=2, options=f"-c search_path={path}")


class Projector:
    """Reads the log once for all views and commits rows and positions together.

    Views at one position advance in one transaction. One that fails then is tried alone, and marked failed when it
    fails again; the others go on, and it is tried again with growing pauses. In an outage the projector waits. One
    process leads each view, by an advisory lock that lives and dies with the connection that commits; the others watch
    its position. A view whose tables are still being built has no position.
    `advanced(positions, page)` is called in this thread after each commit.
    """

    def __init__(self, dsn: str, store: Store, views: Sequence[View], advanced: Advanced) -> None:
        self.turn = threading.Lock()  # held for each round; a rebuild takes it to swap tables
        self.positions: dict[str, int] = {}
        self.failed: dict[str, str] = {}
        self._again: dict[str, tuple[float, float]] = {}  # failed: time.monotonic() of the next try, last pause
        self.rebuilding: set[str] = set()
        self.trouble = ""  # why the projector as a whole stands still
        self.newer = ""  # the topic of an event of a newer version, at which views stand still
        self.leads: set[str] = set()  # views that this process carries on
        self._dsn = dsn
        self._store = store
        self._views = views
        self._advanced = advanced
        self._connection: psycopg.Connection[Any] | None = None
        self._wake = threading.Event()
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="eventstore-projector", daemon=True)

    def start(self) -> None:
        """Follow from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread has not ended."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Look at the log now. Callable from any thread."""
        self._wake.set()

    def close(self) -> None:
        """Finish the round and stop. Blocks until then."""
        self._stop = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._disconnect()

    def _run(self) -> None:
        pause = BACKOFF[0]
        while not self._stop:
            self._wake.clear()  # first: what is written while we read wakes us again
            began = time.monotonic()
            try:
                with self.turn:
                    more = self._round()
                self.trouble, self.newer, pause = "", "", BACKOFF[0]
            except Exception as error:
                if isinstance(error, UnknownTopic):
                    self.newer = error.topic
                if not self.trouble:
                    _log.warning("views stand still: %s", safe_message(error))
                self.trouble = safe_message(error)
                self._disconnect()
                self._wake.wait(pause)
                pause = min(pause * 2, BACKOFF[1])
            else:
                if not more:
                    rested = time.monotonic() + delay_after(time.monotonic() - began)
                    self._wake.wait(POLL)
                    time.sleep(max(0.0, rested - time.monotonic()))

    def _round(self) -> bool:
        """Advance each group of views by a page; True when there may be more."""
        connection = self._connected()
        if watched := [view for view in self._views if view.name not in self.leads]:
            self._watch(connection, watched)
        if self.failed:
            self._revive(connection)
        groups: dict[int, list[View]] = {}
        now = time.monotonic()
        for view in self._views:
            if view.name in self.leads and (view.name not in self.failed or self._again[view.name][0] <= now):
                groups.setdefault(self.positions[view.name], []).append(view)
        more = len(groups) > 1
        upto: int | None = None  # views that lag stop at the next group's position and join it
        for position in sorted(groups, reverse=True):
            page, last, full = self._store.read_known(position, PAGE, upto)
            target = last if full or upto is None else upto
            if target > position:
                with page_span("views advance", (one.meta.traceparent for one in page), events=len(page)):
                    self._advance(connection, groups[position], page, target)
            more = more or full
            upto = position
        return more

    def _revive(self, connection: psycopg.Connection[Any]) -> None:
        """Go on with failed views that another process has rebuilt: only that moves them."""
        stored = tables.positions(connection, [view for view in self._views if view.name in self.failed])
        for name, position in stored.items():
            if position != self.positions.get(name):
                self.positions[name] = position
                del self.failed[name]
                self._advanced({name: position}, ())

    def _fail(self, view: View, position: int, error: Exception) -> None:
        """Mark a view failed, and say when it is tried again: later each time, until it goes on."""
        pause = min(self._again[view.name][1] * 2, AGAIN[1]) if view.name in self.failed else AGAIN[0]
        self._again[view.name] = (time.monotonic() + pause, pause)
        self.failed[view.name] = f"{safe_message(error)}; tried again after {pause:.0f} s"
        # No traceback: it would end with all that the database said.
        _log.error("view %s failed before position %d: %s", view.name, position, self.failed[view.name])

    def _advance(
        self,
        connection: psycopg.Connection[Any],
        views: Sequence[View],
        page: Sequence[Recorded],
        position: int,
    ) -> None:
        try:
            if self._defect(connection, views, page, position):
                for view in views:
                    if defect := self._defect(connection, [view], page, position):
                        self._fail(view, position, defect)
        finally:  # also when an outage came between two of them: nobody else tells of those that moved
            moved = {view.name: position for view in views if self.positions[view.name] == position}
            if moved:
                self._advanced(moved, page)

    def _defect(
        self,
        connection: psycopg.Connection[Any],
        views: Sequence[View],
        page: Sequence[Recorded],
        position: int,
    ) -> Exception | None:
        """Carry a page into views; return the defect of a view, if any. Raises what is no view's fault."""
        try:
            self._commit(connection, views, page, position)
        except Exception as error:
            if is_outage(error) or isinstance(error, tables.ConcurrentUpdate):
                raise
            return error
        for view in views:
            self.failed.pop(view.name, None)
        return None

    def _commit(
        self,
        connection: psycopg.Connection[Any],
        views: Sequence[View],
        page: Sequence[Recorded],
        position: int,
    ) -> None:
        changes = [change for view in views for change in view.changes(page)]
        before = self.positions[views[0].name]
        try:
            if len(page) == PAGE:  # catching up: many rows, and no round trip that matters
                with connection.transaction():
                    tables.move_positions(connection, views, before, position)
                    run_bulk(connection, changes)
            else:
                with one_round_trip(connection):
                    tables.move_positions(connection, views, before, position)
                    run(connection, changes)
        except psycopg.Error as error:
            if tables.is_concurrent_update(error):
                raise tables.ConcurrentUpdate(
                    f"{', '.join(view.name for view in views)}: not at {before} any more"
                ) from error
            raise
        self.positions.update((view.name, position) for view in views)

    def _watch(self, connection: psycopg.Connection[Any], views: Sequence[View], *, anew: bool = False) -> None:
        """Learn what others have committed to views that they lead; lead those that nobody leads any more."""
        stored = tables.positions(connection, views)
        gained = tables.try_to_lead(connection, [view for view in views if view.name in stored])
        if gained:  # from here on nobody else moves those: what was committed until then must not be missed
            stored = tables.positions(connection, views)
        known = {view.name: self.positions[view.name] for view in views if view.name in self.positions}
        if anew or stored != known:
            for name, position in known.items():
                if stored.get(name) != position:
                    self.failed.pop(name, None)  # it goes on with the other process
            self._tell(known, stored)
            ours = {name: position for name, position in self.positions.items() if name not in known}
            self.positions = {**ours, **stored}  # at once: others look at it meanwhile
        self.leads |= gained & stored.keys()

    def _tell(self, known: Mapping[str, int], stored: Mapping[str, int]) -> None:
        """Tell of commits by others, and of our own whose answer was lost."""
        head = max(stored.values(), default=0)
        told, silent = max(known.values(), default=head), True
        while told < head:
            page, told, full = self._store.read_known(told, PAGE, head)
            if not full:
                told = head
            self._advanced({name: min(position, told) for name, position in stored.items()}, page)
            silent = False
        if silent and stored:
            self._advanced(dict(stored), ())

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self.leads.clear()
            connection = connect(self._dsn, [view.schema for view in self._views])
            try:
                self._watch(connection, self._views, anew=True)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
            self.leads.clear()
