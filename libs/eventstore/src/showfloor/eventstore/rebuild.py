"""Rebuilds a view from the log while the old rows answer, and proves that both are the same."""

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from showfloor.eventstore import view as tables
from showfloor.eventstore.log import LogUnavailable
from showfloor.eventstore.outage import is_outage, unavailable
from showfloor.eventstore.projector import PAGE, Projector, connect, safe_message
from showfloor.eventstore.statements import run_bulk
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View
from showfloor.kernel.refusal import Refusal, RefusalKind

Progress = Callable[[int, int], None]
"""(position reached, newest position): called in the rebuilding thread after each page."""

_CLOSE = 2 * PAGE  # positions: near enough to the end to stop the projector for the rest
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
    dsn: str, store: Store, projector: Projector, view: View, progress: Progress, compare: bool = False
) -> Rebuilt:
    """Fill new tables beside the old ones, then swap them and the position in one transaction. Blocking.

    The process that leads the view waits while the two change places. With `compare` old and new rows are hashed before
    the swap, where both stand at one position. Raises RebuildFailed; Refusal REBUILD_RUNNING, NOT_YET (the old rows do
    not advance, so there is nothing to compare), DATABASE_UNAVAILABLE; or what `evolve` raises. The old tables then
    stay as they are.
    """
    try:
        return _rebuild(dsn, store, projector, view, progress, compare)
    except (psycopg.Error, LogUnavailable) as error:
        if is_outage(error):
            raise unavailable() from None
        raise RebuildFailed(safe_message(error)) from None  # the error itself may hold the content of a row


def build(dsn: str, store: Store, view: View, progress: Progress) -> None:
    """Fill the tables of a definition that has none in place, from where another build ended. Blocking.

    Raises RebuildFailed; Refusal REBUILD_RUNNING (another process does it); an outage as it is; or what `evolve`
    raises.
    """
    try:
        with closing(connect(dsn, [view.building])) as connection:
            _begin(connection, view)
            if not tables.positions(connection, [view]):
                _build(connection, store, view, progress)
    except psycopg.Error as error:
        if is_outage(error):
            raise
        raise RebuildFailed(safe_message(error)) from None


def _begin(connection: psycopg.Connection[Any], view: View) -> None:
    if not tables.try_to_rebuild(connection, view):
        message = f"view {view.name} is being built already, by another replica or for the first time"
        raise Refusal(RefusalKind.WRONG_STATE, "REBUILD_RUNNING", message)
    # Losing the newest pages in a crash costs nothing before the swap, which is durable.
    connection.execute("SET synchronous_commit = off")


def _build(connection: psycopg.Connection[Any], store: Store, view: View, progress: Progress) -> None:
    position = tables.positions(connection, [view], building=True).get(view.name)
    if position is None:
        with connection.transaction():
            tables.create(connection, view)
    _, position = _near(connection, store, view, position or 0, progress)
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = on")
        end = max(store.log.last_position(), position)
        _fill(connection, store, view, position, end, progress)
        tables.put_in_place(connection, view, end)


def _near(
    connection: psycopg.Connection[Any], store: Store, view: View, position: int, progress: Progress
) -> tuple[int, int]:
    """Fill the new tables until little is left; return how many events that were, and the position reached."""
    events = 0
    while position < (end := store.log.last_position()) - _CLOSE:
        events += _fill(connection, store, view, position, end, progress)
        position = end
    return events, position


def _rebuild(dsn: str, store: Store, projector: Projector, view: View, progress: Progress, compare: bool) -> Rebuilt:
    started = time.monotonic()
    with closing(connect(dsn, [view.building])) as connection:
        _begin(connection, view)
        with connection.transaction():
            tables.create(connection, view)
        events, position = _near(connection, store, view, 0, progress)
        wanted = _comparable(connection, store, projector, view) if compare else 0
        compared = None
        with projector.turn, connection.transaction():  # another process's projector waits at the locked row
            connection.execute("SET LOCAL synchronous_commit = on")
            at = tables.lock_position(connection, view)
            if compare:  # after the swap nobody can tell any more what the old rows were
                events += _fill(connection, store, view, position, max(at, wanted), progress)
                position = max(position, at, wanted)
                compared = digest_of(connection, view.schema), digest_of(connection, view.building)
            end = max(store.log.last_position(), position, at)
            events += _fill(connection, store, view, position, end, progress)
            tables.put_in_place(connection, view, end)
        if view.name in projector.leads:
            projector.positions[view.name] = end
        projector.failed.pop(view.name, None)
    projector.wake()
    return Rebuilt(events, end, time.monotonic() - started, compared)


def _comparable(connection: psycopg.Connection[Any], store: Store, projector: Projector, view: View) -> int:
    """Wait until the old rows are as far as the log is now, and return how far that is. A view that failed never is."""
    wanted, late = store.log.last_position(), time.monotonic() + _PATIENCE
    while tables.positions(connection, [view]).get(view.name, -1) < wanted and view.name not in projector.failed:
        if time.monotonic() > late:
            message = f"view {view.name} does not advance, so there is nothing to compare with; see its status"
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", message)
        time.sleep(_LOOK)
    return wanted


def _fill(
    connection: psycopg.Connection[Any], store: Store, view: View, after: int, end: int, progress: Progress
) -> int:
    """Carry what lies between two positions into the new tables; return how many events that were."""
    events = 0
    for page in store.pages_ahead(after, end, view.handles):
        with connection.transaction():
            run_bulk(connection, view.changes(page))
            tables.set_building_position(connection, view, page[-1].position)
        events += len(page)
        progress(page[-1].position, end)
    progress(end, end)
    return events


def fingerprint(dsn: str, schema: str) -> str:
    """Return a digest of all rows of all tables of a schema, in an order that depends on nothing else.

    Raises Refusal DATABASE_UNAVAILABLE.
    """
    try:
        with closing(connect(dsn, [schema])) as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return digest_of(connection, schema)
    except psycopg.Error as error:
        if is_outage(error):
            raise unavailable() from None
        raise


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
