"""Everything a service needs of PostgreSQL, opened and closed in the right order."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from showfloor.eventstore.definitions import KEEP
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.eventstore.store import Store
from showfloor.eventstore.tracking import PostgresTracking
from showfloor.eventstore.view import View
from showfloor.eventstore.views import Views
from showfloor.kernel.decider import Decider


@dataclass(frozen=True, slots=True)
class Runtime:
    """A service's log, views, reads and subscriptions' positions; and the keys for texts of tables of its own."""

    store: Store
    views: Views
    database: Database
    tracking: PostgresTracking
    sealing: Sealing


@asynccontextmanager
async def open_store(
    dsn: str,
    deciders: Iterable[Decider[Any]],
    views: Iterable[View] = (),
    *,
    keep: float = KEEP,
    keyring: Keyring | None = None,
    beside: Iterable[str] = (),
    **limits: Any,
) -> AsyncIterator[Runtime]:
    """Open a migrated database for a service; close all when the block ends. `limits` go to `Store`.

    `keep`: seconds for which tables of views stay that no process uses any more. `keyring`: as in `Store`.
    `beside`: schemas with tables that are no view, which questions may ask, too.

    Raises LogUnavailable when the database cannot be reached at the start; later outages heal.
    """
    async with AsyncExitStack() as stack:
        store = await asyncio.to_thread(Store.postgres, dsn, deciders, keyring=keyring, **limits)  # it connects
        stack.push_async_callback(store.close)
        followed = Views(dsn, store, views, keep)
        await followed.start()
        stack.push_async_callback(followed.close)
        database = Database(dsn, search_path=[*followed.schemas, *beside])
        await database.open()
        stack.push_async_callback(database.close)
        yield Runtime(store, followed, database, PostgresTracking(database), Sealing(store.keyring))
