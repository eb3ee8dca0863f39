"""Keys beside backups: only those that the databases are sealed with are copied, and put back."""

from pathlib import Path

import pytest

from showfloor.cli.backups import keys
from showfloor.embedded.folder import DataFolder
from showfloor.eventstore.keyring import Keyring
from showfloor.kernel.personal import Whose
from showfloor.platform.startup_error import StartupError


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


def keyring(file: Path) -> str:
    ring = Keyring(file)
    for viewer in range(40):
        ring.seal(Whose("a session", f"an account/viewer {viewer}"), "Hi")
    ring.keep()
    ring.close()
    return ring.id


def test_the_copy_beside_a_backup_is_put_back(folder: DataFolder, beside: Path, tmp_path: Path) -> None:
    name = keyring(folder.keyring / "session.sqlite")
    assert keys.copy_beside(folder, beside, {"session": name}) == {"session": name}
    restored = DataFolder(tmp_path / "restored")
    restored.prepare()
    keys.put_back({"session": name}, beside, restored)
    assert keys.copy_beside(restored, beside, {"session": name}) == {"session": name}


@pytest.mark.parametrize("there", ["missing", "another"])
def test_a_backup_is_refused_without_the_keyring_of_its_database(folder: DataFolder, beside: Path, there: str) -> None:
    if there == "another":
        keyring(folder.keyring / "session.sqlite")
    before = [*folder.keyring.iterdir()]
    with pytest.raises(StartupError, match=there) as refused:
        keys.copy_beside(folder, beside, {"session": "0123456789abcdef"})
    assert refused.value.place == str(folder.keyring / "session.sqlite")
    assert [*folder.keyring.iterdir()] == before and [*beside.iterdir()] == []


def test_another_keyring_under_the_right_name_is_not_put_back(folder: DataFolder, beside: Path) -> None:
    file = beside / "showfloor-keys-0123456789abcdef.sqlite"
    there = keyring(file)
    with pytest.raises(StartupError, match=f"another keyring, {there}") as refused:
        keys.put_back({"session": "0123456789abcdef"}, beside, folder)
    assert refused.value.place == str(file)


def test_keys_whose_owner_was_changed_are_not_put_back(folder: DataFolder, beside: Path) -> None:
    """An erasure would miss them."""
    name = keyring(folder.keyring / "session.sqlite")
    keys.copy_beside(folder, beside)
    file = beside / f"showfloor-keys-{name}.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"an account/viewer 7", b"an account/viewer 9", 1))
    with pytest.raises(StartupError, match="the keys are damaged") as refused:
        keys.put_back({"session": name}, beside, folder)
    assert refused.value.place == str(file)
