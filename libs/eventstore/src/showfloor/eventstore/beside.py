"""Tables that are neither a view nor a service's own, in a schema whose name tells their form."""

from contextlib import closing

from psycopg.sql import SQL, Identifier

from showfloor.eventstore.projector import connect


def ensure_schema(dsn: str, schema: str, ddl: str) -> None:
    """Make a schema with its tables, unless it is there. Blocking; several processes may do so at once."""
    with closing(connect(dsn, ())) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (schema,))
        row = connection.execute("SELECT to_regnamespace(%s) IS NULL", (schema,)).fetchone()
        if row == (True,):
            connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
            connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
            connection.execute(ddl.encode())
