"""The relay hears of what any replica commits."""

from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from showfloor.eventstore.runtime import open_store
from showfloor.kernel.clock import utc_now
from showfloor.platform.settings import ProcessSettings
from showfloor.service.builder import Builder
from showfloor.testing.ledger import BALANCES, LEDGER, deposit
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.waiting import eventually


async def test_a_commit_of_another_replica_wakes_it(database: str) -> None:
    config, bus = ProcessSettings(database_url=database, nats_url="unused:"), MemoryBus()
    async with (
        open_store(database, [LEDGER], [BALANCES]) as here,
        open_store(database, [LEDGER], [BALANCES]) as there,
        AsyncExitStack() as stack,
    ):
        relay = Builder("ledger", config, here, bus, utc_now, stack).relay(_private)
        relay._poll = 600.0  # it does not look by itself
        for engine in (there, here, there):
            await eventually(lambda: relay.status().state == "idle")
            done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
            await eventually(lambda position=done.position: relay.status().position == position)  # type: ignore[misc]


def _private(_recorded: Any) -> None:
    """Nobody else may see anything."""
