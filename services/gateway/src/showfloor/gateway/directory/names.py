"""Names of accounts and creators lie sealed: they are opened here, and searched and sorted once they are clear."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from showfloor.eventstore.store import Store
from showfloor.gateway.directory.views.people import LIMIT
from showfloor.kernel.fold import fold

Rows = list[dict[str, Any]]


async def open_names(store: Store, rows: Sequence[dict[str, Any]], field: str = "name") -> None:
    """Put names in place of sealed ones; ERASED where somebody was erased. A row may have none."""
    named = [row for row in rows if row[field] is not None]
    for row, name in zip(named, await store.clear([row[field] for row in named]), strict=True):
        row[field] = name


async def first_by_name(store: Store, pages: AsyncIterator[Rows], key: str, query: str = "") -> Rows:
    """Return the first LIMIT rows by name, then by their key; with `query`, of those whose name holds this text,
    whatever its case and accents."""
    wanted, kept = fold(query), Rows()
    async for page in pages:
        await open_names(store, page)
        kept += [row for row in page if wanted in fold(row["name"])] if wanted else page
        kept.sort(key=lambda row: (row["name"], row[key]))
        del kept[LIMIT:]
    return kept
