"""Waiting for something to become true, with a limit and a word about what was awaited."""

import asyncio
from collections.abc import Awaitable, Callable

# Seconds. A guard against waiting for ever, no measure: a machine that has much else to do is no defect.
PATIENCE = 60.0


async def eventually(condition: Callable[[], object], what: str = "", within: float = PATIENCE) -> None:
    """Return as soon as `condition()` is true. Raises AssertionError after `within` seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}")
        await asyncio.sleep(0.005)


async def until(look: Callable[[], Awaitable[object]], what: str = "", within: float = PATIENCE) -> None:
    """Return as soon as what has to be asked for is so. Raises AssertionError after `within` seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not await look():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within} s: {what or look}")
        await asyncio.sleep(0.02)
