"""Root starts a user's folder: it runs as that user, and nothing in it becomes root's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from showfloor.embedded.folder import DataFolder, write_private
from showfloor.testing.system import SHOWFLOOR, System

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can start somebody else's folder"
)
# The installation may lie where nobody but root can read: with this one right, which outlives the change of user, the
# tests behave as if everybody could. It lets read, not write.
READABLE = [
    "setpriv",
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of nobody's, where nobody can get at it: pytest's own are root's."""
    folder = Path(tempfile.mkdtemp(prefix="showfloor-home-"))
    owner = pwd.getpwnam("nobody")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    yield folder
    shutil.rmtree(folder)


class OfSomebody(System):
    """A system whose commands root gives."""

    def words(self, *words: object) -> list[str]:
        return [*READABLE, *super().words(*words)]


def owners(root: Path) -> dict[str, list[str]]:
    """Return what belongs to whom."""
    found: dict[str, list[str]] = {}
    for path in (root, *root.rglob("*")):
        found.setdefault(path.lstat().st_uid, []).append(str(path.relative_to(root)))  # type: ignore[arg-type]
    return found


def test_nothing_becomes_roots(home: Path) -> None:
    data = home / "data"
    data.mkdir()
    owner = pwd.getpwnam("nobody")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    system = OfSomebody(data)
    try:
        system.up()
        found = {one["name"]: psutil.Process(one["pid"]).uids() for one in system.folder.state()["processes"]}
        assert {uids.effective for uids in found.values()} == {owner.pw_uid}, found
        supervisor = psutil.Process(system.folder.state()["pid"])
        assert set(supervisor.uids()) == {owner.pw_uid}
        system.token()
        system.cli("backup", home / "backups")
    finally:
        system.end()
    assert list(owners(data)) == [owner.pw_uid], owners(data).get(0)  # type: ignore[call-overload]


def test_an_owner_who_cannot_run_it_is_told(home: Path) -> None:
    (home / "data").mkdir()
    os.chown(home / "data", pwd.getpwnam("nobody").pw_uid, -1)
    home.chmod(0o700)
    os.chown(home, 0, 0)  # the owner cannot get at the folder
    done = subprocess.run([SHOWFLOOR, "up", "--data", home / "data"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "belongs to nobody, who cannot run this installation" in done.stderr
    assert "install Showfloor where nobody may read it" in done.stderr
    assert not list((home / "data").iterdir())


def test_a_stranger_is_told(home: Path) -> None:
    os.chown(home, 4711, 4711)
    done = subprocess.run([SHOWFLOOR, "up", "--data", home], capture_output=True, text=True, check=False)
    assert (done.returncode, "whom this machine does not know" in done.stderr) == (1, True), done.stderr
    assert not list(home.iterdir())


def test_what_root_writes_there_belongs_to_the_owner(home: Path) -> None:
    outside = home.parent / f"{home.name}.outside"
    outside.write_text("root's")
    (home / "backup.json").symlink_to(outside)
    write_private(home / "backup.json", "{}")
    with DataFolder(home).locked():
        pass
    try:
        assert list(owners(home)) == [pwd.getpwnam("nobody").pw_uid]
        assert outside.read_text() == "root's", "a link of the user's is replaced, not followed"
    finally:
        outside.unlink()
