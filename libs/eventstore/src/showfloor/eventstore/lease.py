"""Being the only active instance of something: an advisory lock that lives as long as its connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psycopg

from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.outage import is_outage

RETRY = 0.5  # seconds between two attempts to become the active one
ANSWER = 2.0  # seconds within which the database must confirm that we still are


class AdvisoryLease:
    """The lock as we hold it. It is gone with its connection, so another instance may take over at once."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection

    async def held(self) -> bool:
        """Tell whether we still hold it; False, too, when the database does not answer within 2 s."""
        try:
            async with asyncio.timeout(ANSWER):
                await self._connection.execute("SELECT 1")
        except (psycopg.Error, TimeoutError):
            return False
        return True


def leadership(dsn: str, name: str) -> Callable[[], AbstractAsyncContextManager[AdvisoryLease]]:
    """Return a context manager that waits until this process is the active `name` in this database.

    Leaving it gives the lock back. An outage of the database is waited out.
    """

    @asynccontextmanager
    async def lead() -> AsyncIterator[AdvisoryLease]:
        while True:
            connection = await _won(dsn, name)
            if connection is not None:
                break
            await asyncio.sleep(RETRY)
        async with connection:
            yield AdvisoryLease(connection)

    return lead


async def _won(dsn: str, name: str) -> psycopg.AsyncConnection[Any] | None:
    """Wait for the lock on one connection; None when the database cannot be reached any more."""
    try:
        connection = await psycopg.AsyncConnection.connect(with_tcp_timeouts(dsn), autocommit=True, connect_timeout=2)
    except psycopg.Error as error:
        if not is_outage(error):
            raise
        return None
    try:
        while True:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,))
            if await cursor.fetchone() == (True,):
                return connection
            await asyncio.sleep(RETRY)
    except BaseException as error:  # an outage, or nobody waits for the lead any more
        await connection.close()
        if is_outage(error):
            return None
        raise
