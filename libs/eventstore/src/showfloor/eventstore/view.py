"""What a view is: a table or more, and how events change them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.sql import Literal as SqlLiteral

from showfloor.eventstore.statements import Change
from showfloor.kernel.event import Event, Recorded

_FOLLOWER = "showfloor follower"  # names the advisory lock that the active follower holds

_SET_POSITIONS = """
INSERT INTO public.notification_tracking (application_name, notification_id)
SELECT unnest(%s::text[]), %s ON CONFLICT (application_name) DO UPDATE
SET notification_id = EXCLUDED.notification_id"""

# Fails in the database when not all views stand at `before`, so that statements sent along with it are not executed:
# a text that is no number is the plain way to raise an error in SQL.
_MOVE_POSITIONS = """
WITH moved AS (UPDATE public.notification_tracking SET notification_id = %(position)s
    WHERE application_name = ANY(%(names)s) AND notification_id = %(before)s RETURNING 1)
SELECT CASE WHEN count(*) = cardinality(%(names)s::text[]) THEN 0 ELSE ('overtaken, moved: ' || count(*))::int END
FROM moved"""

_LOCK_POSITION = "SELECT notification_id FROM public.notification_tracking WHERE application_name = %s FOR UPDATE"


class Overtaken(Exception):
    """Another process has moved or rebuilt a view meanwhile. Nothing was written; look again where it stands."""


@dataclass(frozen=True)
class View:
    """A question's answer, kept ready in tables.

    `ddl` creates the tables, by plain names that no other view uses. `evolve` turns a page of events (only
    those in `handles`, in order of position) into statements on these tables, and on nothing else: it
    reads no clock, no other table, so that a rebuild gives the same rows, byte for byte. When `evolve`
    changes and `ddl` does not, raise `version`: the view is then made anew at the next start. `settings` says
    what else rows depend on, by values that an operator may change: with others the view is made anew, too.
    """

    name: str
    ddl: str
    handles: tuple[type[Event], ...]
    evolve: Callable[[Sequence[Recorded]], Iterable[Change]]
    version: int = 1
    settings: str = ""

    @property
    def schema(self) -> str:
        """The PostgreSQL schema that holds the tables."""
        return f"view_{self.name}"

    @property
    def tracking_name(self) -> str:
        """The name under which the position is kept."""
        return f"view:{self.name}"

    def changes(self, page: Sequence[Recorded]) -> list[Change]:
        """Return what a page of the log means for this view."""
        handles = self.handles
        mine = [recorded for recorded in page if isinstance(recorded.event, handles)]
        return list(self.evolve(mine)) if mine else []

    def definition(self) -> str:
        """Return a digest that changes with the tables, the version or the settings."""
        whole = f"{self.version}\n{self.ddl}" + (f"\n{self.settings}" if self.settings else "")
        return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """How far a view is. `lag`: events still to come, at most. `failed` views are tried again, ever more slowly."""

    name: str
    position: int
    lag: int
    state: Literal["live", "catching up", "rebuilding", "failed", "stalled"]
    error: str = ""


def prepare(connection: psycopg.Connection[Any], views: Sequence[View]) -> None:
    """Make the tables of new and changed views, empty, at position 0.

    Raises ValueError when two views use one table name, psycopg's LockNotAvailable when a replica with
    another definition of a view is still following after 30 s.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('showfloor views'))")
        found = connection.execute(
            "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ANY(%s)",
            ([view.schema for view in views],),
        ).fetchall()
        known: dict[str, str] = dict(found)
        stale = [view for view in views if known.get(view.schema) != view.definition()]
        if any(view.schema in known for view in stale):
            _wait_for_other_versions(connection)
        for view in stale:
            create(connection, view, view.schema)
            set_positions(connection, [view], 0)
        _refuse_shared_names(connection, views)


def try_to_follow(connection: psycopg.Connection[Any]) -> bool:
    """Become the one follower of the database, for as long as the connection lives."""
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (_FOLLOWER,)).fetchone()
    return bool(row and row[0])


def _wait_for_other_versions(connection: psycopg.Connection[Any]) -> None:
    """Keep a follower that runs older code from writing its rows into tables of a newer definition."""
    connection.execute("SET LOCAL lock_timeout = '30s'")
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (_FOLLOWER,))


def create(connection: psycopg.Connection[Any], view: View, schema: str) -> None:
    """Make a view's tables in `schema`, which is dropped first. Inside the caller's transaction."""
    name = Identifier(schema)
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    connection.execute(SQL("CREATE SCHEMA {}").format(name))
    connection.execute(SQL("COMMENT ON SCHEMA {} IS {}").format(name, SqlLiteral(view.definition())))
    connection.execute(SQL("SET LOCAL search_path = {}, public").format(name))
    connection.execute(view.ddl.encode())
    connection.execute("SET LOCAL search_path = DEFAULT")


def positions(connection: psycopg.Connection[Any], views: Sequence[View]) -> dict[str, int]:
    """Return the stored position of each view, by view name."""
    rows = connection.execute(
        "SELECT application_name, notification_id FROM public.notification_tracking WHERE application_name = ANY(%s)",
        ([view.tracking_name for view in views],),
    ).fetchall()
    stored: dict[str, int] = dict(rows)
    return {view.name: stored.get(view.tracking_name, 0) for view in views}


def set_positions(connection: psycopg.Connection[Any], views: Sequence[View], position: int) -> None:
    """Store one position for several views. Inside the caller's transaction."""
    connection.execute(_SET_POSITIONS, ([view.tracking_name for view in views], position))


def move_positions(connection: psycopg.Connection[Any], views: Sequence[View], before: int, position: int) -> None:
    """Move views that stand at `before`, first thing in the caller's transaction; else it fails: `is_overtaken`."""
    names = [view.tracking_name for view in views]
    connection.execute(_MOVE_POSITIONS, {"position": position, "names": names, "before": before}, prepare=True)


def is_overtaken(error: BaseException) -> bool:
    """Tell whether `move_positions` failed because a view no longer stands where it was thought to."""
    return isinstance(error, psycopg.errors.InvalidTextRepresentation) and "overtaken, moved" in str(error)


def lock_position(connection: psycopg.Connection[Any], view: View) -> int:
    """Return a view's position, which nobody, in whatever process, moves until the caller's transaction ends."""
    row = connection.execute(_LOCK_POSITION, (view.tracking_name,)).fetchone()
    return int(row[0]) if row else 0


def is_in_place(connection: psycopg.Connection[Any], view: View) -> bool:
    """Tell whether the tables that answer are of this definition of the view."""
    row = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", (view.schema,)
    ).fetchone()
    return row == (view.definition(),)


def try_to_rebuild(connection: psycopg.Connection[Any], view: View) -> bool:
    """Become the one who rebuilds a view, for as long as the connection lives."""
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtext(%s))", (f"showfloor rebuild {view.name}",)
    ).fetchone()
    return row == (True,)


def _refuse_shared_names(connection: psycopg.Connection[Any], views: Sequence[View]) -> None:
    shared = connection.execute(
        "SELECT relname, array_agg(relnamespace::regnamespace::text) FROM pg_class"
        " WHERE relnamespace::regnamespace::text = ANY(%s) GROUP BY relname HAVING count(*) > 1",
        ([view.schema for view in views],),
    ).fetchall()
    if shared:
        raise ValueError(f"views share names, so plain table names would be ambiguous: {shared}")
