"""What a database holds, in words that can be compared with another database: a backup with what came out of it."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from showfloor.eventstore.projector import connect
from showfloor.eventstore.rebuild import digest_of
from showfloor.eventstore.sealed_with import recorded_in
from showfloor.eventstore.view import tracking_of

_VIEWS = """
SELECT nspname FROM pg_namespace WHERE nspname LIKE 'view\\_%' AND nspname NOT LIKE '%\\_\\_new' ORDER BY 1"""


@dataclass(frozen=True)
class ViewInventory:
    """A view: the digest over all its rows, as a rebuild tells it, and the position it stands at."""

    fingerprint: str
    position: int


@dataclass(frozen=True)
class Inventory:
    """All of it belongs to one moment. `migrations` are digests by file name.

    `views` are those whose tables answer, of each definition that a process may use, by name and digest.
    """

    last_position: int
    migrations: dict[str, str]
    views: dict[str, ViewInventory]
    keyring: str = ""
    """The id of the keyring that the log is sealed with; "" when none was ever used."""


def inventory(dsn: str) -> Inventory:
    """Look at a database. Blocking; takes as long as reading every row of every view does.

    One that no service ever brought up to date, such as after a first start that failed, is empty.
    """
    with closing(connect(dsn, ())) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if connection.execute("SELECT to_regclass('public.schema_migration')").fetchone() == (None,):
            return Inventory(0, {}, {})
        (last,) = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone() or (0,)
        migrations = dict(connection.execute("SELECT name, digest FROM schema_migration").fetchall())
        tracked = connection.execute("SELECT application_name, notification_id FROM notification_tracking").fetchall()
        positions = dict(tracked)
        schemas = [str(schema) for (schema,) in connection.execute(_VIEWS).fetchall()]
        names = _tracking_names(connection)
        views = {
            schema.removeprefix("view_"): ViewInventory(
                digest_of(connection, schema), positions.get(names.get(schema, schema.replace("_", ":", 1)), 0)
            )
            for schema in schemas
        }
        return Inventory(last, migrations, views, recorded_in(connection))


def _tracking_names(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Return the name of each schema's position. A version that named one after its view alone kept no list."""
    if connection.execute("SELECT to_regclass('public.view_definition')").fetchone() == (None,):
        return {}
    rows = connection.execute("SELECT schema, view, digest FROM view_definition").fetchall()
    return {schema: tracking_of(view, digest) for schema, view, digest in rows}
