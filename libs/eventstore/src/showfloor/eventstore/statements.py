"""SQL statements with their data, as a view's `evolve` or a subscription's handler returns them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.string import StrBinaryDumper


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement, executed once, once per row, or once with whole columns.

    `rows`: the statement runs for each row, pipelined. `columns`: it runs once, each column one array
    parameter, as in `UPDATE t SET n = v.n FROM unnest(%s::uuid[], %s::bigint[]) AS v (id, n) WHERE ...`. There,
    one key may be touched once per statement, so sum up in Python first. Neither: it runs once, bare.
    """

    sql: str
    rows: Sequence[Sequence[Any]] = ()
    columns: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """New whole rows of one table, which a rebuild sends by binary COPY.

    `types` names the types of all its columns in order. JSON comes as text.
    """

    table: str
    types: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def as_statement(self) -> Statement | None:
        """Return the same as an INSERT, which can share a round trip with other statements; None for no rows."""
        if not self.rows:
            return None
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types)
        sql = f"INSERT INTO {self.table} SELECT * FROM unnest({arrays})"  # noqa: S608 - constants of the view
        return Statement(sql, columns=tuple(zip(*self.rows, strict=True)))


Change = Statement | Append


class _JsonTextDumper(StrBinaryDumper):
    """Sends JSON that is text already."""

    oid = psycopg.adapters.types["jsonb"].oid

    def dump(self, obj: str) -> bytes:
        return b"\x01" + obj.encode()


@contextmanager
def one_round_trip(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Send what the block executes together with its commit; when any of it fails nothing of it stays."""
    try:
        with connection.pipeline():
            connection.execute("BEGIN")
            yield
            connection.execute("COMMIT")
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def run(connection: psycopg.Connection[Any], changes: Iterable[Change]) -> None:
    """Execute changes in order, inside the caller's transaction and pipeline."""
    with connection.cursor() as cursor:
        for change in changes:
            statement = change.as_statement() if isinstance(change, Append) else change
            if statement is None:
                continue
            if statement.rows:
                cursor.executemany(statement.sql, statement.rows)
            else:
                cursor.execute(statement.sql, _arrays(statement), prepare=bool(statement.columns) or None)


def run_bulk(connection: psycopg.Connection[Any], changes: Iterable[Change]) -> None:
    """Do the same for many rows, with COPY where it can be. Not inside a pipeline."""
    for change in changes:
        if isinstance(change, Append):
            _copy(connection, change)
        else:
            run(connection, [change])


async def run_async(connection: psycopg.AsyncConnection[Any], statements: Iterable[Statement]) -> None:
    """Execute statements in order, inside the caller's transaction."""
    async with connection.cursor() as cursor:
        for statement in statements:
            if statement.rows:
                await cursor.executemany(statement.sql, statement.rows)
            else:
                await cursor.execute(statement.sql, _arrays(statement), prepare=bool(statement.columns) or None)


def _copy(connection: psycopg.Connection[Any], new: Append) -> None:
    with connection.cursor() as cursor:
        cursor.adapters.register_dumper(None, _JsonTextDumper)
        with cursor.copy(f"COPY {new.table} FROM STDIN (FORMAT BINARY)") as stream:
            stream.set_types(new.types)
            for row in new.rows:
                stream.write_row(row)


def _arrays(statement: Statement) -> list[list[Any]] | None:
    return [list(column) for column in statement.columns] or None
