"""What is asked of registrations: a page of them, how many there are, and how often an address was asked lately."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from showfloor.events.invitations.domain.invitation import Status
from showfloor.eventstore.query import Database

_PAGE: Final = """
SELECT invitation_id, email, status, requested_at FROM invitation
WHERE event_id = %(event)s AND (%(after)s::uuid IS NULL OR invitation_id > %(after)s::uuid)
ORDER BY event_id, invitation_id LIMIT %(limit)s"""
_COUNTS: Final = "SELECT status, count(*) AS n FROM invitation WHERE event_id = %s GROUP BY status"
_ASKED: Final = """
SELECT count(*) AS n FROM invitation WHERE contact = %s AND requested_at > %s"""


class InvitationRow(msgspec.Struct, frozen=True):
    """A registration; the address is sealed."""

    invitation_id: UUID
    email: str
    status: Status
    requested_at: datetime


async def list_invitations(
    database: Database, event_id: UUID, after: UUID | None, limit: int
) -> Sequence[InvitationRow]:
    """Return a page of an event's registrations."""
    return await database.fetch(_PAGE, {"event": event_id, "after": after, "limit": limit}, into=InvitationRow)


async def count_invitations(database: Database, event_id: UUID) -> dict[str, int]:
    """Return how many registrations there are of each status."""
    return {row["status"]: row["n"] for row in await database.fetch(_COUNTS, [event_id])}


async def count_asked(database: Database, contact: str, since: datetime) -> int:
    """Return how many registrations of an address were asked for, whatever became of them."""
    row = await database.fetch_one(_ASKED, [contact, since])
    return int(row["n"]) if row else 0
