"""Advisory locks that live as long as their connection: being the only active instance, and showing that one lives.

Kill -9 closes the connection, and with it the lock is gone at once: nobody waits for a lease to run out.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psycopg

from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.outage import is_outage

RETRY = 0.5  # seconds between two attempts to get the lock
ANSWER = 2.0  # seconds within which the database must confirm that we still hold it
ASK_EVERY = 2.0  # seconds between two questions whether a sign of life is still held

_KIND = 0x5F0A  # the first number of signs of life, which sets them apart from all other locks

LIVING = f"""(SELECT FROM pg_locks
 WHERE locktype = 'advisory' AND objsubid = 2 AND classid = {_KIND} AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid = {{owner}}::oid)"""  # noqa: S608 - a constant
"""SQL, for `EXISTS` and `.format(owner=...)`: a process with this number runs and reaches this database."""


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
    return lambda: _holding(dsn, "hashtext(%s)", (name,))


class SignOfLife:
    """This process's number, and a lock under it that others ask for in SQL (`LIVING`), while `run` runs."""

    def __init__(self, dsn: str) -> None:
        self.number = secrets.randbelow(2**31 - 1) + 1
        self._dsn = dsn
        self.held = asyncio.Event()

    async def run(self) -> None:
        """Hold the lock until cancelled. An outage of the database is waited out."""
        while True:
            async with _holding(self._dsn, "%s::int, %s::int", (_KIND, self.number)) as lease:
                self.held.set()
                while await lease.held():  # noqa: ASYNC110 - it is the database that is asked
                    await asyncio.sleep(ASK_EVERY)
            self.held.clear()


@asynccontextmanager
async def _holding(dsn: str, lock: str, key: Sequence[object]) -> AsyncIterator[AdvisoryLease]:
    connection = None
    while connection is None:
        connection = await _won(dsn, lock, key)
    try:
        yield AdvisoryLease(connection)
    finally:
        await connection.close()


async def _won(dsn: str, lock: str, key: Sequence[object]) -> psycopg.AsyncConnection[Any] | None:
    """Wait for the lock on one connection; None, after a pause, when the database is away."""
    connection: psycopg.AsyncConnection[Any] | None = None
    try:
        connection = await psycopg.AsyncConnection.connect(with_tcp_timeouts(dsn), autocommit=True, connect_timeout=2)
        while True:
            cursor = await connection.execute(f"SELECT pg_try_advisory_lock({lock})", key)
            if await cursor.fetchone() == (True,):
                return connection
            await asyncio.sleep(RETRY)
    except BaseException as error:  # an outage, or nobody waits for the lock any more
        if connection is not None:
            await connection.close()
        if not is_outage(error):
            raise
    await asyncio.sleep(RETRY)
    return None
