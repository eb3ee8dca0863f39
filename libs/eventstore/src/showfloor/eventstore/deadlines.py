"""Deadlines: derived from events into a view, fired when due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.eventstore.views import Views
from showfloor.kernel.clock import Clock, utc_now
from showfloor.kernel.event import Event, Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.observability.tasks import stop

REFIRE = (1.0, 60.0)  # seconds until a deadline that is still set fires again: at first, and at most
MAX_DUE = 500  # on their way at once
IDLE = 60.0  # seconds until the table is looked at again, whatever was heard
LOOK = 0.2  # seconds between two looks at the clock while we sleep: somebody may set it, or a laptop wake

_DDL = """
CREATE TABLE deadline (name text, stream uuid, due_at timestamptz NOT NULL, PRIMARY KEY (name, stream));
CREATE INDEX deadline_due ON deadline (due_at, name, stream);
"""

_SET = """
INSERT INTO deadline SELECT * FROM unnest(%s::text[], %s::uuid[], %s::timestamptz[])
ON CONFLICT (name, stream) DO UPDATE SET due_at = EXCLUDED.due_at"""

# Safe: each is derived from events, and made again from the log with its view.
_CLEAR = """
DELETE FROM deadline USING unnest(%s::text[], %s::uuid[]) AS gone (name, stream)
WHERE deadline.name = gone.name AND deadline.stream = gone.stream"""

_NEXT = "SELECT name, stream, due_at FROM deadline ORDER BY due_at, name, stream LIMIT %s"

_log = logging.getLogger(__name__)


class Deadline(msgspec.Struct, frozen=True):
    """Something due: `name` says what, `stream` whose. `due_at` is recorded time, UTC."""

    name: str
    stream: UUID
    due_at: datetime


class Cleared(msgspec.Struct, frozen=True):
    """The deadline `name` of `stream` is off: done or no longer wanted."""

    name: str
    stream: UUID


Changes = Callable[[Recorded], Iterable[Deadline | Cleared]]


def deadline_view(handles: tuple[type[Event], ...], changes: Changes, *, version: int = 1, settings: str = "") -> View:
    """Return the view that keeps a service's deadlines: `changes` says what an event sets and clears.

    `settings` names the values that due times depend on, beside events.
    """

    def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
        newest = {(c.name, c.stream): c for recorded in page for c in changes(recorded)}
        wanted = [c for c in newest.values() if isinstance(c, Deadline)]
        cleared = [key for key, c in newest.items() if isinstance(c, Cleared)]
        if cleared:
            yield Statement(_CLEAR, columns=tuple(zip(*cleared, strict=True)))
        if wanted:
            yield Statement(_SET, columns=tuple(zip(*((d.name, d.stream, d.due_at) for d in wanted), strict=True)))

    return View("deadlines", _DDL, handles, evolve, version, settings)


class DeadlineRunner:
    """Fires what is due, in due order, at once when late.

    A deadline stays until an event clears it: until then `fire` runs again and again, ever more slowly, so its command
    must be idempotent. `observe(lateness_seconds)` is told of each first firing; `clock` is read only here.
    """

    def __init__(
        self,
        views: Views,
        database: Database,
        fire: Callable[[Deadline], Awaitable[object]],
        *,
        observe: Callable[[float], None] = lambda _lateness: None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._fire = fire
        self._observe = observe
        self._clock = clock
        self._changed = asyncio.Event()
        self._again: dict[Deadline, tuple[float, float]] = {}  # fired: loop time of the next try, last pause
        self._firing: dict[Deadline, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._handles = views.handles("deadlines")
        views.on_advance(self._advanced)

    def start(self) -> None:
        """Fire from now on."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="deadlines")

    async def close(self) -> None:
        """Stop. What is due then fires after the next start."""
        if self._task is not None:
            await stop(self._task, *self._firing.values())

    def _advanced(self, positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Look again when a page may have changed the table: also one without events (a start, a rebuild)."""
        if "deadlines" in positions and (not page or any(isinstance(one.event, self._handles) for one in page)):
            self._changed.set()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                pause = await self._fire_due()
            except Refusal as outage:
                _log.warning("deadlines cannot be read: %s", outage.message)
                pause = REFIRE[0]
            except Exception:  # nobody else fires them: whatever it is, it is tried again
                _log.exception("deadlines cannot be read")
                pause = REFIRE[0]
            await self._sleep(pause)

    async def _sleep(self, pause: float) -> None:
        """Wait for a change, `pause` seconds at most. A clock that is set ends the wait."""
        begun = asyncio.get_running_loop().time()
        clock = self._clock()
        while not self._changed.is_set():
            slept = asyncio.get_running_loop().time() - begun
            stepped = abs((self._clock() - clock).total_seconds() - slept) > LOOK
            if slept >= pause or stepped:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(min(pause - slept, LOOK)):
                    await self._changed.wait()

    async def _fire_due(self) -> float:
        """Begin what is due now; return the seconds until the next deadline or repetition."""
        limit = MAX_DUE + len(self._again)
        waiting = await self._database.fetch(_NEXT, [limit], into=Deadline)
        self._again = {deadline: self._again[deadline] for deadline in waiting if deadline in self._again}
        now, loop_now = self._clock(), asyncio.get_running_loop().time()
        pause, begun = IDLE, False
        for deadline in waiting:
            late = (now - deadline.due_at).total_seconds()
            if late < 0:
                pause = min(pause, -late)
                break  # in due order: the rest is later still
            next_try, last_pause = self._again.get(deadline, (0.0, REFIRE[0] / 2))
            if deadline in self._firing or len(self._firing) == MAX_DUE:
                continue  # one that is done wakes us
            if loop_now < next_try:
                pause = min(pause, next_try - loop_now)
                continue
            # In due order but together, so that one commit closes many and a slow one delays none.
            last_pause, begun = min(last_pause * 2, REFIRE[1]), True
            self._again[deadline] = (loop_now, last_pause)
            self._firing[deadline] = asyncio.create_task(self._fire_one(deadline, late, last_pause))
        return 0.0 if begun and len(waiting) == limit else pause  # a full page: there may be more

    async def _fire_one(self, deadline: Deadline, late: float, pause: float) -> None:
        if pause <= REFIRE[0]:
            self._observe(late)
        try:
            await self._fire(deadline)
        except Refusal as refusal:
            _log.warning("deadline %s of %s refused: %r", deadline.name, deadline.stream, refusal)
        except Exception:
            _log.exception("deadline %s of %s failed", deadline.name, deadline.stream)
        finally:
            self._again[deadline] = (asyncio.get_running_loop().time() + pause, pause)
            del self._firing[deadline]
            self._changed.set()
