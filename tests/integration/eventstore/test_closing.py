"""Opening and closing a service's PostgreSQL never blocks the event loop: whatever waits does so in a thread."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import psycopg_pool
import pytest

from showfloor.eventstore.lease import leadership
from showfloor.eventstore.runtime import open_store
from showfloor.testing.ledger import BALANCES, LEDGER, deposit
from showfloor.testing.waiting import PATIENCE

WAITS = [
    (psycopg.Connection, "close"),
    (psycopg_pool.ConnectionPool, "close"),
    (threading.Thread, "join"),
    (ThreadPoolExecutor, "shutdown"),
]


@pytest.fixture
def blocked(monkeypatch) -> list[str]:
    """Note every wait for a network or a thread that happens in the thread of the event loop."""
    loop_thread, found = threading.get_ident(), []

    def noted(place: str, call):
        def wait(*args, **kwargs):
            if threading.get_ident() == loop_thread:
                found.append(place)
            return call(*args, **kwargs)

        return wait

    for owner, name in WAITS:
        monkeypatch.setattr(owner, name, noted(f"{owner.__name__}.{name}", getattr(owner, name)))
    monkeypatch.setattr(psycopg, "connect", noted("psycopg.connect", psycopg.connect))
    return found


async def test_opening_and_closing_wait_in_threads(database, blocked):
    async with open_store(database, [LEDGER], [BALANCES]) as engine:
        done = await engine.store.execute(LEDGER, uuid4(), deposit, 1)
        await engine.store.last_position()
        await engine.views.wait_for(["balances"], done.position, timeout=PATIENCE)
        await engine.database.fetch("SELECT * FROM balance")
        async with leadership(database, "closing")() as lease:
            assert await lease.held()
        assert blocked == []
    assert blocked == []
