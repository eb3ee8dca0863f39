"""The views of a service: starts them, waits for them, tells their status, rebuilds them."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing

from showfloor.eventstore import rebuild as rebuilding
from showfloor.eventstore import view as tables
from showfloor.eventstore.builder import Builder
from showfloor.eventstore.definitions import KEEP, prepare
from showfloor.eventstore.projector import PAGE, Projector, connect
from showfloor.eventstore.rebuild import Progress, Rebuilt
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View, ViewStatus
from showfloor.kernel.event import Event, Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind

Listener = Callable[[Mapping[str, int], Sequence[Recorded]], None]
"""(new position of each view that advanced, the page of events that was committed to them)."""

_NOWHERE = -1  # the position of a view whose tables are still being built: no read reaches it


class Views:
    """Follows the log for a set of views. Its methods belong to the event loop that called `start`."""

    def __init__(self, dsn: str, store: Store, views: Iterable[View], keep: float = KEEP) -> None:
        """`keep`: seconds for which tables stay that no process uses any more."""
        self._dsn = dsn
        self._store = store
        self._views = {view.name: view for view in views}
        self._watermarks = dict.fromkeys(self._views, _NOWHERE)
        self._waiters: set[tuple[frozenset[str], int, asyncio.Future[None]]] = set()
        self._listeners: list[Listener] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._projector = Projector(dsn, store, tuple(self._views.values()), self._committed)
        self._builder = Builder(dsn, store, self._projector, tuple(self._views.values()), keep)

    @property
    def schemas(self) -> list[str]:
        """The schemas that hold the views' tables, for a search_path."""
        return [view.schema for view in self._views.values()]

    async def start(self) -> None:
        """Follow, and build what is not there yet: see `building`. Raises ValueError when views share a table name."""
        self._loop = asyncio.get_running_loop()
        self._watermarks.update(await asyncio.to_thread(self._prepare))
        if self._views:
            self._store.on_commit(lambda _position: self._projector.wake())
            self._projector.start()
            self._builder.start()

    async def close(self) -> None:
        """Stop building and following, after the page in hand."""
        await asyncio.to_thread(self._builder.close)
        await asyncio.to_thread(self._projector.close)

    def alive(self) -> bool:
        """Tell whether the views advance: neither their projector nor their builder has ended."""
        return not self._views or (self._projector.alive() and self._builder.alive())

    def building(self) -> str:
        """Say which views cannot be read yet, for which a process takes no work; "" when all can.

        A view that was built before and cannot be built now keeps nobody from the others.
        """
        if self._projector.newer:
            return f"a newer version has written events that this one cannot read: {self._projector.newer}"
        return "; ".join(
            self._builder.progress(name)
            for name in self._views
            if name not in self._projector.positions and not self._builder.hopeless(name)
        )

    def on_advance(self, listener: Listener) -> None:
        """Call `listener(positions, page)` in the event loop after each commit of rows and positions."""
        self._listeners.append(listener)

    def handles(self, name: str) -> tuple[type[Event], ...]:
        """Return the kinds of events that change a view. Raises Refusal UNKNOWN_VIEW."""
        return self._view(name).handles

    def position(self, name: str) -> int:
        """Return the position up to which a view answers."""
        return max(self._watermarks[name], 0)

    async def wait_for(self, names: Iterable[str], position: int, *, timeout: float = 2.0) -> None:  # noqa: ASYNC109
        """Return once all these views contain the event at `position`.

        Raises Refusal UNAVAILABLE: NOT_YET after `timeout` seconds, VIEW_FAILED when one stands still.
        """
        wanted = frozenset(names)
        if self._reached(wanted, position):
            return
        if broken := sorted(wanted & {**self._builder.failed, **self._projector.failed}.keys()):
            message = f"view {broken[0]} stands still; it is tried again by itself, an operator can rebuild it"
            raise Refusal(RefusalKind.UNAVAILABLE, "VIEW_FAILED", message, {"view": broken[0]})
        waiter = (wanted, position, asyncio.get_running_loop().create_future())
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter[2]
        except TimeoutError:
            message = f"not yet at position {position}; ask again in a moment"
            if behind := sorted(name for name in wanted if self._watermarks[name] == _NOWHERE):
                message = f"view {behind[0]} is being built; ask again in a moment"
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", message, {"position": str(position)}) from None
        finally:
            self._waiters.discard(waiter)

    async def status(self) -> list[ViewStatus]:
        """Return how far each view is."""
        last = await self._store.last_position()
        return [self._status_of(name, last) for name in self._views]

    async def rebuild(
        self, name: str, progress: Progress = lambda _done, _end: None, *, compare: bool = False
    ) -> Rebuilt:
        """Make a view again from the log while the old rows answer; also revives a failed view. Any replica can do it.

        `compare` has old and new rows hashed before the old ones go. `progress` is called in this event loop. Raises
        Refusal: NOT_FOUND (UNKNOWN_VIEW); WRONG_STATE (REBUILD_RUNNING); UNAVAILABLE (NOT_YET: the old rows do not
        advance, so there is nothing to compare).
        """
        view = self._view(name)
        if name in self._projector.rebuilding:
            raise Refusal(RefusalKind.WRONG_STATE, "REBUILD_RUNNING", f"view {name} is being rebuilt already")
        loop = asyncio.get_running_loop()

        def report(done: int, end: int) -> None:
            loop.call_soon_threadsafe(progress, done, end)

        self._projector.rebuilding.add(name)
        try:
            result = await asyncio.to_thread(
                rebuilding.rebuild, self._dsn, self._store, self._projector, view, report, compare
            )
        finally:
            self._projector.rebuilding.discard(name)
        self._advance({name: max(result.position, self._watermarks[name])}, ())  # it may be followed already
        return result

    async def fingerprint(self, name: str) -> str:
        """Return a digest of all rows of a view: equal before and after a rebuild."""
        return await asyncio.to_thread(rebuilding.fingerprint, self._dsn, self._view(name).schema)

    def _view(self, name: str) -> View:
        if name not in self._views:
            message = f"no view {name}; there are {', '.join(sorted(self._views))}"
            raise Refusal(RefusalKind.NOT_FOUND, "UNKNOWN_VIEW", message)
        return self._views[name]

    def _status_of(self, name: str, last: int) -> ViewStatus:
        projector, position = self._projector, self._watermarks[name]
        if name not in projector.positions and name not in projector.rebuilding:
            return self._builder.status(name, last)
        position = max(position, 0)
        lag = max(0, last - position)
        if name in projector.failed:
            return ViewStatus(name, position, lag, "failed", projector.failed[name])
        if name in projector.rebuilding:
            return ViewStatus(name, position, lag, "rebuilding")
        if projector.trouble:
            return ViewStatus(name, position, lag, "stalled", projector.trouble)
        return ViewStatus(name, position, lag, "live" if lag <= PAGE else "catching up")

    def _prepare(self) -> dict[str, int]:
        with closing(connect(self._dsn, ())) as connection:
            views = tuple(self._views.values())
            prepare(connection, views)
            self._projector.positions = tables.positions(connection, views)
            return dict(self._projector.positions)

    def _committed(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Pass what the projector committed from its thread to the loop."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._advance, positions, page)

    def _advance(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        self._watermarks.update(positions)
        for wanted, position, future in tuple(self._waiters):
            if not future.done() and self._reached(wanted, position):
                future.set_result(None)
        for listener in self._listeners:
            listener(positions, page)

    def _reached(self, names: Iterable[str], position: int) -> bool:
        return all(self._watermarks[name] >= position for name in names)
