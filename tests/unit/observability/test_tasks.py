"""Tasks end, whatever they make of being cancelled."""

import asyncio

import pytest

from showfloor.observability import tasks
from showfloor.observability.tasks import stop


async def test_what_a_task_does_at_its_end_is_not_cut_short() -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.5)  # such as the last answer of a broker
            done.append("said goodbye")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await stop(task)
    assert task.cancelled() and done == ["said goodbye"]


async def test_a_swallowed_cancellation_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AGAIN", 0.01)
    deaf = [2]

    async def work() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if not deaf[0]:
                    raise
                deaf[0] -= 1

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await stop(task)
    assert task.cancelled() and deaf == [0]


async def test_what_ended_and_what_failed_is_no_trouble() -> None:
    async def fail() -> None:
        raise ValueError("broken")

    done, failed = asyncio.create_task(asyncio.sleep(0)), asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    await stop(done, failed)
    assert done.done() and failed.done()
    await stop()
