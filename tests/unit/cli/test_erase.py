"""An erasure destroys keys in the keyrings of the databases alone; beside others it refuses, and names what is what."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from showfloor.cli.backups import cluster
from showfloor.cli.erase import ACTOR, erase
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.log import LogUnavailable
from showfloor.eventstore.store import Store
from showfloor.kernel.erasure import Erased
from showfloor.kernel.personal import Whose
from showfloor.platform.startup_error import StartupError
from showfloor.testing.memory_log import memory_store

ACCOUNT, VIEWER = UUID(int=7), "v1"
OTHER = "0123456789abcdef"


def keyring(file: Path) -> str:
    with closing(Keyring(file)) as ring:
        ring.seal(Whose("a session", f"{ACCOUNT}/{VIEWER}"), "Hi")
        ring.keep()
        return ring.id


def keys_in(file: Path) -> int:
    """Return how many keys of the viewer a file holds, and destroy them."""
    with closing(Keyring(file)) as ring:
        return ring.destroy(subjects=[f"{ACCOUNT}/{VIEWER}"])


@pytest.fixture
def sealed_with() -> dict[str, str]:
    """Which keyring the database of each service is sealed with."""
    return {}


@pytest.fixture
def logs() -> list[Store]:
    """The logs of the services that were opened."""
    return []


@pytest.fixture
def folder(
    tmp_path: Path, sealed_with: dict[str, str], logs: list[Store], monkeypatch: pytest.MonkeyPatch
) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    made.postgres.mkdir()
    (made.postgres / "PG_VERSION").write_text("18")

    @contextmanager
    def at_hand(folder: DataFolder) -> Iterator[Postgres]:
        yield Postgres(folder)

    monkeypatch.setattr(cluster, "at_hand", at_hand)
    monkeypatch.setattr(cluster, "keyrings_in", lambda _postgres: sealed_with)
    monkeypatch.setattr(Store, "postgres", lambda _dsn, deciders: logs.append(memory_store(deciders)) or logs[-1])
    return made


def test_keys_in_the_keyring_of_the_database_are_destroyed(
    folder: DataFolder, sealed_with: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder.keyring / "session.sqlite"
    sealed_with["session"] = keyring(file)
    erase(ACCOUNT, VIEWER, data=folder.root)
    assert capsys.readouterr().out.startswith("1 keys destroyed")
    assert keys_in(file) == 0


def test_an_erasure_says_in_the_log_who_did_it(
    folder: DataFolder, sealed_with: dict[str, str], logs: list[Store]
) -> None:
    sealed_with["session"] = keyring(folder.keyring / "session.sqlite")
    for _ in range(2):
        erase(ACCOUNT, VIEWER, data=folder.root)
    for log in logs:
        (row,) = log.log.read(0, 10)
        found = log.mapper.decode(row)
        assert isinstance(found.event, Erased)
        assert (found.meta.actor, found.event.kind, found.event.erased) == (ACTOR, "viewer", f"{ACCOUNT}/{VIEWER}")
    assert len(logs) == 2


def test_an_erasure_that_cannot_be_recorded_is_not_done(
    folder: DataFolder, sealed_with: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder.keyring / "session.sqlite"
    sealed_with["session"] = keyring(file)

    def away(_dsn: str, _deciders: object) -> Store:
        raise LogUnavailable("no answer within 5 s")

    monkeypatch.setattr(Store, "postgres", away)
    with pytest.raises(StartupError, match="cannot be recorded: no answer within 5 s"):
        erase(ACCOUNT, VIEWER, data=folder.root)
    assert keys_in(file) == 1


def another(folder: DataFolder, sealed_with: dict[str, str]) -> tuple[Path, str]:
    file = folder.keyring / "session.sqlite"
    sealed_with["session"] = OTHER
    return file, f"database session is sealed with keyring {OTHER}, and session.sqlite is {keyring(file)}"


def a_mistyped_one(folder: DataFolder, sealed_with: dict[str, str]) -> tuple[Path, str]:
    file = folder.keyring / "sesion.sqlite"
    mine = sealed_with["session"] = keyring(file)
    return file, (
        f"database session is sealed with keyring {mine}, and session.sqlite is missing;"
        f" sesion.sqlite is keyring {mine}, of no database"
    )


def one_too_many(folder: DataFolder, sealed_with: dict[str, str]) -> tuple[Path, str]:
    sealed_with["session"] = keyring(folder.keyring / "session.sqlite")
    file = folder.keyring / "older.sqlite"
    return file, f"older.sqlite is keyring {keyring(file)}, of no database"


def one_of_a_new_database(folder: DataFolder, sealed_with: dict[str, str]) -> tuple[Path, str]:
    file = folder.keyring / "session.sqlite"
    return file, f"session.sqlite is keyring {keyring(file)}, of no database"


@pytest.mark.parametrize("there", [another, a_mistyped_one, one_too_many, one_of_a_new_database])
def test_beside_a_foreign_keyring_nothing_is_destroyed(
    folder: DataFolder, sealed_with: dict[str, str], there: Callable[[DataFolder, dict[str, str]], tuple[Path, str]]
) -> None:
    file, says = there(folder, sealed_with)
    with pytest.raises(StartupError) as refused:
        erase(ACCOUNT, VIEWER, data=folder.root)
    assert (refused.value.cause, refused.value.place) == (says, str(folder.keyring))
    assert "Nothing was changed" in refused.value.next_step
    assert keys_in(file) == 1


def test_where_nobody_has_written_there_are_no_keys(folder: DataFolder) -> None:
    with pytest.raises(StartupError, match="nobody has written anything"):
        erase(ACCOUNT, VIEWER, data=folder.root)


def test_databases_that_do_not_answer_are_told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_postgres: object) -> dict[str, str]:
        raise OSError("no answer within 5 s")

    monkeypatch.setattr(cluster, "keyrings_in", away)
    file = folder.keyring / "session.sqlite"
    keyring(file)
    with pytest.raises(StartupError, match="no answer within 5 s"):
        erase(ACCOUNT, VIEWER, data=folder.root)
    assert keys_in(file) == 1
