"""Streams in memory: folding, the cache of states, snapshots of long ones."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from showfloor.eventstore.log import Log, Snapshot
from showfloor.eventstore.mapper import Mapper, Row
from showfloor.kernel.decider import Decider

S = TypeVar("S")

SNAPSHOT_EVERY = 1_000
"""Events of a stream between two snapshots; a cold stream never replays more than this many."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream's state after its event `version` (0: no such stream), which lies at `position` of the log."""

    state: S
    version: int
    position: int


class StateCache:
    """The newest known states, least recently used out first. A state never replaces a newer one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._states: OrderedDict[UUID, tuple[Decider[Any], Loaded[Any], float]] = OrderedDict()  # when it was so

    def get(self, decider: Decider[S], stream: UUID, within: float = float("inf")) -> Loaded[S] | None:
        """Return the cached state, if it was the newest in the log `within` seconds ago.

        Raises TypeError when another kind of stream has this id.
        """
        with self._lock:
            entry = self._states.get(stream)
            if entry is None or time.monotonic() - entry[2] > within:
                return None
            self._states.move_to_end(stream)
        if entry[0] is not decider:
            raise TypeError(f"stream {stream} is a {entry[0].name}, not a {decider.name}")
        return entry[1]

    def put(self, decider: Decider[S], stream: UUID, loaded: Loaded[S], asked: float) -> None:
        """Keep a committed state that was the newest at `asked` (time.monotonic())."""
        with self._lock:
            entry = self._states.get(stream)
            if entry is None or (entry[1].version, entry[2]) < (loaded.version, asked):
                self._states[stream] = (decider, loaded, asked)
                self._states.move_to_end(stream)
            while len(self._states) > self._limit:
                self._states.popitem(last=False)

    def version(self, stream: UUID) -> int:
        """Return the cached version of a stream, 0 when it is not cached."""
        with self._lock:
            entry = self._states.get(stream)
            return entry[1].version if entry else 0

    def forget(self, streams: Iterable[UUID]) -> None:
        """Drop states that another writer has overtaken."""
        with self._lock:
            for stream in streams:
                self._states.pop(stream, None)


class Streams:
    """Loads streams from a log through the cache. Callable from any thread."""

    def __init__(self, log: Log, mapper: Mapper, deciders: Iterable[Decider[Any]], cache_limit: int) -> None:
        self._log = log
        self._mapper = mapper
        self.cache = StateCache(cache_limit)
        self._shapes = {decider.name: _shape(decider) for decider in deciders}
        self._decoders = {
            self._shapes[decider.name]: msgspec.msgpack.Decoder(decider.state_type).decode for decider in deciders
        }

    def refresh(self, wanted: Mapping[UUID, Decider[Any]], *, keep: bool = True) -> dict[UUID, Loaded[Any] | Exception]:
        """Return the newest state of each stream: cached ones brought up to date, in one query for all.

        Without `keep` what is loaded stays out of the cache.

        A stream that cannot be folded yields its own exception instead. Raises LogUnavailable.
        """
        states: dict[UUID, Loaded[Any] | Exception] = {}
        for stream, decider in wanted.items():
            try:
                states[stream] = self.cache.get(decider, stream) or Loaded(decider.initial(), 0, 0)
            except TypeError as error:
                states[stream] = error
        after = {stream: known.version for stream, known in states.items() if isinstance(known, Loaded)}
        asked = time.monotonic()
        snapshots, rows = self._log.read_streams(after, self._decoders)
        for snapshot in snapshots:
            states[snapshot.stream] = Loaded(
                self._decoders[snapshot.topic](snapshot.state), snapshot.version, snapshot.position
            )
        newer: dict[UUID, list[Row]] = {}
        for row in rows:
            newer.setdefault(row[1], []).append(row)
        for stream, stream_rows in newer.items():
            states[stream] = self._fold(wanted[stream], states[stream], stream_rows)
        for stream, known in states.items():
            if keep and isinstance(known, Loaded) and known.version:
                self.cache.put(wanted[stream], stream, known, asked)
        return states

    def _fold(self, decider: Decider[Any], known: Loaded[Any] | Exception, rows: list[Row]) -> Loaded[Any] | Exception:
        assert isinstance(known, Loaded)
        state = known.state
        try:
            for row in rows:
                state = decider.evolve(state, self._mapper.decode(row).event)
        except Exception as error:  # one unreadable stream must not stop the others of the batch
            return error
        return Loaded(state, rows[-1][2], rows[-1][0])

    def save_snapshot(self, decider: Decider[S], stream: UUID, loaded: Loaded[S]) -> None:
        """Keep the state of a long stream, marked with the shape it has in this version of the code."""
        state = msgspec.msgpack.encode(loaded.state)
        topic = self._shapes[decider.name]
        self._log.save_snapshot(Snapshot(stream, loaded.version, topic, state, loaded.position))


def _shape(decider: Decider[Any]) -> str:
    """Name the decider's state shape: another shape, or a raised SNAPSHOT_VERSION, ignores old snapshots.

    Raise SNAPSHOT_VERSION (a ClassVar of the state) when `evolve` changes and the fields do not.
    """
    schema = msgspec.json.encode(msgspec.json.schema(decider.state_type), order="sorted")
    version = getattr(decider.state_type, "SNAPSHOT_VERSION", 1)
    return f"{decider.name}:{version}:{hashlib.blake2b(schema, digest_size=8).hexdigest()}"
