"""The erasable table of viewers' display names, sealed. Only edges read and write it; events never hold a name."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.kernel.personal import Whose

SCOPE: Final = "viewer_name"
ERASED = "viewer"  # shown for a name that is not known, or no longer
HOST = "host"  # shown for whoever writes on the host's side
SEEN_EVERY: Final = 86_400.0  # seconds between two notes that a name is still in use
MAX_KNOWN: Final = 50_000
_SLICE: Final = 10_000  # rows in one statement: it must end within the time that a statement has

_KEEP = """
INSERT INTO viewer_name (account_id, viewer_ref, display_name)
SELECT %s, * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (account_id, viewer_ref) DO UPDATE SET display_name = EXCLUDED.display_name, seen_at = now()
RETURNING 1"""

_FIND = "SELECT viewer_ref, display_name FROM viewer_name WHERE account_id = %s AND viewer_ref = ANY(%s)"

_ERASE = "DELETE FROM viewer_name WHERE account_id = %s AND viewer_ref = %s RETURNING 1"

# Safe: no fact holds a name; who comes again tells theirs again.
_FORGET = f"""
DELETE FROM viewer_name USING (SELECT account_id, viewer_ref FROM viewer_name WHERE seen_at < %s LIMIT {_SLICE}) AS old
WHERE (viewer_name.account_id, viewer_name.viewer_ref) = (old.account_id, old.viewer_ref)
RETURNING viewer_name.account_id, viewer_name.viewer_ref"""  # noqa: S608


class ViewerNames:
    """Names by account and viewer reference. Each is written when it is new to this process, changes, or was not seen
    for a day."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database, self._sealing = database, sealing
        self._known: dict[tuple[UUID, str], tuple[str, float]] = {}  # name, and when this process wrote it

    async def keep(self, account_id: UUID, names: Mapping[str, str]) -> None:
        """Remember the names of viewers, by reference, in one statement. Empty names are left out."""
        now = time.monotonic()
        given = sorted((ref, name) for ref, name in names.items() if ref and name and self._news(account_id, ref, name))
        if not given:
            return
        sealed = await self._sealing.seal([(_whose(account_id, ref), name) for ref, name in given])
        await self._database.fetch(_KEEP, (account_id, [ref for ref, _ in given], sealed))
        if len(self._known) + len(given) > MAX_KNOWN:
            self._known.clear()
        self._known |= {(account_id, ref): (name, now) for ref, name in given}

    async def find(self, account_id: UUID, refs: Sequence[str]) -> dict[str, str]:
        """Return the known names of these viewers."""
        rows = await self._database.fetch(_FIND, (account_id, list(refs)))
        opened = await self._sealing.open([row["display_name"] for row in rows])
        return {row["viewer_ref"]: name for row, name in zip(rows, opened, strict=True) if name}

    async def authors(self, account_id: UUID, refs: Iterable[str]) -> dict[str, str]:
        """Return a name to show for each reference, in one query. No reference: the host's side."""
        wanted = sorted({ref for ref in refs if ref})
        found = await self.find(account_id, wanted) if wanted else {}
        return {"": HOST, **{ref: found.get(ref, ERASED) for ref in wanted}}

    async def forget(self, before: datetime) -> None:
        """Erase the names of viewers who were not seen since `before`."""
        while gone := await self._database.fetch(_FORGET, [before]):
            subjects = [_whose(row["account_id"], row["viewer_ref"]).subject for row in gone]
            await self._sealing.destroy(scope=SCOPE, subjects=subjects)

    async def erase(self, account_id: UUID, ref: str) -> int:
        """Make a viewer's name, and what they wrote in the account's LIVEs, unreadable; return how many keys went.

        Safe: it is asked for, of one viewer; facts know them by the reference, and keep it.
        """
        await self._database.fetch(_ERASE, (account_id, ref))
        self._known.pop((account_id, ref), None)
        return await self._sealing.destroy(subjects=[_whose(account_id, ref).subject])

    def _news(self, account_id: UUID, ref: str, name: str) -> bool:
        known, at = self._known.get((account_id, ref), ("", 0.0))
        return known != name or time.monotonic() - at >= SEEN_EVERY


def _whose(account_id: UUID, ref: str) -> Whose:
    """A viewer is the same subject here as in what they wrote."""
    return Whose(SCOPE, f"{account_id}/{ref}")
