"""What the suites of the store share."""

from contextlib import asynccontextmanager

import pytest

from showfloor.eventstore.store import Store
from showfloor.kernel.decider import Decider
from showfloor.testing.ledger import LEDGER
from showfloor.testing.memory_log import memory_store


@pytest.fixture
def opened(store_dsn):
    """Open a store; opening again is a restart, or another replica (same log)."""
    logs = []

    @asynccontextmanager
    async def open_(*deciders: Decider, **limits):
        deciders = deciders or (LEDGER,)
        if store_dsn:
            store = Store.postgres(store_dsn, deciders, **limits)
        else:
            store = memory_store(deciders, **limits)
            if logs:
                store = Store(logs[0], deciders, **limits)
            logs.append(store.log)
        try:
            yield store
        finally:
            await store.close()

    return open_
