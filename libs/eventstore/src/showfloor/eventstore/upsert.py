"""Builds the statements of views: whole columns at once, one row per key and page."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from showfloor.eventstore.statements import Statement


def insert(sql: str, rows: Iterable[Sequence[Any]]) -> list[Statement]:
    """Return the statement that gets all rows as columns; none when there are no rows."""
    columns = list(zip(*rows, strict=True))
    return [Statement(sql, columns=columns)] if columns else []


def keyed(sql: str, rows: Mapping[Hashable, Sequence[Any]]) -> list[Statement]:
    """Do the same for rows kept by key: each key comes once."""
    return insert(sql, rows.values())


def adding(table: str, keys: Mapping[str, str], sums: Sequence[str], newest: Sequence[str] = ()) -> str:
    """Return an upsert that adds bigint columns up. `keys`: column -> type. `newest`: columns that
    keep the greatest time that is known."""
    names = [*keys, *sums, *newest]
    types = [*keys.values(), *["bigint"] * len(sums), *["timestamptz"] * len(newest)]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    changes = [f"{name} = t.{name} + EXCLUDED.{name}" for name in sums]
    changes += [f"{name} = greatest(t.{name}, EXCLUDED.{name})" for name in newest]
    return (
        f"INSERT INTO {table} AS t ({', '.join(names)}) SELECT * FROM unnest({arrays})"  # noqa: S608 - constants
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changes)}"
    )
