"""Loads streams: folds events, caches states, snapshots long streams."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from showfloor.eventstore.keyring import KeyringAway
from showfloor.eventstore.log import Done, Log, LogUnavailable, Snapshot
from showfloor.eventstore.mapper import Mapper, Row, UnknownTopic
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Recorded

S = TypeVar("S")

SNAPSHOT_EVERY = 1_000  # events of a stream: a cold one never replays more


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream's state after its event `version` (0: no such stream), which lies at `position` of the log."""

    state: S
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Outcome(Generic[S]):
    """What a command did: its events (none if it was already so), the stream's state and version after it.

    `position` is that of the stream's last event: a read that waits for it sees the command's effect.
    """

    position: int
    version: int
    events: tuple[Event, ...]
    state: S


class Known(NamedTuple):
    """A stream that is there: its own kind, which never changes, and its newest state or why that cannot be told.

    `decider` is None for a kind that this service does not know.
    """

    decider: Decider[Any] | None
    newest: Loaded[Any] | Exception

    def seen_as(self, decider: Decider[S]) -> Loaded[S] | Exception:
        """Return the stream as this kind: a stream of another kind is no such stream."""
        return self.newest if self.decider is decider or self.decider is None else no_such(decider)


def no_such(decider: Decider[S]) -> Loaded[S]:
    """Return a stream of this kind that is not there."""
    return Loaded(decider.initial(), 0, 0)


