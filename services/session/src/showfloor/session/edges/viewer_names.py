"""The erasable table of viewers' display names. Only edges read and write it; events never hold a name."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from showfloor.eventstore.query import Database

ERASED = "viewer"  # shown for a name that is not known, or no longer
HOST = "host"  # shown for whoever writes on the host's side

_KEEP = """
INSERT INTO viewer_name (account_id, viewer_ref, display_name)
SELECT %s, * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (account_id, viewer_ref) DO UPDATE SET display_name = EXCLUDED.display_name, seen_at = now()
WHERE viewer_name.display_name <> EXCLUDED.display_name"""

_FIND = "SELECT viewer_ref, display_name FROM viewer_name WHERE account_id = %s AND viewer_ref = ANY(%s)"


class ViewerNames:
    """Names by account and viewer reference."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, account_id: UUID, names: Mapping[str, str]) -> None:
        """Remember the names of viewers, by reference, in one statement. Empty names are left out."""
        given = sorted((ref, name) for ref, name in names.items() if ref and name)
        if not given:
            return
        async with self._database.transaction() as connection:
            await connection.execute(_KEEP, (account_id, [ref for ref, _ in given], [name for _, name in given]))

    async def find(self, account_id: UUID, refs: Sequence[str]) -> dict[str, str]:
        """Return the known names of these viewers."""
        rows = await self._database.fetch(_FIND, (account_id, list(refs)))
        return {row["viewer_ref"]: row["display_name"] for row in rows}
