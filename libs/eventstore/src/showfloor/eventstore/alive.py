"""A sign of life that others can ask for in SQL: an advisory lock that lives as long as the process that holds it.

Kill -9 closes the connection, and with it the lock is gone at once; nobody has to wait for a lease to run out.
"""

import asyncio
import secrets

import psycopg

from showfloor.eventstore.address import with_tcp_timeouts

RETRY = 0.5  # seconds between two attempts to hold the lock
ASK_EVERY = 2.0  # seconds between two questions whether the connection still stands
ANSWER = 2.0  # seconds within which the database must answer

_KIND = 0x5F0A  # the first number of these locks, which sets them apart from all others

LIVING = f"""(SELECT FROM pg_locks
 WHERE locktype = 'advisory' AND objsubid = 2 AND classid = {_KIND} AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid = {{owner}}::oid)"""  # noqa: S608 - a constant
"""SQL, for `EXISTS` and `.format(owner=...)`: a process with this number runs and reaches this database."""


class SignOfLife:
    """This process's number, and the lock under it while `run` runs. An outage of the database is waited out."""

    def __init__(self, dsn: str) -> None:
        self.number = secrets.randbelow(2**31 - 1) + 1
        self._dsn = dsn
        self.held = asyncio.Event()

    async def run(self) -> None:
        """Hold the lock until cancelled."""
        while True:
            try:
                await self._hold()
            except (psycopg.Error, TimeoutError):
                self.held.clear()
            await asyncio.sleep(RETRY)

    async def _hold(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            with_tcp_timeouts(self._dsn), autocommit=True, connect_timeout=2
        )
        async with connection:
            while True:
                async with asyncio.timeout(ANSWER):
                    if self.held.is_set():
                        await connection.execute("SELECT 1")
                    else:
                        cursor = await connection.execute(
                            "SELECT pg_try_advisory_lock(%s::int, %s::int)", (_KIND, self.number)
                        )
                        if await cursor.fetchone() == (True,):
                            self.held.set()
                await asyncio.sleep(ASK_EVERY if self.held.is_set() else RETRY)
