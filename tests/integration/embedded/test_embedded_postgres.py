"""The embedded PostgreSQL as `showfloor up` starts it: what its log tells, and whom it lets in."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from embedded_server import running

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import SUPERUSER, Postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = DataFolder(tmp_path_factory.mktemp("postgres"))
    folder.prepare()
    server = Postgres(folder)
    server.prepare()
    with running(server, folder):
        server.create_databases(["session", "gateway"])
        yield server


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


def login(postgres: Postgres, role: str, database: str, passwords: str) -> str:
    """Return the error that a role gets with the passwords in a file; "" when it is let in."""
    url = postgres.url(database, role).partition("&passfile=")[0]
    try:
        psycopg.connect(url, passfile=passwords).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def test_a_role_needs_its_own_password(postgres: Postgres) -> None:
    roles = {"session_app": "session", "session_owner": "session", "gateway_app": "gateway", SUPERUSER: "postgres"}
    for role, database in roles.items():
        own = postgres.password_file(role)
        assert own.stat().st_mode & 0o777 == 0o600
        assert login(postgres, role, database, str(own)) == ""
        for other in (str(postgres.password_file(one)) for one in roles if one != role):
            assert "no password supplied" in login(postgres, role, database, other), (role, other)
        guessed = own.with_name("guess")
        guessed.write_text(f"*:*:*:{role}:guess\n")
        guessed.chmod(0o600)
        assert "password authentication failed" in login(postgres, role, database, str(guessed))
    kinds = postgres.query(
        "SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'"
    )
    assert kinds == "0"


def test_passwords_stay_and_are_not_in_the_log(postgres: Postgres) -> None:
    before = postgres.password_file("session_app").read_text()
    postgres.create_databases(["session", "gateway"])
    assert postgres.password_file("session_app").read_text() == before
    assert postgres.query("SELECT 1", database="session") == "1"
    folder = postgres.cluster.parent
    log = (folder / "logs" / "postgres.log").read_text()
    for file in (folder / "secrets").glob("*.pgpass"):
        assert file.read_text().strip().rpartition(":")[2] not in log


def test_a_cluster_from_before_there_were_passwords_gets_them(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    server = Postgres(folder)
    server.prepare()
    server.password_file(SUPERUSER).unlink()  # as in a folder, or a backup, of an older version
    server.prepare()
    with running(server, folder):
        assert server.query("SELECT 1") == "1"
