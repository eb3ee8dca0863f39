"""Fixtures: one PostgreSQL per test run, one database per test, stores on memory and PostgreSQL.

Register with `pytest_plugins = ["showfloor.testing.postgres"]` in tests/conftest.py.
"""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from showfloor.eventstore.migrations import migrate
from showfloor.testing.postgres_server import PostgresServer

_TEMPLATE = "showfloor_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test run, with a migrated template database."""
    server = PostgresServer()
    try:
        server.start()
        _admin(server, SQL("CREATE DATABASE {}").format(Identifier(_TEMPLATE)))
        migrate(server.dsn(_TEMPLATE))
        yield server
    finally:
        server.stop()


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    """The DSN of a fresh database with the engine's tables, dropped after the test."""
    name = Identifier(f"test_{uuid4().hex}")
    _admin(postgres_server, SQL("CREATE DATABASE {} TEMPLATE {}").format(name, Identifier(_TEMPLATE)))
    yield postgres_server.dsn(name.as_string().strip('"'))
    # Safe: made above, under a name of chance, on a server of our own.
    _admin(postgres_server, SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def private_postgres() -> Iterator[PostgresServer]:
    """A started server of the test's own, to kill and start again. Migrate what you need."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["memory", "postgres"])
def store_dsn(request: pytest.FixtureRequest) -> str | None:
    """None for an in-memory store, else the DSN of a fresh database: for conformance suites."""
    return None if request.param == "memory" else str(request.getfixturevalue("database"))


def _admin(server: PostgresServer, statement: psycopg.sql.Composed) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(statement)
