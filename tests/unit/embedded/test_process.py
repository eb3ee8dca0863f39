"""How long a process may take to start: as long as what it waits for moves."""

import asyncio
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from showfloor.embedded.child import Command
from showfloor.embedded.process import Process, ProcessSupervisor
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
