"""Presence of viewers with a stream: one loop reports for all of them that they still take bytes.

A viewer's page sends nothing while its stream stands. The evidence is the moment when its client last took bytes,
heartbeats too; a broken connection gives none. Each stream has its turn every 20 seconds. The streams of a session go
as one batch, those of a large session in parts spread over that time: 10,000 viewers are 20 batches of 500 rows, one
each second.
"""

import asyncio
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.limits import BEAT_S
from showfloor.gateway.live.wire import Wire
from showfloor.kernel.refusal import Refusal
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter
from showfloor.rpc.errors import RemoteDefect

log = get_logger(__name__)
BEATS = counter("live_beats_total", "Signs of life of viewers with a stream: told, silent, lost.", ["what"])

HEARD_S = 20.0  # a client that has taken nothing for longer is not heard any more; a heartbeat comes after 15
AT_ONCE = 500  # rows of a batch
# The session takes no signs of life any more, ever.
_OVER = {"TOO_LATE", "SESSION_NOT_FOUND", "SESSION_NOT_LIVE", "IMPORTED"}


@dataclass(slots=True, eq=False)
class Spot:
    """A viewer's open stream."""

    wire: Wire
    mark: bytes
    channel: int


class Batcher(Protocol):
    """The part of the signal batcher that presence needs."""

    def mark(self, viewer: ViewerToken) -> tuple[bytes, int]:
        """Return a viewer's hash and channel, as batches hold them."""
        ...

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        """Store that viewers were there so many milliseconds ago. Raises Refusal, RemoteDefect."""
        ...


class Beats:
    """Sends signs of life of viewers with a stream. `run` until cancelled."""

    def __init__(self, batcher: Batcher, every: float = BEAT_S) -> None:
        self._batcher, self._every = batcher, every
        self._rooms: dict[str, dict[Spot, None]] = {}
        self._fresh: list[tuple[str, Spot]] = []
        self._telling: set[asyncio.Task[None]] = set()

    @contextmanager
    def present(self, viewer: ViewerToken | None, wire: Wire) -> Iterator[None]:
        """Count a stream as a sign of life while the block runs. Streams of hosts, and of replays, give none."""
        if viewer is None or viewer.looks_on:
            yield
            return
        spot = Spot(wire, *self._batcher.mark(viewer))
        self._rooms.setdefault(viewer.session_id, {})[spot] = None
        self._fresh.append((viewer.session_id, spot))
        try:
            yield
        finally:
            room = self._rooms.get(viewer.session_id, {})
            room.pop(spot, None)
            if not room:
                self._rooms.pop(viewer.session_id, None)

    async def run(self) -> None:
        """Report each stream in its turn, again and again. A new stream is reported at once."""
        tick = min(1.0, self._every / 4)
        while True:
            parts, told, began = self._parts(), 0, time.monotonic()
            while told < len(parts) or time.monotonic() - began < self._every:
                await asyncio.sleep(tick)
                share = min(1.0, (time.monotonic() - began) / self._every)
                until = math.ceil(len(parts) * share)
                for session_id, spots in (*parts[told:until], *self._newcomers()):
                    self._tell(session_id, spots)
                told = until

    def _parts(self) -> list[tuple[str, list[Spot]]]:
        return [(session_id, part) for session_id, room in self._rooms.items() for part in _in_parts(room)]

    def _newcomers(self) -> list[tuple[str, list[Spot]]]:
        fresh, self._fresh = self._fresh, []
        rooms: dict[str, list[Spot]] = {}
        for session_id, spot in fresh:
            rooms.setdefault(session_id, []).append(spot)
        return [(session_id, part) for session_id, spots in rooms.items() for part in _in_parts(spots)]

    def _tell(self, session_id: str, spots: list[Spot]) -> None:
        heard: dict[bytes, tuple[int, int]] = {}  # many streams of one viewer are one row
        for spot in spots:
            age = spot.wire.silent()
            if age <= HEARD_S:
                heard[spot.mark] = spot.channel, int(age * 1000)
        BEATS.labels("silent").inc(len(spots) - len(heard))
        if heard:
            task = asyncio.get_running_loop().create_task(self._send(session_id, heard), name="presence")
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _send(self, session_id: str, heard: dict[bytes, tuple[int, int]]) -> None:
        channels, ages = zip(*heard.values(), strict=True)
        try:
            await self._batcher.still_here(session_id, b"".join(heard), bytes(channels), ages)
            BEATS.labels("told").inc(len(heard))
        except (Refusal, RemoteDefect) as error:
            # The next beat says the same: a viewer is gone only after three of them.
            BEATS.labels("lost").inc(len(heard))
            if isinstance(error, Refusal) and error.reason in _OVER:
                self._rooms.pop(session_id, None)
            else:
                log.info("signs of life are lost", session_id=session_id, rows=len(heard), error=repr(error))


def _in_parts(spots: Iterable[Spot]) -> Iterator[list[Spot]]:
    rest = list(spots)
    return (rest[start : start + AT_ONCE] for start in range(0, len(rest), AT_ONCE))
