"""Ending tasks for good."""

import asyncio
from typing import Any

AGAIN = 0.2  # seconds until a task that goes on all the same is cancelled once more


async def stop(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks, and return when all have ended, whatever they ended with.

    Before Python 3.12 `asyncio.wait_for`, which the clients of the database and the broker use, can swallow a
    cancellation that comes together with its answer. So it is repeated until it is heard.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told of it later
