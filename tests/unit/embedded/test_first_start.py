"""The step after a process is first ready: what may pass is tried again, what a person must mend ends the start."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.process import Process
from showfloor.embedded.supervisor import Supervisor
from showfloor.platform.startup_error import StartupError


async def well() -> None:
    return None


def watched(tmp_path: Path, arranged: Callable[[], None]) -> tuple[Supervisor, DataFolder, list[str]]:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    news: list[str] = []
    command = Command([sys.executable, "-c", "import time; time.sleep(60)"])
    process = Process("database", lambda: command, well, well, 0, arranged=arranged)
    return Supervisor(folder, [process], lambda _process, text: news.append(text)), folder, news


async def test_an_outage_in_the_middle_is_tried_again_on_a_new_process(tmp_path: Path) -> None:
    attempts: list[int] = []

    def once_away() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("session's database is not up to date yet: the server closed the connection")

    supervisor, folder, news = watched(tmp_path, once_away)
    try:
        await supervisor.start()
        supervisor.ready()
        (process,) = folder.state()["processes"]
        assert (process["status"], process["restarts"], len(attempts)) == ("running", 1, 2)
        assert "the server closed the connection; starting it again" in news[0]
    finally:
        await supervisor.stop()


async def test_one_that_stays_away_fails_the_start_with_a_next_step(tmp_path: Path) -> None:
    def away() -> None:
        raise OSError("session's database is not up to date yet: connection refused")

    supervisor, _, _ = watched(tmp_path, away)
    try:
        with pytest.raises(ExceptionGroup) as failed:
            await supervisor.start()
        (error,) = failed.value.exceptions
        assert isinstance(error, StartupError)
        assert "database does not start: session's database is not up to date yet" in str(error)
        assert "showfloor doctor" in error.next_step
    finally:
        await supervisor.stop()


async def test_what_a_person_must_mend_ends_the_start_at_once(tmp_path: Path) -> None:
    attempts: list[int] = []

    def changed() -> None:
        attempts.append(1)
        raise StartupError("0002_x.sql was changed", place="migrations", next_step="put the file back")

    supervisor, folder, _ = watched(tmp_path, changed)
    try:
        with pytest.raises(ExceptionGroup) as failed:
            await supervisor.start()
        assert str(failed.value.exceptions[0]).startswith("0002_x.sql was changed")
        assert len(attempts) == 1
    finally:
        await supervisor.stop()
    assert folder.state()["failed"].startswith("0002_x.sql was changed"), "whoever looks later is told"
