"""Ending tasks for good, and telling of those that take more than one word."""

import asyncio
from typing import Any

from showfloor.observability.logging import get_logger

log = get_logger(__name__)
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
        for task in left:
            log.info("a task did not end at once; it is cancelled again", task=task.get_name())
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told of it later
