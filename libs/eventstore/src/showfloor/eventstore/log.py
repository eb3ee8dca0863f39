"""What the store asks of a log, and the in-memory one. Both pass tests/conformance/eventstore."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from showfloor.eventstore.mapper import Row

Request = tuple[UUID, str]
"""What names a command in the log: its stream and its request id."""


class Done(NamedTuple):
    """What the log remembers of a command: what it said, how many events it recorded, the stream's version after it."""

    digest: bytes
    events: int
    version: int


class NewRow(NamedTuple):
    """An event about to be appended. The last one of a command carries what is remembered of the command, if it is."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    request_id: str | None = None
    done: Done | None = None


class Quiet(NamedTuple):
    """A command that changed nothing, to be remembered all the same."""

    stream: UUID
    request_id: str
    done: Done


class Snapshot(NamedTuple):
    """A stream's state at a version, in the shape that `topic` names."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    position: int


class VersionConflict(Exception):
    """Another writer appended to one of the streams first, or did one of the commands. Nothing was written."""


class LogUnavailable(Exception):
    """The log cannot be reached. `in_doubt`: the rows may have been written all the same."""

    def __init__(self, message: str, *, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt


class Log(Protocol):
    """An append-only, totally ordered log. Blocking; every method may be called from any thread.

    All methods raise LogUnavailable when the log cannot be reached.
    """

    def append(
        self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}, quiet: Sequence[Quiet] = ()
    ) -> Sequence[int]:
        """Append all rows, and remember the quiet commands, or nothing of it; return the rows' positions.

        Raises VersionConflict, also when a stream of `unchanged` has grown past the version given there, or when a
        request of the rows or of `quiet` is remembered already.
        """

    def requests(self, wanted: Iterable[Request]) -> dict[Request, Done]:
        """Return what is remembered of these commands; those that were never done are left out."""

    def forget_quiet(self, seconds: float) -> int:
        """Forget some commands that changed nothing, longer ago than this; return how many. 0: there are no more."""

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        """Return the positions of exactly these rows if an append that was in doubt did write them."""

    def read_streams(
        self, after: Mapping[UUID, int], snapshot_topics: Iterable[str] = ()
    ) -> tuple[list[Snapshot], list[Row]]:
        """Return events newer than the given version of each stream, in order of version.

        A stream asked for from 0 may start from its newest snapshot of a listed topic instead.
        """

    def read_spans(self, spans: Mapping[UUID, tuple[int, int]]) -> list[Row]:
        """Return the events of each stream with first < version <= last, in order of version."""

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

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[Request, Done] = {}
        self.quiet: dict[Request, float] = {}  # when they were done (time.monotonic())

    def insert_unless(
        self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int], quiet: Sequence[Quiet]
    ) -> Sequence[int]:
        new = {(row.stream, row.request_id): row.done for row in rows if row.request_id is not None and row.done}
        idle = {(one.stream, one.request_id): one.done for one in quiet}
        with self._database_lock:
            if any(self.select_after(stream, version) for stream, version in unchanged.items()):
                raise IntegrityError("a stream grew that was to stay as it was")
            if not self.done.keys().isdisjoint(new.keys() | idle.keys()):
                raise IntegrityError("a command was done before")
            positions = self.insert_events([StoredEvent(*row[:4]) for row in rows]) or () if rows else ()
            self.done |= {**new, **idle}
            self.quiet |= dict.fromkeys(idle, time.monotonic())
            return positions

    def forget_before(self, moment: float) -> int:
        with self._database_lock:
            old = [request for request, when in self.quiet.items() if when < moment]
            for request in old:
                del self.quiet[request], self.done[request]
        return len(old)


class MemoryLog:
    """A log that lives as long as the process: for tests and trials."""

    def __init__(self) -> None:
        self._recorder = _Recorder()
        self._snapshots: dict[tuple[UUID, str], Snapshot] = {}

    def append(
        self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}, quiet: Sequence[Quiet] = ()
    ) -> Sequence[int]:
        try:
            return self._recorder.insert_unless(rows, unchanged, quiet)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error

    def requests(self, wanted: Iterable[Request]) -> dict[Request, Done]:
        done = self._recorder.done
        return {request: done[request] for request in wanted if request in done}

    def forget_quiet(self, seconds: float) -> int:
        return self._recorder.forget_before(time.monotonic() - seconds)

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        found = [self._recorder.select_after(row.stream, row.version - 1)[:1] for row in rows]
        if any(not hit or hit[0][1:] != row[:4] for hit, row in zip(found, rows, strict=True)):
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

    def read_spans(self, spans: Mapping[UUID, tuple[int, int]]) -> list[Row]:
        return [
            row
            for stream, (first, last) in spans.items()
            for row in self._recorder.select_after(stream, first)
            if row[2] <= last
        ]

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
