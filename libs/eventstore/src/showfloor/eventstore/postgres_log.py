"""The log in PostgreSQL, in the tables of the `eventsourcing` library, with a lock of our own."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

import psycopg

from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.commits import commit_sql, parameters
from showfloor.eventstore.log import Done, LogUnavailable, NewRow, Quiet, Request, Snapshot, VersionConflict
from showfloor.eventstore.mapper import Row
from showfloor.eventstore.outage import in_doubt, is_outage
from showfloor.eventstore.statements import one_round_trip

T = TypeVar("T")

_CONNECT_SECONDS = 2

# Every question to the log is answered by an index. A plan made while the table was tiny, or grew faster than it was
# analysed, would read the whole table or a whole index, and the prepared statement would keep it: so none is allowed.
_SETTINGS = (
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c idle_in_transaction_session_timeout=10s"
)

# One commit of a database at a time, every replica's: taken before positions are drawn and held until the commit, so
# that order of position is order of commit. The library locks its table instead, which waits for VACUUM and ANALYZE.
_WRITER = 0x5F10_0F10_0DB1
_ALONE = f"SELECT pg_advisory_xact_lock({_WRITER})"

_FIND = """
SELECT notification_id FROM unnest(%b::uuid[], %b::bigint[], %s::text[], %b::bytea[])
    WITH ORDINALITY AS mine (stream, version, topic, state, nr)
JOIN stored_events e ON e.originator_id = mine.stream AND e.originator_version = mine.version
    AND e.topic = mine.topic AND e.state = mine.state
ORDER BY nr"""

_READ_STREAMS = """
WITH want AS MATERIALIZED (SELECT * FROM unnest(%b::uuid[], %b::bigint[]) AS t (stream, after)),
snap AS MATERIALIZED (
    SELECT s.* FROM want CROSS JOIN LATERAL (
        SELECT * FROM stored_snapshots s
        WHERE s.stream = want.stream AND want.after = 0 AND s.topic = ANY(%s::text[])
        ORDER BY s.version DESC LIMIT 1) s)
SELECT position, stream, version, topic, state, true FROM snap
UNION ALL
SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state, false
FROM want LEFT JOIN snap USING (stream)
JOIN stored_events e ON e.originator_id = want.stream
    AND e.originator_version > greatest(want.after, coalesce(snap.version, 0))
ORDER BY 2, 3"""

_READ_SPANS = """
SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[]) AS span (stream, first, last)
JOIN stored_events e ON e.originator_id = span.stream
    AND e.originator_version > span.first AND e.originator_version <= span.last
ORDER BY 2, 3"""

_REQUESTS = """
WITH want AS MATERIALIZED (SELECT * FROM unnest(%b::uuid[], %s::text[]) AS t (stream, request_id))
SELECT e.originator_id, e.request_id, e.request_done, e.originator_version
FROM want JOIN stored_events e ON e.originator_id = want.stream AND e.request_id = want.request_id
UNION ALL
SELECT q.stream, q.request_id, q.digest, q.version FROM want JOIN quiet_command q USING (stream, request_id)"""

# Deleting is safe: such a row only spares a command that changed nothing from being decided anew when it is sent again,
# and who gets no answer stops sending it long before.
_FORGET_QUIET = """
DELETE FROM quiet_command WHERE (stream, request_id) IN (
    SELECT stream, request_id FROM quiet_command WHERE done_at < now() - make_interval(secs => %s)
    ORDER BY done_at LIMIT 500)"""

_READ = """
SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events
WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s"""

_READ_TOPICS = _READ.replace("ORDER BY", "AND topic = ANY(%s) ORDER BY")

# Deleting is safe: a snapshot can be made again from the events before it, which stay.
_SAVE_SNAPSHOT = """
WITH old AS (DELETE FROM stored_snapshots WHERE stream = %(stream)s AND version < %(version)s
    AND (topic = %(topic)s OR version < %(version)s - 5000)) -- so old, another shape's is nobody's any more
INSERT INTO stored_snapshots (stream, version, topic, state, position)
VALUES (%(stream)s, %(version)s, %(topic)s, %(state)s, %(position)s) ON CONFLICT DO NOTHING"""

_NO_LIMIT = 2**63 - 1


class LogConnections:
    """A connection for each thread instead of a pool.

    The writer must know at once that the database is gone, and be back at once when it is: a pool hides the first and
    delays the second with its own retries.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = with_tcp_timeouts(dsn)
        self._local = threading.local()
        self._open: list[psycopg.Connection[Any]] = []

    @contextmanager
    def get(self) -> Iterator[psycopg.Connection[Any]]:
        """Yield this thread's connection, opened again if it broke. Raises psycopg errors as they are."""
        connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS, options=_SETTINGS
            )
            self._local.connection = connection
            self._open = [c for c in self._open if not c.closed] + [connection]
        try:
            yield connection
        except BaseException:
            # A connection left inside a broken transaction or pipeline is of no use to the next caller.
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                connection.close()
            raise

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._open:
            with suppress(psycopg.Error):
                connection.close()


