"""A service says on its health port when one of its parts has ended."""

import asyncio
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

from structlog.testing import capture_logs

from showfloor.kernel.clock import utc_now
from showfloor.platform.health import Health
from showfloor.platform.settings import ProcessSettings
from showfloor.service.builder import Builder
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.waiting import eventually


def builder(stack: AsyncExitStack, health: Health) -> Builder:
    runtime: Any = SimpleNamespace(store=None, views=None, database=None)
    config = ProcessSettings(database_url="unused:", nats_url="unused:")
    return Builder("polls", config, runtime, MemoryBus(), utc_now, stack, health)


async def test_a_part_that_ends_shows_as_dead_and_tells_why() -> None:
    health, fail = Health(), asyncio.Event()

    async def part() -> None:
        await fail.wait()
        raise ValueError("a mark that nobody can read")

    with capture_logs() as logged:
        async with AsyncExitStack() as stack:
            builder(stack, health).background(part(), "session>polls")
            assert health.answer("/healthz")[0] == 200
            fail.set()
            await eventually(lambda: health.answer("/healthz")[0] == 503)
            assert b"session>polls" in health.answer("/healthz")[2]
    (entry,) = logged
    assert entry["part"] == "session>polls" and "a mark that nobody can read" in str(entry["exc_info"])


async def test_a_part_that_is_closed_is_no_dead_one() -> None:
    health = Health()
    async with AsyncExitStack() as stack:
        builder(stack, health).background(asyncio.sleep(3_600), "relay")
    assert health.answer("/healthz")[0] == 200
