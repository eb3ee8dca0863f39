"""Being the only active instance of something: an advisory lock that lives as long as its connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import psycopg

RETRY = 0.5  # seconds between two attempts to become the active one


class AdvisoryLease:
    """The lock as we hold it. It is gone with its connection, so another instance may take over at once."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        self._connection = connection

    async def held(self) -> bool:
        """Tell whether we still hold it."""
        try:
            await self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True


def leadership(dsn: str, name: str) -> Callable[[], AbstractAsyncContextManager[AdvisoryLease]]:
    """Return a context manager that waits until this process is the active `name` in this database.

    Leaving it gives the lock back. An outage of the database is waited out.
    """

    @asynccontextmanager
    async def lead() -> AsyncIterator[AdvisoryLease]:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True, connect_timeout=2)
            except psycopg.OperationalError:
                await asyncio.sleep(RETRY)
                continue
            async with connection:
                if await _won(connection, name):
                    yield AdvisoryLease(connection)
                    return

    return lead


async def _won(connection: psycopg.AsyncConnection[tuple[object, ...]], name: str) -> bool:
    """Wait for the lock on this connection; False when the connection breaks."""
    try:
        while True:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,))
            row = await cursor.fetchone()
            if row is not None and row[0]:
                return True
            await asyncio.sleep(RETRY)
    except psycopg.OperationalError:
        return False
