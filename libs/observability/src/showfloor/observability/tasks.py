"""Stops asyncio tasks for good, and logs those that end by themselves."""

import asyncio
from collections.abc import Callable
from typing import Any

from showfloor.observability.logging import get_logger

log = get_logger(__name__)
AGAIN = 2.0  # seconds until a task that goes on all the same is cancelled once more: cleaning up may take that long


async def stop(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks, and return when all have ended, whatever they ended with.

    Before Python 3.12 `asyncio.wait_for`, which the clients of the database and the broker use, can swallow a
    cancellation that comes together with its answer. So it is repeated; not at once, since a second one also cuts short
    the `finally` blocks of a task.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
        for task in left:
            log.info("a task does not end; it is cancelled again", task=task.get_name())
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told of it later


def watched(task: "asyncio.Task[Any]") -> Callable[[], bool]:
    """Log why the task ends, unless it is cancelled; return a function that tells whether it lives."""
    task.add_done_callback(_told_why)
    return lambda: not task.done() or task.cancelled()


def _told_why(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled():
        log.error("a part has ended", part=task.get_name(), exc_info=task.exception())
