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
from showfloor.eventstore.follower import PAGE, Follower, connect
from showfloor.eventstore.statements import run
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View

Progress = Callable[[int, int], None]
"""(position reached, newest position): called in the rebuilding thread after each page."""

_CLOSE = 2 * PAGE  # positions: near enough to the end to stop the follower for the rest


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: events read, the position the view stands at now, and how long it took."""

    events: int
    position: int
    seconds: float


def rebuild(dsn: str, store: Store, follower: Follower, view: View, progress: Progress) -> Rebuilt:
    """Fill new tables beside the old ones, then swap them and the position in one transaction. Blocking.

    Raises whatever `evolve` or the database raises; the old tables then stay as they are.
    """
    started = time.monotonic()
    schema = f"{view.schema}__new"
    with closing(connect(dsn, [schema])) as connection:
        # Losing the newest pages in a crash costs nothing before the swap, which is durable.
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            tables.create(connection, view, schema)
        events = position = 0
        end = store.log.last_position()
        while position < end - _CLOSE:
            position, count = _page(connection, store, view, position)
            events += count
            progress(position, end)
            if position >= end - _CLOSE:
                end = store.log.last_position()
        with follower.turn:
            end = store.log.last_position()
            while position < end:
                position, count = _page(connection, store, view, position)
                events += count
                progress(position, end)
            position = max(position, follower.positions.get(view.name, 0))
            _swap(connection, view, schema, position)
            follower.positions[view.name] = position
            follower.failed.pop(view.name, None)
    return Rebuilt(events, position, time.monotonic() - started)


def _page(connection: psycopg.Connection[Any], store: Store, view: View, after: int) -> tuple[int, int]:
    page = store.read_page(after, PAGE)
    with connection.pipeline(), connection.transaction():
        run(connection, view.statements(page))
    return page[-1].position, len(page)


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
