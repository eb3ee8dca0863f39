"""What is asked of the activity feed."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.activity.views.activity_feed import KINDS, ActivityRow


class WantedLines(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines. `after`: oldest first from there; `before` with `newest_first`: backwards (0: the end)."""

    session_id: UUID
    kinds: Sequence[str] = KINDS
    after: int = 0
    newest_first: bool = False
    before: int = 0
    limit: int = 50
    with_practice: bool = True


_WHERE = """
SELECT * FROM activity WHERE session_id = %(session_id)s AND kind = ANY(%(kinds)s)
AND (%(with_practice)s OR NOT practice)"""
_FORWARD = f"{_WHERE} AND position > %(after)s ORDER BY position LIMIT %(limit)s"
_BACKWARD = f"""{_WHERE} AND (%(before)s = 0 OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s"""


async def list_lines(database: Database, wanted: WantedLines) -> list[ActivityRow]:
    """Return lines of the feed in the order asked for."""
    sql = _BACKWARD if wanted.newest_first else _FORWARD
    return await database.fetch(sql, msgspec.structs.asdict(wanted), into=ActivityRow)
