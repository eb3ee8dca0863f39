"""How long a process may take to start: as long as what it waits for moves."""

import asyncio
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.process import Process, ProcessSupervisor
from showfloor.embedded.supervisor import Supervisor
from showfloor.testing.waiting import PATIENCE, eventually


def supervisor(tmp_path: Path, reasons: Iterator[str | None], news: Callable[[str, str], None]) -> ProcessSupervisor:
    """Return the supervisor of a process that is ready when `reasons` says None."""

    async def ready() -> str | None:
        return next(reasons)

    async def alive() -> str | None:
        return None

    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = Process("one", lambda: Command(sleeping), ready, alive, 0, start_patience=0.3)
    return ProcessSupervisor(process, tmp_path / "log", lambda: None, news)


async def test_a_start_that_gets_on_may_take_long(tmp_path: Path) -> None:
    news: list[tuple[str, str]] = []
    words = iter([*(f"at position {n} of 12" for n in range(12)), None])
    one = supervisor(tmp_path, words, lambda *said: news.append(said))
    one.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await eventually(lambda: one.status == "starting" and "position" in one.problem)
            await one.first_ready.wait()
        assert (one.status, one.problem, news) == ("running", "", [])
    finally:
        await one.stop(1.0)


async def test_a_start_that_stands_still_is_given_up(tmp_path: Path) -> None:
    news: list[tuple[str, str]] = []
    one = supervisor(tmp_path, itertools.cycle(["no answer", "refused"]), lambda *said: news.append(said))
    one.start()
    try:
        await eventually(lambda: news)
        assert "not ready, and no further for 0.3 s" in news[0][1]
    finally:
        await one.stop(1.0)


async def test_whatever_goes_wrong_in_between_it_is_started_again(tmp_path: Path) -> None:
    """A defect of a part of the start, and a terminal that has no letter for the news of it."""
    folder, prepared = DataFolder(tmp_path / "data"), itertools.count()
    folder.prepare()

    def prepare() -> None:
        if next(prepared) == 1:
            raise LookupError("a defect")

    async def well() -> None:
        return None

    def print_in_ascii(_process: str, news: str) -> None:
        told.append(news)
        "\u00fc".encode("ascii")

    told: list[str] = []
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    watched = Supervisor(folder, [Process("one", lambda: Command(sleeping), well, well, 0, prepare)], print_in_ascii)
    await watched.start()
    try:
        (one,) = watched._supervisors
        assert one._child is not None
        one._child.kill()
        await eventually(lambda: one.restarts == 2 and one.status == "running")
        assert [news.partition(";")[0] for news in told] == ["ended by SIGKILL", "LookupError: a defect"]
    finally:
        await watched.stop()
