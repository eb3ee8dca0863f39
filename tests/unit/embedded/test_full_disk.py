"""A full disk: what still runs stays watched, and people are told the one thing they can do."""

import errno
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from showfloor.embedded import process, supervisor
from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder, write_private
from showfloor.embedded.process import Process
from showfloor.embedded.supervisor import Supervisor


class Usage(NamedTuple):
    free: int


async def well() -> None:
    return None


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_state_file_that_cannot_be_written_ends_no_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    sleeping = Process("sleeper", lambda: Command([sys.executable, "-c", "import time; time.sleep(60)"]), well, well, 0)
    news: list[str] = []

    def unheard(_process: str, text: str) -> None:
        news.append(text)
        full()  # what people read is on that disk too

    watched = Supervisor(folder, [sleeping], unheard)
    monkeypatch.setattr(supervisor, "write_private", full)
    await watched.start()
    monkeypatch.undo()
    assert len([text for text in news if "cannot be written: No space left" in text]) == 1
    watched.ready()
    assert folder.state()["processes"][0]["status"] == "running"
    await watched.stop()


def test_the_end_of_a_process_names_the_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert process.full_disk(tmp_path) == ""
    monkeypatch.setattr(process.shutil, "disk_usage", lambda _: Usage(free=4096))
    assert process.full_disk(tmp_path) == f"; the disk is full (4 KiB left): free some space at {tmp_path}"


def test_half_a_file_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "state.json", "{}")
    assert list(tmp_path.iterdir()) == []
