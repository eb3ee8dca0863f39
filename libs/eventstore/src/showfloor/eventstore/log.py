"""What the store asks of a log, and the in-memory one. Both pass tests/conformance/eventstore."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from showfloor.eventstore.mapper import Row


class NewRow(NamedTuple):
    """An event about to be appended."""

    stream: UUID
    version: int
    topic: str
    state: bytes


class Snapshot(NamedTuple):
    """A stream's state at a version, in the shape that `topic` names."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    position: int


class VersionConflict(Exception):
    """Another writer appended to one of the streams first. Nothing was written."""


class LogUnavailable(Exception):
    """The log cannot be reached. `in_doubt`: the rows may have been written all the same."""

    def __init__(self, message: str, *, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt


class Log(Protocol):
    """An append-only, totally ordered log. Blocking; every method may be called from any thread.

    All methods raise LogUnavailable when the log cannot be reached.
    """

    def append(self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}) -> Sequence[int]:
        """Append all rows or none; return their positions. Raises VersionConflict, also when a stream of `unchanged`
        has grown past the version given there."""

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        """Return the positions of exactly these rows if an append that was in doubt did write them."""

    def read_streams(
        self, after: Mapping[UUID, int], snapshot_topics: Iterable[str] = ()
    ) -> tuple[list[Snapshot], list[Row]]:
        """Return events newer than the given version of each stream, in order of version.

        A stream asked for from 0 may start from its newest snapshot of a listed topic instead.
        """

    def read(self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        """Return at most `limit` rows with `after` < position <= `upto`, in order of position; of `topics`, if any."""

    def last_position(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot; older ones of the stream, of the same topic, may be dropped."""

    def close(self) -> None:
        """Let go of connections."""


class _Recorder(POPOApplicationRecorder):
    """The library's in-memory recorder, asked for positions too."""

    def select_after(self, stream: UUID, version: int) -> list[Row]:
        with self._database_lock:
            index = self._stored_events_index[str(stream)]
            found = [(v, i) for v, i in index.items() if v > version]
            events = [(i + 1, self._stored_events[i]) for _, i in sorted(found)]
        return [(p, stream, e.originator_version, e.topic, e.state) for p, e in events]

    def insert_unless(self, events: list[StoredEvent], unchanged: Mapping[UUID, int]) -> Sequence[int]:
        with self._database_lock:
            if any(self.select_after(stream, version) for stream, version in unchanged.items()):
                raise IntegrityError("a stream grew that was to stay as it was")
            return self.insert_events(events) or ()


class MemoryLog:
    """A log that lives as long as the process: for tests and trials."""

    def __init__(self) -> None:
        self._recorder = _Recorder()
        self._snapshots: dict[tuple[UUID, str], Snapshot] = {}

    def append(self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}) -> Sequence[int]:
        try:
            return self._recorder.insert_unless([StoredEvent(*row) for row in rows], unchanged)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        found = [self._recorder.select_after(row.stream, row.version - 1)[:1] for row in rows]
        if any(not hit or hit[0][1:] != tuple(row) for hit, row in zip(found, rows, strict=True)):
            return None
        return [hit[0][0] for hit in found]

    def read_streams(
        self, after: Mapping[UUID, int], snapshot_topics: Iterable[str] = ()
    ) -> tuple[list[Snapshot], list[Row]]:
        topics = tuple(snapshot_topics)
        found = (self._snapshots.get((stream, topic)) for stream in after if after[stream] == 0 for topic in topics)
        newest = {kept.stream: kept for kept in sorted(filter(None, found), key=lambda kept: kept.version)}
        snapshots = list(newest.values())
        start = {**after, **{snapshot.stream: snapshot.version for snapshot in snapshots}}
        rows = [row for stream, version in start.items() for row in self._recorder.select_after(stream, version)]
        return snapshots, rows

    def read(self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        found = self._recorder.select_notifications(after, limit, upto, topics, inclusive_of_start=False)
        return [(n.id, _uuid(n.originator_id), n.originator_version, n.topic, n.state) for n in found]

    def last_position(self) -> int:
        return self._recorder.max_notification_id() or 0

    def save_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshots[snapshot.stream, snapshot.topic] = snapshot

    def close(self) -> None:
        """Nothing to let go of."""


def _uuid(value: UUID | str) -> UUID:
    assert isinstance(value, UUID)
    return value
