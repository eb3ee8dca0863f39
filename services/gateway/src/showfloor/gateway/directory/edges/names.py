"""Opens the sealed names of accounts and creators."""

from collections.abc import Sequence
from typing import Any

from showfloor.eventstore.store import Store

Rows = list[dict[str, Any]]


async def open_names(store: Store, rows: Sequence[dict[str, Any]], field: str = "name") -> None:
    """Put names in place of sealed ones; ERASED when the key was destroyed. A row may have no name."""
    named = [row for row in rows if row[field] is not None]
    for row, name in zip(named, await store.clear([row[field] for row in named]), strict=True):
        row[field] = name
