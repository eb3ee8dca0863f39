"""What the outbox asks of the tables."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from showfloor.events.invitations.domain.guest_list import News
from showfloor.events.invitations.processes.outbox import Notice
from showfloor.eventstore.query import Database

_NOTICES: Final = "SELECT event_id, kind, number FROM notice ORDER BY position LIMIT %s"
_GUESTS: Final = """
SELECT invitation_id FROM invitation
WHERE event_id = %(event)s AND status = 'confirmed' AND (%(after)s::uuid IS NULL OR invitation_id > %(after)s::uuid)
ORDER BY event_id, status, invitation_id LIMIT %(limit)s"""
_WAITING: Final = """
SELECT invitation_id FROM invitation_outbox WHERE %(after)s::uuid IS NULL OR invitation_id > %(after)s::uuid
ORDER BY invitation_id LIMIT %(limit)s"""


class _Notice(msgspec.Struct):
    event_id: UUID
    kind: News
    number: int


class OutboxTables:
    """See `processes.outbox.Tables`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def notices(self, limit: int) -> Sequence[Notice]:
        rows = await self._database.fetch(_NOTICES, [limit], into=_Notice)
        return [Notice(row.event_id, row.kind, row.number) for row in rows]

    async def guests(self, event_id: UUID, after: UUID | None, limit: int) -> Sequence[UUID]:
        return await self._ids(_GUESTS, {"event": event_id, "after": after, "limit": limit})

    async def waiting(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        return await self._ids(_WAITING, {"after": after, "limit": limit})

    async def _ids(self, sql: str, params: dict[str, object]) -> Sequence[UUID]:
        return [row["invitation_id"] for row in await self._database.fetch(sql, params)]
