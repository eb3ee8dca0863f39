"""The erasable table of viewers' display names. Only edges read and write it; events never hold a name."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from showfloor.eventstore.query import Database

ERASED = "viewer"  # shown for a name that is not known, or no longer
HOST = "host"  # shown for whoever writes on the host's side
SEEN_EVERY: Final = 86_400.0  # seconds between two notes that a name is still in use
MAX_KNOWN: Final = 50_000
_SLICE: Final = 10_000  # rows in one statement: it must end within the time that a statement has

_KEEP = f"""
INSERT INTO viewer_name AS kept (account_id, viewer_ref, display_name)
SELECT %s, * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (account_id, viewer_ref) DO UPDATE SET display_name = EXCLUDED.display_name, seen_at = now()
WHERE kept.display_name <> EXCLUDED.display_name OR kept.seen_at < now() - interval '{SEEN_EVERY} seconds'
RETURNING 1"""  # noqa: S608 - a constant

_FIND = "SELECT viewer_ref, display_name FROM viewer_name WHERE account_id = %s AND viewer_ref = ANY(%s)"

# Safe: no fact holds a name; who comes again tells theirs again.
_FORGET = f"""
DELETE FROM viewer_name USING (SELECT account_id, viewer_ref FROM viewer_name WHERE seen_at < %s LIMIT {_SLICE}) AS old
WHERE (viewer_name.account_id, viewer_name.viewer_ref) = (old.account_id, old.viewer_ref) RETURNING 1"""  # noqa: S608


class ViewerNames:
    """Names by account and viewer reference. Each is written when it is new, changes, or was not seen for a day."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[UUID, str], tuple[str, float]] = {}  # name, and when this process wrote it

    async def keep(self, account_id: UUID, names: Mapping[str, str]) -> None:
        """Remember the names of viewers, by reference, in one statement. Empty names are left out."""
        now = time.monotonic()
        given = sorted((ref, name) for ref, name in names.items() if ref and name and self._news(account_id, ref, name))
        if not given:
            return
        await self._database.fetch(_KEEP, (account_id, [ref for ref, _ in given], [name for _, name in given]))
        if len(self._known) + len(given) > MAX_KNOWN:
            self._known.clear()
        self._known |= {(account_id, ref): (name, now) for ref, name in given}

    async def find(self, account_id: UUID, refs: Sequence[str]) -> dict[str, str]:
        """Return the known names of these viewers."""
        rows = await self._database.fetch(_FIND, (account_id, list(refs)))
        return {row["viewer_ref"]: row["display_name"] for row in rows}

    async def forget(self, before: datetime) -> None:
        """Erase the names of viewers who were not seen since `before`."""
        while len(await self._database.fetch(_FORGET, [before])) == _SLICE:
            pass

    def _news(self, account_id: UUID, ref: str, name: str) -> bool:
        known, at = self._known.get((account_id, ref), ("", 0.0))
        return known != name or time.monotonic() - at >= SEEN_EVERY
