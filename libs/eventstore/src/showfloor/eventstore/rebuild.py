"""Making a view again from the log while the old one answers, and proving that both are the same."""

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from showfloor.eventstore import view as tables
from showfloor.eventstore.follower import PAGE, Follower, connect, words
from showfloor.eventstore.statements import run_bulk
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View
from showfloor.kernel.refusal import Refusal, RefusalKind

Progress = Callable[[int, int], None]
"""(position reached, newest position): called in the rebuilding thread after each page."""

_CLOSE = 2 * PAGE  # positions: near enough to the end to stop the follower for the rest
_PATIENCE = 10.0  # seconds for the old rows to come as far as the log is, when they are to be compared
_LOOK = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: events it handled, the position the view stands at now, and how long it took.

    `compared`: the digests of the rows that were in place and of the new ones, both at that position; None when
    nobody asked for them.
    """

    events: int
    position: int
    seconds: float
    compared: tuple[str, str] | None = None


class RebuildFailed(Exception):
    """The database refused or went away. The message tells no content of a row."""


def rebuild(
    dsn: str, store: Store, follower: Follower, view: View, progress: Progress, compare: bool = False
) -> Rebuilt:
    """Fill new tables beside the old ones, then swap them and the position in one transaction. Blocking.

    It does not matter which process follows the log: whoever does waits while the two change places. With `compare`
    old and new rows are hashed before the swap, where both stand at one position; views wait that long.
    Raises RebuildFailed; Refusal REBUILD_RUNNING, NOT_THE_FOLLOWER (a replica of another version made the tables),
    NOT_YET (the old rows do not advance, so there is nothing to compare); or whatever `evolve` raises. The old
    tables then stay as they are.
    """
    try:
        return _rebuild(dsn, store, follower, view, progress, compare)
    except psycopg.Error as error:
        raise RebuildFailed(words(error)) from None  # the error itself may hold the content of a row


def _rebuild(dsn: str, store: Store, follower: Follower, view: View, progress: Progress, compare: bool) -> Rebuilt:
    started = time.monotonic()
    schema = f"{view.schema}__new"
    with closing(connect(dsn, [schema])) as connection:
        if not tables.try_to_rebuild(connection, view):
            raise _refused("REBUILD_RUNNING", f"view {view.name} is being rebuilt already, by another replica")
        _refuse_other_versions(connection, view)
        # Losing the newest pages in a crash costs nothing before the swap, which is durable.
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            tables.create(connection, view, schema)
        events = position = 0
        while position < (end := store.log.last_position()) - _CLOSE:
            events += _fill(connection, store, view, position, end, progress)
            position = end
        wanted = _comparable(connection, store, follower, view) if compare else 0
        compared = None
        with follower.turn, connection.transaction():  # ours waits for its turn, another process's follower at the row
            connection.execute("SET LOCAL synchronous_commit = on")
            at = tables.lock_position(connection, view)
            _refuse_other_versions(connection, view)
            if compare:  # after the swap nobody can tell any more what the old rows were
                events += _fill(connection, store, view, position, max(at, wanted), progress)
                position = max(position, at, wanted)
                compared = _digests(connection, view.schema, schema)
            end = max(store.log.last_position(), position, at)
            events += _fill(connection, store, view, position, end, progress)
            _swap(connection, view, schema, end)
        if follower.active:
            follower.positions[view.name] = end
        follower.failed.pop(view.name, None)
    return Rebuilt(events, end, time.monotonic() - started, compared)


def _comparable(connection: psycopg.Connection[Any], store: Store, follower: Follower, view: View) -> int:
    """Wait until the old rows are as far as the log is now, and return how far that is. A view that failed never is."""
    wanted, late = store.log.last_position(), time.monotonic() + _PATIENCE
    while tables.positions(connection, [view])[view.name] < wanted and view.name not in follower.failed:
        if time.monotonic() > late:
            message = f"view {view.name} does not advance, so there is nothing to compare with; see its status"
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", message)
        time.sleep(_LOOK)
    return wanted


def _refuse_other_versions(connection: psycopg.Connection[Any], view: View) -> None:
    """An older replica must not put rows of its own into tables that a newer one has made."""
    if not tables.is_in_place(connection, view):
        message = f"view {view.name} is of another version than this replica's; ask one of that version to rebuild"
        raise _refused("NOT_THE_FOLLOWER", message)


def _refused(reason: str, message: str) -> Refusal:
    return Refusal(RefusalKind.WRONG_STATE, reason, message)


def _fill(
    connection: psycopg.Connection[Any], store: Store, view: View, after: int, end: int, progress: Progress
) -> int:
    """Carry what lies between two positions into the new tables; return how many events that were."""
    events = 0
    for page in store.pages_ahead(after, end, view.handles):
        with connection.transaction():
            run_bulk(connection, view.changes(page))
        events += len(page)
        progress(page[-1].position, end)
    progress(end, end)
    return events


def _digests(connection: psycopg.Connection[Any], old: str, new: str) -> tuple[str, str]:
    with connection.transaction():
        return digest_of(connection, old), digest_of(connection, new)


def _swap(connection: psycopg.Connection[Any], view: View, schema: str, position: int) -> None:
    tables.set_positions(connection, [view], position)
    old, new = Identifier(view.schema), Identifier(schema)
    connection.execute(SQL("DROP SCHEMA {} CASCADE").format(old))
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(new, old))


def fingerprint(dsn: str, view: View) -> str:
    """Return a digest of all rows of all tables of a view, in an order that depends on nothing else."""
    with closing(connect(dsn, [view.schema])) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return digest_of(connection, view.schema)


def digest_of(connection: psycopg.Connection[Any], schema: str) -> str:
    """Return the digest of a view's schema as the caller's transaction sees it."""
    digest = hashlib.sha256()
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')"
        ' ORDER BY relname COLLATE "C"',
        (schema,),
    ).fetchall()
    for (name,) in names:
        digest.update(f"\x00{name}\x00".encode())
        query = SQL('COPY (SELECT t::text FROM {} t ORDER BY t::text COLLATE "C") TO STDOUT')
        with connection.cursor().copy(query.format(Identifier(schema, str(name)))) as rows:
            for block in rows:
                digest.update(block)
    return digest.hexdigest()