class PostgresLog:
    """A log in the database of `dsn`, whose tables `migrations.migrate` made."""

    def __init__(self, dsn: str) -> None:
        self._connections = LogConnections(dsn)
        self._safely(lambda _connection: None)  # a database that is away is told of now

    def append(
        self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int] = {}, quiet: Sequence[Quiet] = ()
    ) -> Sequence[int]:
        try:
            written = self._insert(rows, unchanged, quiet)
        except psycopg.errors.UniqueViolation as error:
            raise VersionConflict(str(error)) from error
        except psycopg.Error as error:
            if not is_outage(error):
                raise
            raise LogUnavailable(str(error), in_doubt=in_doubt(error)) from error
        if len(written) < (len(rows) or len(quiet)):
            raise VersionConflict("a stream grew that was to stay as it was, or a command was done before")
        return written if rows else []

    def _insert(self, rows: Sequence[NewRow], unchanged: Mapping[UUID, int], quiet: Sequence[Quiet]) -> list[int]:
        """Insert under the lock of writers, so that order of position is order of commit. One round trip, no retry."""
        sql, given = commit_sql(rows, unchanged, quiet), parameters(rows, unchanged, quiet)
        with self._connections.get() as connection:
            cursor = connection.cursor()
            with one_round_trip(connection):
                connection.execute(_ALONE)
                cursor.execute(sql, given, prepare=True)
            return [number for (number,) in cursor.fetchall()]

    def requests(self, wanted: Iterable[Request]) -> dict[Request, Done]:
        streams, ids = ([*column] for column in zip(*wanted, strict=True))
        rows = self._fetch(_REQUESTS, (streams, ids))
        return {
            (stream, name): Done(done[:16], int.from_bytes(done[16:], "big"), at) for stream, name, done, at in rows
        }

    def forget_quiet(self, seconds: float) -> int:
        return self._safely(lambda connection: connection.execute(_FORGET_QUIET, (seconds,)).rowcount)

    def find(self, rows: Sequence[NewRow]) -> Sequence[int] | None:
        found = self._fetch(_FIND, tuple(map(list, zip(*(row[:4] for row in rows), strict=True))))
        return [position for (position,) in found] if len(found) == len(rows) else None

    def read_streams(
        self, after: Mapping[UUID, int], snapshot_topics: Iterable[str] = ()
    ) -> tuple[list[Snapshot], list[Row]]:
        snapshots: list[Snapshot] = []
        rows: list[Row] = []
        for *row, is_snapshot in self._fetch(_READ_STREAMS, (list(after), list(after.values()), list(snapshot_topics))):
            if is_snapshot:
                position, stream, version, topic, state = row
                snapshots.append(Snapshot(stream, version, topic, state, position))
            else:
                rows.append(tuple(row))
        return snapshots, rows

    def read_spans(self, spans: Mapping[UUID, tuple[int, int]]) -> list[Row]:
        first, last = ([*column] for column in zip(*spans.values(), strict=True))
        return self._fetch(_READ_SPANS, (list(spans), first, last))

    def read(self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        upto = _NO_LIMIT if upto is None else upto
        if topics:
            return self._fetch(_READ_TOPICS, (after, upto, list(topics), limit))
        return self._fetch(_READ, (after, upto, limit))

    def last_position(self) -> int:
        return int(self._fetch("SELECT coalesce(max(notification_id), 0) FROM stored_events", ())[0][0])

    def save_snapshot(self, snapshot: Snapshot) -> None:
        self._safely(lambda connection: connection.execute(_SAVE_SNAPSHOT, snapshot._asdict()))

    def close(self) -> None:
        self._connections.close()

    def _fetch(self, sql: str, params: Sequence[Any]) -> list[Any]:
        return self._safely(lambda c: c.cursor(binary=True).execute(sql, params, prepare=True).fetchall())

    def _safely(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Do work that may be done twice: an idle connection that a restart broke costs one new try."""
        for last in (False, True):
            try:
                with self._connections.get() as connection:
                    return work(connection)
            except psycopg.Error as error:
                if not is_outage(error):
                    raise
                if last:
                    raise LogUnavailable(str(error)) from error
        raise AssertionError("unreachable")
