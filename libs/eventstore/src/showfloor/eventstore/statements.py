"""SQL with its data, as a view's `evolve` or a subscription's handler returns it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement, executed once, once per row, or once with whole columns.

    `rows`: the statement runs for each row, pipelined. `columns`: it runs once, each column one array
    parameter, as in `INSERT INTO t SELECT * FROM unnest(%s::uuid[], %s::bigint[])`: the fast lane. There,
    one key may be touched once per statement, so sum up in Python first. Neither: it runs once, bare.
    """

    sql: str
    rows: Sequence[Sequence[Any]] = ()
    columns: Sequence[Sequence[Any]] = ()


def run(connection: psycopg.Connection[Any], statements: Iterable[Statement]) -> None:
    """Execute statements in order, inside the caller's transaction."""
    with connection.cursor() as cursor:
        for statement in statements:
            if statement.rows:
                cursor.executemany(statement.sql, statement.rows)
            else:
                cursor.execute(statement.sql, _arrays(statement), prepare=bool(statement.columns) or None)


async def run_async(connection: psycopg.AsyncConnection[Any], statements: Iterable[Statement]) -> None:
    """Execute statements in order, inside the caller's transaction."""
    async with connection.cursor() as cursor:
        for statement in statements:
            if statement.rows:
                await cursor.executemany(statement.sql, statement.rows)
            else:
                await cursor.execute(statement.sql, _arrays(statement), prepare=bool(statement.columns) or None)


def _arrays(statement: Statement) -> list[list[Any]] | None:
    return [list(column) for column in statement.columns] or None
