"""The one statement of a commit: events, what is remembered of their commands, and of commands that changed nothing.

It runs under the lock of writers, so what it finds is the newest there is.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from showfloor.eventstore.log import NewRow, Quiet

_PLAIN = "unnest(%(stream)b::uuid[], %(version)b::bigint[], %(topic)b::text[], %(state)b::bytea[])"
_NAMED = _PLAIN[:-1] + ", %(request)b::text[], %(done)b::bytea[])"
EVENTS_BYTES = 2  # of the number of events, which stands behind the digest: at most 1,000
_COLUMNS = "originator_id, originator_version, topic, state"
_MORE = ", request_id, request_done"

# A row whose request another row of the log has fails by the unique index; what the other table knows is looked for.
_DONE_QUIETLY = """EXISTS (SELECT FROM unnest(%(stream)b::uuid[], %(request)b::text[]) AS mine (stream, request_id)
    JOIN quiet_command q USING (stream, request_id))"""
_DONE = """EXISTS (SELECT FROM unnest(%(q_stream)b::uuid[], %(q_request)s::text[]) AS mine (stream, request_id)
    JOIN stored_events e ON e.originator_id = mine.stream AND e.request_id = mine.request_id)"""
_GREW = """EXISTS (SELECT FROM unnest(%(u_stream)b::uuid[], %(u_version)b::bigint[]) AS seen (stream, version)
    JOIN stored_events e ON e.originator_id = seen.stream AND e.originator_version > seen.version)"""
_NOTE = """INSERT INTO quiet_command (stream, request_id, digest, version)
    SELECT * FROM unnest(%(q_stream)b::uuid[], %(q_request)s::text[], %(q_digest)b::bytea[], %(q_version)b::bigint[])"""


def commit_sql(rows: Sequence[NewRow], unchanged: Mapping[UUID, int], quiet: Sequence[Quiet]) -> str:
    """Return the statement. It answers one number per row, the positions, or one per quiet command when there are no
    rows; none at all when it wrote nothing because of something that it found."""
    return _sql(bool(rows), any(row.done for row in rows), bool(unchanged), bool(quiet))


@cache
def _sql(rows: bool, named: bool, unchanged: bool, quiet: bool) -> str:
    found = [text for text, wanted in ((_DONE_QUIETLY, named), (_DONE, quiet), (_GREW, unchanged)) if wanted]
    unless = f" WHERE NOT ({' OR '.join(found)})" if found else ""
    note = _NOTE + unless
    if not rows:
        return f"{note} RETURNING 1"
    columns, given = (_COLUMNS + _MORE, _NAMED) if named else (_COLUMNS, _PLAIN)
    insert = f"INSERT INTO stored_events ({columns}) SELECT * FROM {given}{unless} RETURNING notification_id"  # noqa: S608 - constants
    return f"WITH noted AS ({note}) {insert}" if quiet else insert


def parameters(rows: Sequence[NewRow], unchanged: Mapping[UUID, int], quiet: Sequence[Quiet]) -> dict[str, Any]:
    """Return what the statement is executed with."""
    given: dict[str, Any] = {}
    if rows:
        names = ("stream", "version", "topic", "state", "request", "done")
        given = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        given["done"] = [one and one.digest + one.events.to_bytes(EVENTS_BYTES, "big") for one in given["done"]]
    if unchanged:
        given |= {"u_stream": list(unchanged), "u_version": list(unchanged.values())}
    if quiet:
        given |= {
            "q_stream": [one.stream for one in quiet],
            "q_request": [one.request_id for one in quiet],
            "q_digest": [one.done.digest for one in quiet],
            "q_version": [one.done.version for one in quiet],
        }
    return given
