"""A durable PostgreSQL for benchmarks: fsync on, databases made on demand, gone at the end."""

from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from showfloor.eventstore.migrations import migrate
from showfloor.testing.postgres_server import PostgresServer


class Servers:
    """Starts and stops the server around a benchmark."""

    def __init__(self) -> None:
        self.server = PostgresServer(durable=True)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()

    def database(self, name: str, *, migrated: bool = True) -> str:
        """Create a database and return its DSN."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        if migrated:
            migrate(self.server.dsn(name))
        return self.server.dsn(name)


def library_settings(server: PostgresServer, dsn: str) -> dict[str, str]:
    """Return the settings that point the library at a database."""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(conninfo_to_dict(dsn)["dbname"]),
        "POSTGRES_HOST": str(server.folder),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": "8",
        "POSTGRES_MAX_OVERFLOW": "8",
        "AGGREGATE_CACHE_MAXSIZE": "1000",
    }
