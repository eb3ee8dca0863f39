"""Being the only active one: one leader at a time, the next as soon as the first is gone."""

import asyncio

import psycopg
import pytest

from showfloor.eventstore.lease import leadership
from showfloor.testing.waiting import PATIENCE


async def test_one_at_a_time(database: str) -> None:
    lead = leadership(database, "relay")
    async with lead() as lease:
        assert await lease.held()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7), lead():
                pass
        async with asyncio.timeout(PATIENCE), leadership(database, "another")() as other:
            assert await other.held()
    async with asyncio.timeout(PATIENCE), lead() as following:
        assert await following.held()


async def test_a_lost_connection_is_a_lost_lease(database: str) -> None:
    lead = leadership(database, "relay")
    async with lead() as lease:
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        assert not await lease.held()
        async with asyncio.timeout(PATIENCE), lead() as following:
            assert await following.held()
