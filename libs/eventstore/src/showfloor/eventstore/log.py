"""The log as the store sees it. PostgreSQL's and the in-memory twin in `testing` pass tests/conformance/eventstore."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

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
