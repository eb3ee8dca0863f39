"""The in-memory twin of the event log, for tests without a server. It passes tests/conformance/eventstore."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.log import Done, NewRow, Quiet, Request, Snapshot, VersionConflict
from showfloor.eventstore.mapper import Row
from showfloor.eventstore.store import Store
from showfloor.kernel.decider import Decider


def memory_store(deciders: Iterable[Decider[Any]], **limits: Any) -> Store:
    """Open a store that forgets everything when it is closed."""
    return Store(MemoryLog(), deciders, **limits)


_NEWEST = 2**63 - 1


class MemoryLog:
    """A log that lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: list[Row] = []
        self._streams: dict[UUID, dict[int, Row]] = {}  # by version
        self._done: dict[Request, Done] = {}
        self._quiet: dict[Request, float] = {}  # when they were done (time.monotonic())
        self._snapshots: dict[tuple[UUID, str], Snapshot] = {}

    def append(
        self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}, quiet: Sequence[Quiet] = ()
    ) -> Sequence[int]:
        named = {(row.stream, row.request_id): row.done for row in rows if row.request_id is not None and row.done}
        idle = {(one.stream, one.request_id): one.done for one in quiet}
        with self._lock:
            taken = any(row.version in self._streams.get(row.stream, ()) for row in rows)
            grew = any(max(self._streams.get(stream, (0,))) > version for stream, version in unchanged.items())
            if taken or grew or len({row[:2] for row in rows}) < len(rows):
                raise VersionConflict("a stream grew")
            if not self._done.keys().isdisjoint(named.keys() | idle.keys()):
                raise VersionConflict("a command was done before")
            new = [(position, *row[:4]) for position, row in enumerate(rows, len(self._rows) + 1)]
            self._rows += new
            for row in new:
                self._streams.setdefault(row[1], {})[row[2]] = row
            self._done |= {**named, **idle}
            self._quiet |= dict.fromkeys(idle, time.monotonic())
        return [row[0] for row in new]

    def requests(self, wanted: Iterable[Request]) -> dict[Request, Done]:
        with self._lock:
            return {request: self._done[request] for request in wanted if request in self._done}

    def forget_quiet(self, seconds: float) -> int:
        with self._lock:
            old = [request for request, when in self._quiet.items() if when < time.monotonic() - seconds]
            for request in old:
                del self._quiet[request], self._done[request]
        return len(old)

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        with self._lock:
            found = [self._streams.get(row.stream, {}).get(row.version) for row in rows]
        if any(there is None or there[1:] != row[:4] for there, row in zip(found, rows, strict=True)):
            return None
        return [there[0] for there in found if there is not None]

    def read_streams(
        self, after: Mapping[UUID, int], snapshot_topics: Iterable[str] = ()
    ) -> tuple[list[Snapshot], list[Row]]:
        topics = tuple(snapshot_topics)
        found = (self._snapshots.get((stream, topic)) for stream in after if after[stream] == 0 for topic in topics)
        newest = {kept.stream: kept for kept in sorted(filter(None, found), key=lambda kept: kept.version)}
        start = {**after, **{stream: snapshot.version for stream, snapshot in newest.items()}}
        spans = {stream: (version, _NEWEST) for stream, version in start.items()}
        return list(newest.values()), self.read_spans(spans)

    def read_spans(self, spans: Mapping[UUID, tuple[int, int]]) -> list[Row]:
        with self._lock:
            return [
                row
                for stream, (first, last) in spans.items()
                for version, row in sorted(self._streams.get(stream, {}).items())
                if first < version <= last
            ]

    def read(self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        with self._lock:
            rows = self._rows[after:upto]
        return [row for row in rows if not topics or row[3] in topics][:limit]

    def last_position(self) -> int:
        return len(self._rows)

    def save_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshots[snapshot.stream, snapshot.topic] = snapshot

    def close(self) -> None:
        """Nothing to let go of."""