class StateCache:
    """The newest known states, least recently used out first. A state never replaces a newer one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._states: OrderedDict[UUID, tuple[Decider[Any], Loaded[Any], float]] = OrderedDict()  # when it was so

    def get(self, stream: UUID) -> tuple[Decider[Any], Loaded[Any]] | None:
        """Return the kind and the state of a stream, whatever kind it is."""
        with self._lock:
            entry = self._states.get(stream)
            if entry is None:
                return None
            self._states.move_to_end(stream)
        return entry[0], entry[1]

    def recent(self, decider: Decider[S], stream: UUID, within: float) -> Loaded[S] | None:
        """Return what a stream is, seen as this kind, if it was the newest in the log `within` seconds ago."""
        with self._lock:
            entry = self._states.get(stream)
            if entry is None or (entry[0] is decider and time.monotonic() - entry[2] > within):
                return None
            self._states.move_to_end(stream)
        return entry[1] if entry[0] is decider else no_such(decider)

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
        known = self.get(stream)
        return known[1].version if known else 0

    def forget_kinds(self, kinds: Container[str]) -> None:
        """Drop the states of kinds of streams, by name."""
        with self._lock:
            for stream in [stream for stream, (kind, *_) in self._states.items() if kind.name in kinds]:
                self._states.pop(stream)

    def forget(self, streams: Iterable[UUID]) -> None:
        """Drop states that another writer has changed."""
        with self._lock:
            for stream in streams:
                self._states.pop(stream, None)


class Streams:
    """Loads streams from a log through the cache. Callable from any thread.

    A stream's first event or its snapshot tells its kind, never the caller: an id that is taken for that of another
    thing leaves nothing wrong in the cache.
    """

    def __init__(self, log: Log, mapper: Mapper, deciders: Iterable[Decider[Any]], cache_limit: int) -> None:
        self._log = log
        self._mapper = mapper
        self.cache = StateCache(cache_limit)
        self._personal = {decider.name for decider in deciders if _is_personal(decider)}
        self._erasures = 0
        self._shapes = {decider.name: shape(decider) for decider in deciders}
        self._snapshots = {
            self._shapes[decider.name]: (decider, msgspec.msgpack.Decoder(decider.state_type).decode)
            for decider in deciders
        }

    def refresh(self, wanted: Iterable[UUID], *, keep: bool = True) -> dict[UUID, Known]:
        """Return each stream that is there, brought up to date in one query for all. Raises LogUnavailable.

        Without `keep` what is loaded stays out of the cache. A stream that cannot be folded holds its exception.
        """
        start = {stream: self.cache.get(stream) for stream in wanted}
        after = {stream: known[1].version if known else 0 for stream, known in start.items()}
        asked = time.monotonic()
        snapshots, rows = self._log.read_streams(after, self._snapshots)
        for stream, version, topic, state, position in snapshots:
            decider, decode = self._snapshots[topic]
            start[stream] = decider, Loaded(decode(state), version, position)
        newer: dict[UUID, list[Row]] = {}
        for row in rows:
            newer.setdefault(row[1], []).append(row)
        found: dict[UUID, Known] = {}
        for stream, known in start.items():
            if stream in newer:
                found[stream] = self._fold(known, newer[stream])
            elif known:
                found[stream] = Known(*known)
        for stream, (kind, newest) in found.items():
            if keep and kind and isinstance(newest, Loaded):
                self.cache.put(kind, stream, newest, asked)
        return found

    def forget_erased(self, decider: Decider[Any]) -> None:
        """Forget states that hold what people wrote, when some of it was erased since. Raises LogUnavailable."""
        if decider.name not in self._personal:
            return
        try:
            erasures = self._mapper.keyring.erasures()
        except KeyringAway as away:
            raise LogUnavailable(str(away)) from away
        if erasures != self._erasures:
            self._erasures = erasures
            self.cache.forget_kinds(self._personal)

    def load(self, decider: Decider[S], wanted: Iterable[UUID]) -> dict[UUID, Loaded[S] | Exception]:
        """Return each stream seen as this kind, also those that are not there. Raises LogUnavailable."""
        wanted = tuple(wanted)
        self.forget_erased(decider)
        found = self.refresh(wanted)
        return {stream: found[stream].seen_as(decider) if stream in found else no_such(decider) for stream in wanted}

    def recall(self, wanted: Sequence[tuple[Decider[Any], UUID, Done]]) -> list[Outcome[Any]]:
        """Return what remembered commands did, as it was then. Raises LogUnavailable, UnknownTopic, Unreadable.

        It may fold a stream from its first event, so the writer does not do it.
        """
        asked: dict[UUID, list[Done]] = {}
        for _, stream, done in wanted:
            asked.setdefault(stream, []).append(done)
        newest: dict[UUID, Loaded[Any]] = {}
        spans: dict[UUID, tuple[int, int]] = {}
        for stream, commands in asked.items():
            first, last = 0, max(done.version for done in commands)
            known = self.cache.get(stream) if len(commands) == 1 else None
            if known is not None and known[1].version == last:
                newest[stream], first = known[1], last - commands[0].events
            if first < last:
                spans[stream] = (first, last)
        rows: dict[UUID, list[Row]] = {}
        for row in self._log.read_spans(spans) if spans else ():
            rows.setdefault(row[1], []).append(row)
        return [
            _recalled(decider, [self._decoded(row) for row in rows.get(stream, ())], done, newest.get(stream))
            for decider, stream, done in wanted
        ]

    def _decoded(self, row: Row) -> Recorded:
        """Return an event as rules and states see it. Raises LogUnavailable, UnknownTopic, Unreadable."""
        recorded = self._mapper.decode(row)
        try:
            return msgspec.structs.replace(recorded, event=self._mapper.cleared(recorded.event))
        except KeyringAway as away:
            raise LogUnavailable(str(away)) from away

    def _fold(self, known: tuple[Decider[Any], Loaded[Any]] | None, rows: list[Row]) -> Known:
        decider = known[0] if known else self._mapper.owner(rows[0][3])
        try:
            if decider is None:
                raise UnknownTopic(rows[0][3])
            state = known[1].state if known else decider.initial()
            for row in rows:
                state = decider.evolve(state, self._decoded(row).event)
        except LogUnavailable:
            raise
        except Exception as error:  # one unreadable stream must not stop the others of the batch
            return Known(decider, error)
        return Known(decider, Loaded(state, rows[-1][2], rows[-1][0]))

    def save_snapshot(self, decider: Decider[S], stream: UUID, loaded: Loaded[S]) -> None:
        """Keep the state of a long stream, in its shape of this version. What people wrote would lie there clear: none
        of a kind that holds such texts."""
        if decider.name in self._personal:
            return
        state = msgspec.msgpack.encode(loaded.state)
        topic = self._shapes[decider.name]
        self._log.save_snapshot(Snapshot(stream, loaded.version, topic, state, loaded.position))


def _is_personal(decider: Decider[Any]) -> bool:
    """Tell whether a state may hold what people wrote."""
    return any(event.PERSONAL for event in decider.events)


def _recalled(decider: Decider[S], upto: Sequence[Recorded], done: Done, newest: Loaded[S] | None) -> Outcome[S]:
    """Return what a command did. `upto`: the stream's events up to then; with `newest`, the command's own alone."""
    mine = [recorded for recorded in upto if recorded.version <= done.version]
    events = tuple(recorded.event for recorded in mine if recorded.version > done.version - done.events)
    if newest is not None:
        return Outcome(newest.position, newest.version, events, newest.state)
    state = decider.initial()
    for recorded in mine:
        state = decider.evolve(state, recorded.event)
    return Outcome(mine[-1].position if mine else 0, done.version, events, state)


def shape(decider: Decider[Any]) -> str:
    """Name the decider's state shape: another shape, or a raised SNAPSHOT_VERSION, ignores old snapshots.

    Raise SNAPSHOT_VERSION (a ClassVar of the state) when `evolve` changes and the fields do not.
    """
    schema = msgspec.json.encode(msgspec.json.schema(decider.state_type), order="sorted")
    version = getattr(decider.state_type, "SNAPSHOT_VERSION", 1)
    return f"{decider.name}:{version}:{hashlib.blake2b(schema, digest_size=8).hexdigest()}"
