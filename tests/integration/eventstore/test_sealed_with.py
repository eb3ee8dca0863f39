"""A database knows the keyring that its log is sealed with: no other file, and no new one, takes its place unseen."""

import threading
from pathlib import Path

import pytest

from showfloor.eventstore import sealed_with
from showfloor.eventstore.inventory import inventory
from showfloor.eventstore.keyring import Keyring, OtherKeyring
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.sealed_with import keyring_of


@pytest.fixture
def migrated(database: str) -> str:
    migrate(database)
    return database


def opened(database: str, file: Path, lost: str = "") -> str:
    ring = keyring_of(database, file, lost)
    ring.close()
    return ring.id


def files_in(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()} if folder.exists() else {}


def test_the_first_keyring_is_recorded_and_its_copy_is_the_same(migrated: str, tmp_path: Path) -> None:
    assert inventory(migrated).keyring == ""
    first = opened(migrated, tmp_path / "keys")
    assert inventory(migrated).keyring == first == opened(migrated, tmp_path / "keys")
    ring = Keyring(tmp_path / "keys")
    ring.copy(tmp_path / "copy")
    ring.close()
    assert opened(migrated, tmp_path / "copy") == first


@pytest.mark.parametrize("there", ["missing", "another", "empty"])
def test_a_lost_or_foreign_keyring_is_refused_before_any_write(migrated: str, tmp_path: Path, there: str) -> None:
    first = opened(migrated, tmp_path / "keys")
    file = tmp_path / "new" / "keys"
    if there == "another":
        Keyring(file).close()
    elif there == "empty":
        file.parent.mkdir()
        file.touch()
    before = files_in(file.parent)
    with pytest.raises(OtherKeyring, match="another" if there == "another" else "missing") as refused:
        keyring_of(migrated, file)
    assert refused.value.wanted == first
    assert files_in(file.parent) == before and file.parent.exists() == bool(before)
    assert inventory(migrated).keyring == first


def test_another_takes_the_place_of_one_that_is_said_to_be_lost(migrated: str, tmp_path: Path) -> None:
    first = opened(migrated, tmp_path / "keys")
    assert opened(migrated, tmp_path / "keys", lost=first) == first, "it is there after all"
    second = opened(migrated, tmp_path / "new", lost=first)
    assert second != first
    assert opened(migrated, tmp_path / "new", lost=first) == opened(migrated, tmp_path / "new") == second
    with pytest.raises(OtherKeyring):
        keyring_of(migrated, tmp_path / "keys", lost=first)
    with pytest.raises(OtherKeyring):
        keyring_of(migrated, tmp_path / "third", lost="0" * 16)


def test_of_two_replicas_with_files_of_their_own_only_one_starts(
    migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unrecorded = threading.Barrier(2)
    told: list[str | OtherKeyring] = []

    def made(file: Path) -> Keyring:
        unrecorded.wait(60)  # both have seen that none is recorded
        return Keyring(file)

    monkeypatch.setattr(sealed_with, "Keyring", made)

    def start(name: str) -> None:
        try:
            told.append(opened(migrated, tmp_path / name))
        except OtherKeyring as refused:
            told.append(refused)

    replicas = [threading.Thread(target=start, args=(name,)) for name in ("one", "two")]
    for one in replicas:
        one.start()
    for one in replicas:
        one.join()
    (started,) = (one for one in told if isinstance(one, str))
    (refused,) = (one for one in told if isinstance(one, OtherKeyring))
    assert refused.wanted == started == inventory(migrated).keyring
