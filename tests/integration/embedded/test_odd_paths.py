"""PostgreSQL and NATS start whatever the path is called, and whoever starts them."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_server import running

from showfloor.embedded import programs
from showfloor.embedded.child import Account
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.embedded.programs import COPIED, PLACE, binaries_for
from showfloor.platform.startup_error import StartupError
from showfloor.testing import others

HERE = Path(__file__).parent
NAMES = [
    "plain",
    "with space ",
    "Ärger é",
    "数据 資料",
    'it\'s "quoted"',
    "comma, semicolon; colon",
    "back\\slash \\u00e9 \\x41",
    "$HOME `id` ${x} $(id)",
    "[bold]markup[/] {brace} 100%s %20 #?&=",
    "d" * 200,
    "é" * 100,
]
# Who may read root's installation, and write nothing but their own: like one that lies where all may read.
AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
AS_NOBODY += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
ROOT = os.geteuid() == 0 and shutil.which("setpriv") is not None


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may pass to; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="showfloor-odd-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def starts(folder: Path, prefix: list[str] | None = None) -> str:
    """Start PostgreSQL and NATS in a folder, in a process of its own; return what it says."""
    words = [*(prefix or []), sys.executable, str(HERE / "start_storage.py"), str(folder)]
    env = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_it_starts_in_any_path(tmp_path: Path, name: str) -> None:
    assert starts(tmp_path / name / "data") == "sound\n"


@pytest.mark.skipif(not ROOT, reason="only root can start it in a folder of root's")
def test_it_starts_below_roots_own_folder(tmp_path: Path) -> None:
    """Nobody else may enter; and nothing on the way is opened for it."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    modes = {path: path.stat().st_mode for path in (closed, *closed.parents)}
    assert starts(closed / "data") == "sound\n"
    assert {path: path.stat().st_mode for path in modes} == modes
    assert (closed / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT or not others.may_enter(), reason=others.WHY)
@pytest.mark.parametrize("name", ["plain", 'Ärger, $HOME "数据" it\'s \\ [b]'])
def test_it_starts_as_an_ordinary_user(open_folder: Path, name: str) -> None:
    user = pwd.getpwnam("nobody")
    os.chown(open_folder, user.pw_uid, user.pw_gid)
    assert starts(open_folder / name, AS_NOBODY) == "sound\n"
    assert {path.lstat().st_uid for path in open_folder.rglob("*")} == {user.pw_uid}


@pytest.fixture
def closed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installed programs in a folder that others cannot enter, with a name that no shell takes as it is."""
    packages = tmp_path / 'a "$(exit 7)" `b` \\c'
    packages.mkdir(mode=0o700)
    for name in COPIED:
        if (programs.packages() / name).is_dir():
            shutil.copytree(programs.packages() / name, packages / name, copy_function=os.link)
    monkeypatch.setattr(programs, "packages", lambda: packages)
    yield packages
    shutil.rmtree(packages)


def test_the_programs_are_copied_once_and_checked(
    open_folder: Path, closed_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = open_folder / "programs"
    monkeypatch.setenv(PLACE, str(place))
    account = Account(65534, 65534) if ROOT else None
    found = binaries_for(account)
    assert found.is_relative_to(place)
    assert {path.stat().st_mode & 0o022 for path in place.rglob("*")} == {0}, "nobody else may change them"
    first = (found / "postgres").stat()
    assert binaries_for(account) == found
    assert (found / "postgres").stat().st_ino == first.st_ino, "made once"
    assert not list(place.glob(".*")), "nothing half made is left"

    folder = DataFolder(closed_wheel.parent / "data")
    folder.prepare()
    server = Postgres(folder)
    server.prepare()
    assert str(server.command().argv[0]).startswith(str(place))
    with running(server, folder):
        assert server.query("SELECT 1") == "1"

    (found / "postgres").chmod(0o644)
    with pytest.raises(StartupError, match="not what was copied") as refused:
        binaries_for(account)
    assert "delete it" in refused.value.next_step


def test_a_copy_that_was_killed_is_made_again(
    open_folder: Path, closed_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = open_folder / "programs"
    monkeypatch.setenv(PLACE, str(place))
    found = binaries_for(None)
    copy = next(path for path in place.iterdir() if path.is_dir())
    left = place / f".{copy.name}-new-x"
    left.mkdir()
    (left / "made-by-showfloor").touch()
    copy.rename(left / "content")
    assert binaries_for(None) == found
    assert not left.exists()


def test_a_place_that_others_can_write_to_is_refused(
    open_folder: Path, closed_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = open_folder / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    for place in (shared, shared / "mine"):
        monkeypatch.setenv(PLACE, str(place))
        with pytest.raises(StartupError, match="others could change") as refused:
            binaries_for(None)
        assert refused.value.place == str(shared)
    (open_folder / "link").symlink_to(shared)
    monkeypatch.setenv(PLACE, str(open_folder / "link"))
    with pytest.raises(StartupError, match="others could change"):
        binaries_for(None)
    monkeypatch.setenv(PLACE, str(open_folder / "bad $place"))
    with pytest.raises(StartupError, match="cannot be started from a path"):
        binaries_for(None)
