"""The very first start makes PostgreSQL's files. Whoever is killed meanwhile leaves a folder that starts."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from embedded_server import running

from showfloor.embedded.beside import CONTENT, MARKER, made_beside
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import SUPERUSER, Postgres
from showfloor.platform.startup_error import StartupError

PATIENCE = 60.0  # seconds
START = """
import sys
from pathlib import Path
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
folder = DataFolder(Path(sys.argv[1]))
folder.prepare()
with folder.locked():
    Postgres(folder).prepare()
"""
Seen = Callable[[DataFolder], object]
MADE = f".postgres-new-*/{CONTENT}"


def there(pattern: str) -> Seen:
    return lambda folder: next(folder.root.glob(pattern), None)


MOMENTS: dict[str, Seen] = {
    "an empty folder beside": there(".postgres-new-*"),
    "initdb has begun": there(f"{MADE}/base"),
    "the catalogue is written": there(f"{MADE}/global/pg_control"),
    "the version is written": there(f"{MADE}/PG_VERSION"),
    "the first database is there": there(f"{MADE}/base/5"),
    "the password is kept": lambda folder: Postgres(folder).password_file(SUPERUSER).exists(),
    "it has its name": there("postgres/PG_VERSION"),
}


def killed_when(folder: DataFolder, reached: Seen) -> None:
    """Start, and kill -9 at once when it has got there."""
    end = time.monotonic() + PATIENCE
    with subprocess.Popen([sys.executable, "-c", START, str(folder.root)]) as process:
        while not reached(folder):
            assert process.poll() is None, "it ended before"
            assert time.monotonic() < end
        process.kill()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_start_that_was_killed_is_begun_again(tmp_path: Path, moment: str) -> None:
    folder = DataFolder(tmp_path / "data")
    killed_when(folder, MOMENTS[moment])
    server = Postgres(folder)
    folder.prepare()
    server.prepare()
    with running(server, folder):
        server.create_databases(["session"])
        assert server.query("SELECT current_user", database="session") == SUPERUSER
    assert not list(folder.root.glob(".*-new-*")), "what was left is cleared away"


def test_what_is_not_ours_is_neither_filled_nor_deleted(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    folder.postgres.mkdir()
    (folder.postgres / "letter.txt").write_text("mine")
    with pytest.raises(StartupError, match="no whole database, and no empty folder") as refused:
        Postgres(folder).prepare()
    assert "move" in refused.value.next_step
    assert [entry.name for entry in folder.postgres.iterdir()] == ["letter.txt"]


def test_a_name_like_ours_without_our_mark_stays(tmp_path: Path) -> None:
    place = tmp_path / "postgres"
    like = [tmp_path / ".postgres-new-mine", tmp_path / ".postgres-new-link", tmp_path / ".postgres-new-file"]
    (like[0] / CONTENT).mkdir(parents=True)
    (like[0] / CONTENT / "letter.txt").write_text("mine")
    like[1].symlink_to(like[0])
    like[2].touch()
    with made_beside(place) as fresh:
        (fresh / "made").touch()
    assert (place / "made").exists()
    assert (like[0] / CONTENT / "letter.txt").read_text() == "mine"
    assert like[1].is_symlink() and like[2].exists()
    (like[0] / MARKER).touch()
    with pytest.raises(OSError, match="not empty"), made_beside(place) as fresh:
        (fresh / "other").touch()
    assert [entry.name for entry in place.iterdir()] == ["made"], "what has the name keeps it"
    assert not like[0].exists(), "that one carried our mark"


def test_one_killed_while_it_clears_away_is_still_known(tmp_path: Path) -> None:
    left = tmp_path / ".postgres-new-x"
    for half in ((), (MARKER,), (MARKER, CONTENT)):
        left.mkdir()
        for name in half:
            (left / name).mkdir() if name == CONTENT else (left / name).touch()
        with made_beside(tmp_path / "postgres"):
            pass
        assert not left.exists()
        (tmp_path / "postgres").rmdir()
