"""Reading views, and transactions on edge tables, from the event loop."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, overload

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.outage import is_outage, unavailable
from showfloor.kernel.refusal import Refusal, RefusalKind

T = TypeVar("T")
_SUSPECT_SECONDS = 10.0

# Questions are answered by an index, in its order. Without this a table that has just grown, or been made again, is
# read and sorted whole until its statistics are there: a page of a long history then costs as much as all of it.
_PLANS = "-c enable_seqscan=off -c enable_bitmapscan=off"

Params = Sequence[Any] | Mapping[str, Any]


class Database:
    """A pool of connections that see the tables of all views by their plain names.

    All methods raise Refusal UNAVAILABLE: DATABASE_UNAVAILABLE in an outage, QUERY_TOO_SLOW when a statement passes the
    time limit, and NOT_YET for a view whose tables are still being built.
    """

    def __init__(
        self,
        dsn: str,
        *,
        search_path: Iterable[str] = (),
        max_size: int = 8,
        statement_timeout: float = 5.0,
        wait: float = 2.0,
    ) -> None:
        """`search_path`: schemas before `public`. `statement_timeout` and `wait` (for a connection): seconds."""
        self._schemas = list(search_path)
        path = ",".join([*self._schemas, "public"])
        self._pool = AsyncConnectionPool(
            with_tcp_timeouts(dsn),
            kwargs={
                "autocommit": True,
                "connect_timeout": 2,
                "options": f"-c search_path={path} -c statement_timeout={int(statement_timeout * 1000)} {_PLANS}",
            },
            min_size=1,
            max_size=max_size,
            timeout=wait,
            reconnect_timeout=float("inf"),
            check=self._check,
            open=False,
        )
        self._suspect_until = 0.0

    async def open(self) -> None:
        """Start the pool. Does not wait for the database."""
        await self._pool.open()

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    @overload
    async def fetch(self, sql: str, params: Params = ()) -> list[dict[str, Any]]: ...
    @overload
    async def fetch(self, sql: str, params: Params = (), *, into: type[T]) -> list[T]: ...
    async def fetch(self, sql: str, params: Params = (), *, into: type[Any] | None = None) -> list[Any]:
        """Return all rows, as dicts or as `into(**columns)` (a msgspec Struct or dataclass)."""
        return await self._read(sql, params, into, lambda cursor: cursor.fetchall())

    @overload
    async def fetch_one(self, sql: str, params: Params = ()) -> dict[str, Any] | None: ...
    @overload
    async def fetch_one(self, sql: str, params: Params = (), *, into: type[T]) -> T | None: ...
    async def fetch_one(self, sql: str, params: Params = (), *, into: type[Any] | None = None) -> Any:
        """Return the first row, or None."""
        return await self._read(sql, params, into, lambda cursor: cursor.fetchone())

    async def search(self, sql: str, params: Params = (), *, into: type[T]) -> list[T]:
        """Fetch by an inverted index: the plan is chosen for these parameters."""
        return await self._read(sql, params, into, lambda cursor: cursor.fetchall(), inverted=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[psycopg.AsyncConnection[dict[str, Any]]]:
        """Yield a connection inside a transaction, rows as dicts; committed unless the block raises."""
        async with self._connection() as connection, connection.transaction():
            connection.row_factory = dict_row
            yield connection

    async def _read(
        self,
        sql: str,
        params: Params,
        into: type[Any] | None,
        rows: Callable[[Any], Awaitable[T]],
        *,
        inverted: bool = False,
        last: bool = False,
    ) -> T:
        """Execute a query; once more if its connection was cut while idle, or its tables came a moment later."""
        factory: Any = class_row(into) if into else dict_row
        fresh = time.monotonic() >= self._suspect_until
        try:
            async with self._connection() as connection:
                cursor = connection.cursor(row_factory=factory)
                if not inverted:
                    return await rows(await cursor.execute(sql, params))
                async with connection.transaction():
                    await connection.execute("SET LOCAL enable_bitmapscan = on")
                    return await rows(await cursor.execute(sql, params, prepare=False))
        except Refusal as refusal:
            if refusal.reason != "DATABASE_UNAVAILABLE" or not fresh:
                raise
        except psycopg.errors.UndefinedTable:
            if last:
                raise
        return await self._read(sql, params, into, rows, inverted=inverted, last=True)

    async def _check(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Test a connection before use for a while after one was found broken: it costs a round trip."""
        if time.monotonic() < self._suspect_until:
            await AsyncConnectionPool.check_connection(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        try:
            async with self._pool.connection() as connection:
                yield connection
        except psycopg.errors.UndefinedTable as error:
            if not await self._lacks_schemas():
                raise
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", "a view is being built; ask again in a moment") from error
        except psycopg.errors.QueryCanceled as error:
            message = "the query took too long; ask for less"
            raise Refusal(RefusalKind.UNAVAILABLE, "QUERY_TOO_SLOW", message) from error
        except psycopg.Error as error:
            if not is_outage(error):
                raise
            self._suspect_until = time.monotonic() + _SUSPECT_SECONDS
            raise unavailable() from error

    async def _lacks_schemas(self) -> bool:
        """Tell whether the tables of a view are not in place."""
        sql = "SELECT EXISTS (SELECT FROM unnest(%s::text[]) AS s (name) WHERE to_regnamespace(name) IS NULL) AS lacks"
        row = await self.fetch_one(sql, [self._schemas])
        return bool(row and row["lacks"])
