"""A log has an id as long as it is the same; the role that serves may ask for it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

import showfloor.gateway
from showfloor.eventstore.log_id import log_id
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database

MIGRATIONS = Path(showfloor.gateway.__path__[0]) / "migrations"


async def asked(dsn: str) -> str:
    database = Database(dsn)
    await database.open()
    try:
        return await log_id(database)
    finally:
        await database.close()


async def test_a_log_is_the_same_until_its_tables_are_made_anew(database: str) -> None:
    role = f"svc_{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        migrate(database, MIGRATIONS, service_role=role)
        serving = database.replace("user=postgres", f"user={role}")
        first = await asked(serving)
        migrate(database, MIGRATIONS, service_role=role)
        assert await asked(serving) == first
        owner.execute("CREATE TABLE copy (LIKE stored_events)")  # as a dump that is loaded makes it anew
        owner.execute("DROP TABLE stored_events")
        owner.execute("ALTER TABLE copy RENAME TO stored_events")
        owner.execute(f"GRANT SELECT ON stored_events TO {role}".encode())
        assert await asked(serving) != first


async def test_other_databases_have_other_logs(database: str, postgres_server: Any) -> None:
    name = f"other_{uuid4().hex}"
    with psycopg.connect(postgres_server.dsn(), autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}".encode())
    other = str(postgres_server.dsn(name))
    for dsn in (database, other):
        migrate(dsn, MIGRATIONS)
    assert await asked(database) != await asked(other)
