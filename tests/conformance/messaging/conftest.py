"""Both buses, one after the other, each with its tracking: what holds for one must hold for the other."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from showfloor.messaging.bus import Bus
from showfloor.messaging.nats_bus import NatsBus
from showfloor.testing.memory_bus import MemoryBus


@pytest.fixture(params=["memory", "nats"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        made: Bus = MemoryBus()
    else:
        url = request.getfixturevalue("nats_url")
        made = await NatsBus.connect(url, name="conformance", ack_timeout=10.0, attempts=2)
    yield made
    await made.close()


@pytest.fixture
def books(bus: Bus, request: pytest.FixtureRequest) -> Any:
    """Memory with memory, PostgreSQL with NATS."""
    return request.getfixturevalue("memory_books" if isinstance(bus, MemoryBus) else "postgres_books")


@pytest.fixture
def app() -> str:
    """A name of the test's own: the server is shared."""
    return f"t{uuid4().hex[:12]}"
