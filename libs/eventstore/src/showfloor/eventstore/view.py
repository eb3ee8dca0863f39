"""A view: tables that answer a question, how events change them, and the statements on tables and positions."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import psycopg
from psycopg.sql import SQL, Identifier

from showfloor.eventstore.statements import Change
from showfloor.kernel.event import Event, Recorded

_NAME = re.compile(r"[a-z][a-z_0-9]{0,31}")  # with all that is added to it, it still fits PostgreSQL's 63 bytes
_FORMAT = "1"  # raise it when the engine itself writes other rows for the same changes: every view is then made anew

_POSITIONS = """
SELECT application_name, notification_id FROM public.notification_tracking WHERE application_name = ANY(%s)"""
_SET_POSITION = """
INSERT INTO public.notification_tracking (application_name, notification_id) VALUES (%s, %s)
ON CONFLICT (application_name) DO UPDATE SET notification_id = EXCLUDED.notification_id"""

# Fails in the database when not all views stand at `before`, so that statements sent along with it are not executed:
# a text that is no number is the plain way to raise an error in SQL.
_MOVE_POSITIONS = """
WITH moved AS (UPDATE public.notification_tracking SET notification_id = %(position)s
    WHERE application_name = ANY(%(names)s) AND notification_id = %(before)s RETURNING 1)
SELECT CASE WHEN count(*) = cardinality(%(names)s::text[]) THEN 0 ELSE ('concurrent, moved: ' || count(*))::int END
FROM moved"""

# Safe: of tables that go, or change places, in the same transaction.
_DELETE_POSITION = "DELETE FROM public.notification_tracking WHERE application_name = %s"
_RENAME_POSITION = "UPDATE public.notification_tracking SET application_name = %s WHERE application_name = %s"
_LOCK_POSITION = "SELECT notification_id FROM public.notification_tracking WHERE application_name = %s FOR UPDATE"
_SERVED = """
INSERT INTO public.view_definition AS t (schema, view, digest, served_at) VALUES (%s, %s, %s, now())
ON CONFLICT (schema) DO UPDATE SET used_at = now(), served_at = coalesce(t.served_at, now())"""


class ConcurrentUpdate(Exception):
    """Another process has moved or rebuilt a view meanwhile. Nothing was written; look again where it stands."""


@dataclass(frozen=True)
class View:
    """A projection of the log into tables.

    `ddl` creates the tables, by plain names that no other view uses. `evolve` turns a page of events (only
    those in `handles`, in order of position) into statements on these tables, and on nothing else: it
    reads no clock, no other table, so that a rebuild gives the same rows, byte for byte.

    All but `evolve` is the view's definition: another one has tables and a position of its own, beside those of the
    old one, until no process uses that any more. So when `evolve` changes and the rest does not, raise `version`
    (`make generate` tells of it). `settings` says what else rows depend on, by values that an operator may change.
    """

    name: str
    ddl: str
    handles: tuple[type[Event], ...]
    evolve: Callable[[Sequence[Recorded]], Iterable[Change]]
    version: int = 1
    settings: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a view's name is at most 32 small letters, digits and underscores, not {self.name!r}")

    @cached_property
    def digest(self) -> str:
        """Tells the definitions of one view apart: tables, version, settings and events handled."""
        topics = sorted(getattr(kind, "TOPIC", kind.__qualname__) for kind in self.handles)
        whole = "\x00".join((_FORMAT, self.name, str(self.version), self.ddl, self.settings, *topics))
        return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()[:12]

    @cached_property
    def schema(self) -> str:
        """The PostgreSQL schema that holds the tables. It is there once they have caught up, never before."""
        return schema_of(self.name, self.digest)

    @cached_property
    def building(self) -> str:
        """The schema of the tables while they are being filled."""
        return building_of(self.schema)

    @cached_property
    def tracking_name(self) -> str:
        """The name under which the position is kept. There is one exactly when the tables are in place."""
        return tracking_of(self.name, self.digest)

    def changes(self, page: Sequence[Recorded]) -> list[Change]:
        """Return what a page of the log changes in this view."""
        handles = self.handles
        mine = [recorded for recorded in page if isinstance(recorded.event, handles)]
        return list(self.evolve(mine)) if mine else []


def schema_of(name: str, digest: str) -> str:
    """Return the schema of a definition of a view."""
    return f"view_{name}_{digest}"


def tracking_of(name: str, digest: str) -> str:
    """Return the name under which the position of a definition of a view is kept."""
    return f"view:{name}:{digest}"


def building_of(name: str) -> str:
    """Return the name of a schema, or of a position, while the tables are being filled."""
    return f"{name}__new"


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """How far a view is. `lag`: events still to come, at most. `failed` views are tried again, ever more slowly.

    `building`: tables of a new definition are being filled; until they have caught up nobody reads them.
    """

    name: str
    position: int
    lag: int
    state: Literal["live", "catching up", "building", "rebuilding", "failed", "stalled"]
    error: str = ""


def lock_of_projector(schema: str) -> str:
    """Name the advisory lock of the one process that carries a view's tables on."""
    return f"showfloor follow {schema}"


