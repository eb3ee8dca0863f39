"""Tasks end, whatever they make of being cancelled."""

import asyncio

from showfloor.observability.tasks import stop


async def test_a_swallowed_cancellation_is_repeated() -> None:
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
