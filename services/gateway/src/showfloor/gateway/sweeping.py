"""Deletes expired rows of the gateway's own tables, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from showfloor.eventstore.query import Database
from showfloor.observability.logging import get_logger

EVERY = 600.0  # seconds between rounds
SLICE = 10_000  # rows in one statement: far fewer than its time limit allows

log = get_logger(__name__)


async def sweep(database: Database, table: str, column: str, before: datetime | None = None) -> None:
    """Delete the rows of a table whose time in `column`, which an index holds, lies before a moment: None is now.

    Raises Refusal UNAVAILABLE; rows deleted until then stay deleted. Safe: the tables hold sign-ins, links and kept
    answers, each with its own time of expiry; no event stands in one.
    """
    # The condition stands twice, because a row may be renewed after it was chosen.
    sql = f"""
WITH gone AS (
    DELETE FROM {table} WHERE {column} < coalesce(%(before)s::timestamptz, now()) AND ctid = ANY(ARRAY(
        SELECT ctid FROM {table} WHERE {column} < coalesce(%(before)s::timestamptz, now()) LIMIT %(most)s))
    RETURNING 1)
SELECT 1 FROM gone"""  # noqa: S608 - names of ours
    while len(await database.fetch(sql, {"before": before, "most": SLICE})) == SLICE:
        pass


async def sweeping(what: str, work: Callable[[], Awaitable[None]], every: float = EVERY) -> None:
    """Sweep now and every so many seconds. A failure is logged, and the next round goes on."""
    while True:
        try:
            await work()
        except Exception as error:
            log.warning("sweeping failed", of=what, error=repr(error))
        await asyncio.sleep(every)
