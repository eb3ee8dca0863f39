"""The definitions of views that a database holds: which are in use, and dropping those that are not.

Each has a schema and a position of its own, so that two versions of a service live side by side (docs/adr/0009).
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from showfloor.eventstore import view as tables
from showfloor.eventstore.view import View, building_of, schema_of, tracking_of

KEEP = 3_600.0  # seconds that tables stay after their last use: a version that is started again finds them
STALE = 1_000  # events: tables that nobody has carried on for so long are not shown before they have caught up

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('showfloor views'))"  # one process at a time makes or drops tables
_LAST = "SELECT coalesce(max(notification_id), 0) FROM public.stored_events"

_USE = """
INSERT INTO public.view_definition (schema, view, digest) SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])
ON CONFLICT (schema) DO UPDATE SET used_at = now()"""

_UNUSED = """
SELECT schema, view, digest FROM public.view_definition
WHERE used_at < now() - make_interval(secs => %s) AND schema <> ALL(%s) ORDER BY schema"""

_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext(%s)) AND pg_try_advisory_xact_lock(hashtext(%s))"


def prepare(connection: psycopg.Connection[Any], views: Sequence[View]) -> None:
    """Note that these definitions are used; take tables out of use that fell far behind the log.

    In an empty log new tables answer at once. All others are filled aside, by `rebuild.build`.
    Raises ValueError when two views use one table name.
    """
    with connection.transaction():
        connection.execute(_LOCK)
        use(connection, views)
        stored = tables.positions(connection, views)
        (last,) = connection.execute(_LAST).fetchone() or (0,)
        for view in views:
            if view.name not in stored and not last:
                tables.create(connection, view)
                tables.put_in_place(connection, view, 0)
            elif last - stored.get(view.name, last) > STALE and _alone(connection, view.schema):
                tables.take_out_of_use(connection, view)
        tables.refuse_shared_names(connection, views)


def use(connection: psycopg.Connection[Any], views: Sequence[View]) -> None:
    """Note that a process uses these definitions now."""
    rows = [(view.schema, view.name, view.digest) for view in views]
    if rows:
        connection.execute(_USE, [list(column) for column in zip(*rows, strict=True)])


def served(connection: psycopg.Connection[Any], views: Sequence[View]) -> set[str]:
    """Return the names of views whose definition has answered before."""
    rows = connection.execute(
        "SELECT view FROM public.view_definition WHERE schema = ANY(%s) AND served_at IS NOT NULL",
        ([view.schema for view in views],),
    )
    return {str(name) for (name,) in rows.fetchall()}


def drop_unused(connection: psycopg.Connection[Any], views: Sequence[View], keep: float) -> list[str]:
    """Drop the tables of definitions that no process has used for `keep` seconds; return their schemas.

    Dropping is safe: a schema goes only when our own table names it, its name is the one that we give to the
    definition which stands there, no process has said for `keep` seconds that it uses it, and none carries it on or
    fills it at this moment, which the locks tell whatever a clock says. A view holds nothing that the log does not.
    """
    found = connection.execute(_UNUSED, (keep, [view.schema for view in views])).fetchall()
    return [schema for schema, name, digest in found if _drop(connection, schema, name, digest, keep)]


def _drop(connection: psycopg.Connection[Any], schema: str, name: str, digest: str, keep: float) -> bool:
    if schema != schema_of(name, digest):
        return False
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '2s'")  # somebody may be reading: another time, then
        connection.execute(_LOCK)  # a process that starts says so under this lock
        still = connection.execute(_UNUSED, (keep, [])).fetchall()
        if schema not in [row[0] for row in still] or not _alone(connection, schema):
            return False
        for gone in (schema, building_of(schema)):
            connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(gone)))
        position = tracking_of(name, digest)
        # Safe: the position and the name of the tables that have just gone, which nothing else reads.
        connection.execute(
            "DELETE FROM public.notification_tracking WHERE application_name = ANY(%s)",
            ([position, building_of(position)],),
        )
        connection.execute("DELETE FROM public.view_definition WHERE schema = %s", (schema,))
    return True


def _alone(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Keep others from carrying a view's tables on, or filling them, until the transaction ends; False: one does."""
    locks = (tables.lock_of_projector(schema), tables.lock_of_rebuild(schema))
    return connection.execute(_ALONE, locks).fetchone() == (True,)
