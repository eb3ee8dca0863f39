"""The builder: one thread of a process fills tables of views that are not there, and drops those no process uses."""

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg

from showfloor.eventstore import definitions, rebuild
from showfloor.eventstore import view as tables
from showfloor.eventstore.outage import is_outage
from showfloor.eventstore.projector import Projector, connect, safe_message
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View, ViewStatus
from showfloor.kernel.refusal import Refusal

BEAT = 10.0  # seconds between two notes that definitions are used here, at most
LOOK = 0.2  # seconds between two looks at a build that another process does
AGAIN = (1.0, 60.0)  # seconds until a build that failed is tried again: at first, and at most

_log = logging.getLogger(__name__)


class Builder:
    """Fills the tables of each definition that has none in place, one after the other.

    Of several processes of one version one builds; when it dies, another goes on where it was. Every few seconds it
    notes which definitions are used here, and drops those that no process has used for `keep` seconds. `failed` says
    why a view cannot be built; it is tried again with growing pauses.
    """

    def __init__(self, dsn: str, store: Store, projector: Projector, views: Sequence[View], keep: float) -> None:
        self.failed: dict[str, str] = {}
        self._dsn, self._store, self._projector = dsn, store, projector
        self._views, self._keep = views, keep
        self._beat = min(BEAT, keep / 4)
        self._reached: dict[str, tuple[int, int]] = {}  # position and end of what is being built
        self._served: set[str] = set()
        self._again = AGAIN[0]
        self._trouble = ""
        self._used = 0.0  # time.monotonic() of the last word that these definitions are used
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="eventstore-builder", daemon=True)

    def start(self) -> None:
        """Build and look after definitions from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread has not ended."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop after the page in hand. Another build goes on from there."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def hopeless(self, name: str) -> bool:
        """Tell whether a view cannot be built now, and could be before: the process takes work all the same."""
        return name in self.failed and name in self._served

    def progress(self, name: str) -> str:
        """Say how far the tables of a view are: a text that changes while there is progress."""
        if name in self.failed:
            return f"view {name} cannot be built: {self.failed[name]}"
        done, end = self._reached.get(name, (0, 0))
        return f"view {name} is being built: " + (f"at position {done} of {end}" if end else "not begun yet")

    def status(self, name: str, last: int) -> ViewStatus:
        """Return how far a view is whose tables are not in place."""
        done, _ = self._reached.get(name, (0, 0))
        if name in self.failed:
            return ViewStatus(name, done, max(0, last - done), "failed", self.failed[name])
        return ViewStatus(name, done, max(0, last - done), "building")

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                pause = self._round()
                self._trouble = ""
            except Exception as error:  # an outage: it passes, and nobody else does this work
                if not self._trouble:
                    _log.warning("definitions of views are not looked after: %s", safe_message(error))
                self._trouble, pause = safe_message(error), AGAIN[0]
            self._stop.wait(pause)

    def _round(self) -> float:
        """Look after the definitions once; return the seconds until the next time."""
        with closing(connect(self._dsn, ())) as connection:
            definitions.use(connection, self._views)
            for schema in definitions.drop_unused(connection, self._views, self._keep):
                _log.warning("dropped %s: no process has used it for %.0f s", schema, self._keep)
            self._served = definitions.served(connection, self._views)
            missing = self._look(connection)
        for view in missing:
            if not self._stop.is_set():
                self._use()
                self._build(view)
        if any(view.name in self.failed for view in missing):
            pause, self._again = self._again, min(self._again * 2, AGAIN[1])
            return min(pause, self._beat)
        self._again = AGAIN[0]
        return LOOK if missing else self._beat

    def _use(self) -> None:
        """Note that these definitions are used: a build may take longer than others wait with dropping them."""
        with closing(connect(self._dsn, ())) as connection:
            definitions.use(connection, self._views)
        self._used = time.monotonic()

    def _look(self, connection: psycopg.Connection[Any]) -> list[View]:
        """Return the views without tables in place, and note how far those are that somebody builds."""
        there = tables.positions(connection, self._views)
        missing = [view for view in self._views if view.name not in there]
        if missing:
            last = self._store.log.last_position()
            reached = tables.positions(connection, missing, building=True)
            self._reached = {view.name: (reached.get(view.name, 0), last) for view in missing}
        return missing

    def _build(self, view: View) -> None:
        def note(done: int, end: int) -> None:
            self._reached[view.name] = (done, end)
            if time.monotonic() > self._used + self._beat:
                self._use()
            if self._stop.is_set():
                raise _Stopped

        try:
            rebuild.build(self._dsn, self._store, view, note)
        except _Stopped:
            return
        except Refusal:
            return  # another process builds it
        except Exception as error:
            if is_outage(error):
                raise
            self.failed[view.name] = safe_message(error)
            _log.error("view %s cannot be built: %s", view.name, safe_message(error))
            return
        self.failed.pop(view.name, None)
        self._projector.wake()


class _Stopped(Exception):
    """The process ends: the build is left where it is."""
