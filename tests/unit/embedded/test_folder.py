"""The data folder: private files, one lock, remembered ports, a socket path that fits."""

import fcntl
import json
import os
import socket
import stat
from pathlib import Path

import pytest

from showfloor.embedded import folder as module
from showfloor.embedded.folder import SOCKET_PATH_LIMIT, AlreadyRunning, DataFolder, Ports, read_json
from showfloor.platform.startup_error import StartupError


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def test_others_see_nothing(folder: DataFolder) -> None:
    folder.secret(folder.operator_key)
    rooms = (folder.secrets, folder.keys, folder.nats, folder.logs, folder.services)
    assert {stat.S_IMODE(room.stat().st_mode) for room in rooms} == {0o700}
    assert stat.S_IMODE(folder.operator_key.stat().st_mode) == 0o600
    assert not folder.root.stat().st_mode & 0o066


def test_a_secret_is_made_once(folder: DataFolder) -> None:
    first = folder.secret(folder.operator_key)
    assert len(first) >= 43
    assert folder.secret(folder.operator_key) == first


def test_only_one_holds_the_lock(folder: DataFolder) -> None:
    with folder.locked():
        assert folder.running()
        with pytest.raises(AlreadyRunning), folder.locked():
            pass
    assert not folder.running()


def test_who_looks_changes_nothing_and_is_taken_for_no_holder(folder: DataFolder) -> None:
    folder.lock_file.write_text("4711\n")
    with folder.lock_file.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not folder.running()
    assert folder.lock_file.read_text() == "4711\n"


def test_a_start_waits_for_those_who_look_and_for_no_holder(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.lock_file.touch()
    with folder.lock_file.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr(module.time, "sleep", lambda _: fcntl.flock(looking, fcntl.LOCK_UN))
        with folder.locked():
            monkeypatch.setattr(module.time, "sleep", lambda _: pytest.fail("a holder is not waited for"))
            with pytest.raises(AlreadyRunning), folder.locked():
                pass
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr(module.time, "sleep", lambda _: None)
        monkeypatch.setattr(module, "SHARED_LOCK_PATIENCE", 0.0)
        with pytest.raises(AlreadyRunning), folder.locked():
            pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartupError, match="not a folder") as refused:
        DataFolder(tmp_path / "file" / "data").prepare()
    assert refused.value.place == str(tmp_path / "file")


def test_a_broken_state_file_is_told_with_the_way_out(folder: DataFolder) -> None:
    folder.state_file.write_text("{half")
    with pytest.raises(StartupError) as error:
        folder.state()
    assert error.value.place == str(folder.state_file)


def test_ports_are_remembered_until_taken(folder: DataFolder) -> None:
    port = Ports(folder).take("web")
    assert Ports(folder).take("web") == port
    with socket.create_server(("127.0.0.1", port)):
        again = Ports(folder)
        moved = again.take("web")
        assert moved != port
        assert again.changed == [f"web: {port} is taken by another program, now {moved}"]
        with pytest.raises(StartupError, match=f"port {port} is in use"):
            Ports(folder).take("web", wanted=port)
    assert json.loads(folder.ports_file.read_text()) == {"web": moved}


@pytest.mark.parametrize("kept", ["8080", 0, -1, 70_000, 10**30, 1.5, True, None, [1], {"port": 1}])
def test_what_is_no_port_is_chosen_again(folder: DataFolder, kept: object) -> None:
    folder.ports_file.write_text(json.dumps({"web": kept}))
    ports = Ports(folder)
    assert ports.take("web") in module.OWN_PORTS
    assert not ports.changed


def test_no_two_names_get_one_port(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance gives the same number again and again: within one start, and for a name that is new in a later one."""
    thrown = iter([7, 7, 7, 8, 7, 8, 9])
    monkeypatch.setattr(module.secrets, "randbelow", lambda _: next(thrown))
    monkeypatch.setattr(module, "port_is_free", lambda _: True)
    first = module.OWN_PORTS.start + 7
    ports = Ports(folder)
    assert [ports.take("session"), ports.take("gateway")] == [first, first + 1]
    later = Ports(folder)
    assert [later.take("new"), later.take("session"), later.take("gateway")] == [first + 2, first, first + 1]


def test_the_socket_path_always_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = set()
    for name in ("d" * 90, "é" * 50, "a, b"):
        folder = DataFolder(tmp_path / name)
        folder.prepare()
        socket = folder.socket_folder()
        assert len(os.fsencode(f"{socket}/.s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
        assert "," not in str(socket), "to libpq a comma begins another host"
        monkeypatch.setattr(module, "_elsewhere", lambda: Path("/another"))
        folder.prepare()
        assert DataFolder(tmp_path / name).socket_folder() == socket, "whatever TMPDIR is meanwhile"
        chosen.add(socket)
        monkeypatch.undo()
    assert len(chosen) == 3
    assert DataFolder(Path("/tmp/x")).socket_folder() == Path("/tmp/x").resolve() / "run"


def test_a_folder_with_other_things_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(StartupError, match="other things"):
        DataFolder(tmp_path).prepare()
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_new_volume_and_an_earlier_data_folder_are_taken(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    DataFolder(tmp_path).prepare()
    (tmp_path / "letter.txt").write_text("mine")
    DataFolder(tmp_path).prepare()


@pytest.mark.parametrize("text", [b"", b"\xff", b"{", b"[" * 100_000])
def test_a_damaged_state_file_is_named_with_what_to_do(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "state.json"
    file.write_bytes(text)
    with pytest.raises(StartupError, match="cannot be read") as error:
        read_json(file)
    assert "delete it" in error.value.next_step


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (b"line\nend", "control character"),
        (b"bell\x07", "control character"),
        (b"latin1 \xe9", "no UTF-8"),
        (b"/".join([b"long" * 50] * 4), "700 is the limit"),
    ],
)
def test_a_path_that_cannot_be_handed_on_is_refused(tmp_path: Path, name: bytes, says: str) -> None:
    root = tmp_path / os.fsdecode(name)
    with pytest.raises(StartupError, match=says) as refused:
        DataFolder(root).prepare()
    assert str(refused.value).isascii()
    assert list(tmp_path.iterdir()) == []


def test_links_that_lead_to_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(StartupError, match=r"not a folder|leads nowhere|cannot be looked at"):
        DataFolder(tmp_path / "a").prepare()