def lock_of_rebuild(schema: str) -> str:
    """Name the advisory lock of the one process that fills a view's new tables."""
    return f"showfloor rebuild {schema}"


def try_to_lead(connection: psycopg.Connection[Any], views: Sequence[View]) -> set[str]:
    """Become the one who carries these views on while the connection lives; return the names of those won."""
    names, locks = [view.name for view in views], [lock_of_projector(view.schema) for view in views]
    won = connection.execute(
        "SELECT name FROM unnest(%s::text[], %s::text[]) AS t (name, lock) WHERE pg_try_advisory_lock(hashtext(lock))",
        (names, locks),
    )
    return {str(name) for (name,) in won.fetchall()}


def try_to_rebuild(connection: psycopg.Connection[Any], view: View) -> bool:
    """Become the one who rebuilds a view, for as long as the connection lives."""
    won = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (lock_of_rebuild(view.schema),))
    return won.fetchone() == (True,)


def positions(connection: psycopg.Connection[Any], views: Sequence[View], *, building: bool = False) -> dict[str, int]:
    """Return the position of each view whose tables are in place, by view name; or of new tables being filled."""
    names = {building_of(v.tracking_name) if building else v.tracking_name: v.name for v in views}
    rows = connection.execute(_POSITIONS, (list(names),)).fetchall()
    return {names[name]: position for name, position in rows}


def set_building_position(connection: psycopg.Connection[Any], view: View, position: int) -> None:
    """Store how far a view's new tables are, together with their rows. Inside the caller's transaction."""
    connection.execute(_SET_POSITION, (building_of(view.tracking_name), position))


def move_positions(connection: psycopg.Connection[Any], views: Sequence[View], before: int, position: int) -> None:
    """Move views that stand at `before`, first in the transaction; it fails otherwise (`is_concurrent_update`)."""
    names = [view.tracking_name for view in views]
    connection.execute(_MOVE_POSITIONS, {"position": position, "names": names, "before": before}, prepare=True)


def is_concurrent_update(error: BaseException) -> bool:
    """Tell whether `move_positions` failed because a view no longer stands where it was thought to."""
    return isinstance(error, psycopg.errors.InvalidTextRepresentation) and "concurrent, moved" in str(error)


def lock_position(connection: psycopg.Connection[Any], view: View) -> int:
    """Return a view's position, which nobody, in whatever process, moves until the caller's transaction ends."""
    row = connection.execute(_LOCK_POSITION, (view.tracking_name,)).fetchone()
    return int(row[0]) if row else 0


def create(connection: psycopg.Connection[Any], view: View) -> None:
    """Make empty tables beside those in place, at position 0. Inside the caller's transaction.

    Dropping is safe: the name is that of new tables of this very definition, left behind by a build that did not end.
    """
    name = Identifier(view.building)
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    connection.execute(SQL("CREATE SCHEMA {}").format(name))
    connection.execute(SQL("SET LOCAL search_path = {}, public").format(name))
    connection.execute(view.ddl.encode())
    connection.execute("SET LOCAL search_path = DEFAULT")
    set_building_position(connection, view, 0)


def put_in_place(connection: psycopg.Connection[Any], view: View, position: int) -> None:
    """Let the tables that were filled answer from now on, at this position. Inside the caller's transaction.

    Dropping the ones that answered is safe: they are of the same definition, and the new ones hold all that they held.
    """
    connection.execute(_SET_POSITION, (view.tracking_name, position))
    connection.execute(_DELETE_POSITION, (building_of(view.tracking_name),))
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(view.schema)))
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(view.building), Identifier(view.schema)))
    connection.execute(_SERVED, (view.schema, view.name, view.digest))


def take_out_of_use(connection: psycopg.Connection[Any], view: View) -> None:
    """Let nobody read tables that fell far behind, and have them filled from where they stand. As `put_in_place`.

    Dropping is safe: it takes what a rebuild of this definition left behind that did not end.
    """
    new = building_of(view.tracking_name)
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(view.building)))
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(view.schema), Identifier(view.building)))
    connection.execute(_DELETE_POSITION, (new,))
    connection.execute(_RENAME_POSITION, (new, view.tracking_name))


def refuse_shared_names(connection: psycopg.Connection[Any], views: Sequence[View]) -> None:
    """Raise ValueError when two views use one table name, or one that a table of the service has."""
    shared = connection.execute(
        "SELECT relname, array_agg(relnamespace::regnamespace::text) FROM pg_class"
        " WHERE relnamespace::regnamespace::text = ANY(%s) GROUP BY relname HAVING count(*) > 1",
        ([*(view.schema for view in views), "public"],),
    ).fetchall()
    if shared:
        raise ValueError(f"views share names, so plain table names would be ambiguous: {shared}")
