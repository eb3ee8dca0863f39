"""Logs what is done by grants: calls that only a grant allowed, in the service's own database.

A change is logged before it is done. What only reads costs its caller nothing: it is gathered, and written every
second.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from showfloor.access.membership.relations import Use
from showfloor.eventstore.query import Database
from showfloor.kernel.clock import Clock
from showfloor.kernel.refusal import Refusal

SCHEMA: Final = "grant_log"
DDL: Final = """
CREATE TABLE grant_use ( -- calls of one minute that are alike are one row
    grant_id uuid, minute timestamptz, subject text, action text, thing text, use_id uuid NOT NULL DEFAULT uuidv7(),
    first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, calls bigint NOT NULL,
    PRIMARY KEY (grant_id, minute, subject, action, thing));
CREATE INDEX grant_use_first ON grant_use (grant_id, first_at, use_id);
CREATE INDEX grant_use_last ON grant_use (last_at);
"""
EVERY_S: Final = 1.0
MOST: Final = 5_000  # rows that wait; beyond, whoever reads waits until they are written
KEPT: Final = timedelta(days=365)
SWEEP_EVERY_S: Final = 3_600.0

_WRITE = """
INSERT INTO grant_log.grant_use (grant_id, minute, subject, action, thing, first_at, last_at, calls)
SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
    %s::timestamptz[], %s::bigint[])
ON CONFLICT (grant_id, minute, subject, action, thing) DO UPDATE SET
    calls = grant_use.calls + EXCLUDED.calls, last_at = greatest(grant_use.last_at, EXCLUDED.last_at)
RETURNING 1"""
_LIST = """
SELECT use_id, subject, action, thing, first_at, last_at, calls FROM grant_log.grant_use
WHERE grant_id = %(grant)s AND (first_at, use_id) < (coalesce(%(before)s::timestamptz, 'infinity'),
    coalesce(%(before_id)s::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
ORDER BY first_at DESC, use_id DESC LIMIT %(limit)s"""

_Key = tuple[str, datetime, str, str, str]
_Calls = tuple[datetime, datetime, int]  # the first, the last, how many


class GrantUses:
    """The log of one process; replicas write the same rows. `changing`: the actions that are logged before they are
    done."""

    def __init__(self, database: Database, clock: Clock, changing: Collection[str] = ()) -> None:
        self.changing = changing
        self._database, self._clock = database, clock
        self._waiting: dict[_Key, _Calls] = {}
        self._writing = asyncio.Lock()

    async def note(self, use: Use) -> None:
        """Log a use; one that changes something is written on return. Raises Refusal UNAVAILABLE."""
        now = self._clock()
        minute = now.replace(second=0, microsecond=0)
        self._add((use.grant_id, minute, use.subject, use.action, use.thing), (now, now, 1))
        if use.action in self.changing or len(self._waiting) > MOST:
            await self.written()

    async def written(self) -> None:
        """Return once everything noted so far is in the database. Raises Refusal UNAVAILABLE: then it still waits."""
        async with self._writing:  # whoever waits for another's writing has been written with it, or is now
            taken, self._waiting = self._waiting, {}
            if not taken:
                return
            rows = [(*key, *calls) for key, calls in taken.items()]
            try:
                await self._database.fetch(_WRITE, [list(column) for column in zip(*rows, strict=True)])
            except BaseException:
                for key, calls in taken.items():
                    self._add(key, calls)
                raise

    async def page(
        self, grant_id: UUID, limit: int, before: datetime | None = None, before_id: UUID | None = None
    ) -> list[dict[str, Any]]:
        """Return what was done by a grant, the newest first, what this process has noted with it."""
        await self.written()
        values = {"grant": grant_id, "before": before, "before_id": before_id, "limit": limit}
        return await self._database.fetch(_LIST, values)

    async def run(self) -> None:
        """Write what is gathered, and forget what is too old, for ever."""
        loop = asyncio.get_running_loop()
        swept = loop.time()
        while True:
            await asyncio.sleep(EVERY_S)
            with suppress(Refusal):  # the database is away: it is tried again, and changes are refused meanwhile
                await self.written()
                if loop.time() - swept > SWEEP_EVERY_S:
                    swept = loop.time()
                    # Safe: these rows are of grants that ended long ago, as a grant holds 90 days.
                    sql = "DELETE FROM grant_log.grant_use WHERE last_at < %s RETURNING 1"
                    await self._database.fetch(sql, (self._clock() - KEPT,))

    async def close(self) -> None:
        """Write what is gathered, if the database is there."""
        with suppress(Refusal):
            await self.written()

    def _add(self, key: _Key, calls: _Calls) -> None:
        first, last, count = self._waiting.get(key, (calls[0], calls[1], 0))
        self._waiting[key] = (min(first, calls[0]), max(last, calls[1]), count + calls[2])
