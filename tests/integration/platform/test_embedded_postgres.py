"""The embedded PostgreSQL as `showfloor up` starts it: what its log tells, and whom it lets in."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from showfloor.platform.embedded.child import spawn
from showfloor.platform.embedded.folder import DataFolder
from showfloor.platform.embedded.postgres import SUPERUSER, Postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = DataFolder(tmp_path_factory.mktemp("postgres"))
    folder.prepare()
    server = Postgres(folder)
    server.prepare()
    running = spawn(server.command(), folder.log("postgres"))
    while True:
        try:
            server.query("SELECT 1")
            break
        except OSError:
            assert running.poll() is None, folder.log("postgres").read_text()
            time.sleep(0.02)
    server.create_databases(["session", "gateway"])
    yield server
    running.send_signal(server.command().stop_signal)
    running.wait(30)


def test_the_content_of_rows_is_not_in_the_log(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("session", SUPERUSER), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY, age int CHECK (age > 0))")
        add = "INSERT INTO person VALUES (%s, %s)"
        connection.execute(add, ("Ada Secret", 36))
        with pytest.raises(psycopg.errors.UniqueViolation, match="Ada Secret"):  # the caller is told
            connection.execute(add, ("Ada Secret", 37))
        with pytest.raises(psycopg.errors.CheckViolation, match="Bob Secret"):
            connection.execute(add, ("Bob Secret", -1))
        bad = pytest.raises(psycopg.errors.InvalidTextRepresentation)
        with bad, connection.cursor() as cursor, cursor.copy("COPY person FROM STDIN") as rows:
            rows.write("Cy Secret\t1\nDi Secret\tx\n")
    log = (postgres.cluster.parent / "logs" / "postgres.log").read_text()
    assert log.count("ERROR:") == 3 and "person_pkey" in log
    assert "Secret" not in log
