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

    With `compare` old and new rows are hashed before the swap, where both stand at one position; views wait that long.
    Raises RebuildFailed; Refusal NOT_THE_FOLLOWER when there is nothing to compare with here; or whatever `evolve`
    raises. The old tables then stay as they are.
    """
    try:
        return _rebuild(dsn, store, follower, view, progress, compare)
    except psycopg.Error as error:
        raise RebuildFailed(words(error)) from None  # the error itself may hold the content of a row


def _rebuild(dsn: str, store: Store, follower: Follower, view: View, progress: Progress, compare: bool) -> Rebuilt:
    started = time.monotonic()
    schema = f"{view.schema}__new"
    with closing(connect(dsn, [schema])) as connection:
        # Losing the newest pages in a crash costs nothing before the swap, which is durable.
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            tables.create(connection, view, schema)
        events = position = 0
        while position < (end := store.log.last_position()) - _CLOSE:
            events += _fill(connection, store, view, position, end, progress)
            position = end
        with follower.turn:
            end = store.log.last_position()
            if compare:  # after the swap nobody can tell any more what the old rows were
                follower.catch_up(view.name, end)
                if view.name not in follower.failed and follower.positions.get(view.name, 0) < end:
                    message = "another replica follows the log now; ask that one to rebuild"
                    raise Refusal(RefusalKind.WRONG_STATE, "NOT_THE_FOLLOWER", message)
                end = max(end, follower.positions.get(view.name, 0))
            events += _fill(connection, store, view, position, end, progress)
            position = max(end, follower.positions.get(view.name, 0))
            compared = _digests(connection, view.schema, schema) if compare else None
            _swap(connection, view, schema, position)
            follower.positions[view.name] = position
            follower.failed.pop(view.name, None)
    return Rebuilt(events, position, time.monotonic() - started, compared)


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
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = on")
        tables.set_positions(connection, [view], position)  # first, like a follower: they wait for each other here
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
