"""The inventory of a database: what a backup and what came out of it are compared by."""

from contextlib import closing
from dataclasses import dataclass

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
    """Return what a database holds; nothing, when no service ever brought it up to date. Blocking: it reads every row
    of every view."""
    with closing(connect(dsn, ())) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if connection.execute("SELECT to_regclass('public.schema_migration')").fetchone() == (None,):
            return Inventory(0, {}, {})
        (last,) = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone() or (0,)
        migrations = dict(connection.execute("SELECT name, digest FROM schema_migration").fetchall())
        positions = dict(
            connection.execute("SELECT application_name, notification_id FROM notification_tracking").fetchall()
        )
        definitions = [str(schema).removeprefix("view_") for (schema,) in connection.execute(_VIEWS).fetchall()]
        views = {
            definition: ViewInventory(
                digest_of(connection, f"view_{definition}"),
                positions.get(tracking_of(*definition.rsplit("_", 1)), 0),
            )
            for definition in definitions
        }
        return Inventory(last, migrations, views, recorded_in(connection))
