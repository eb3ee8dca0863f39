"""The erasable table of viewers' display names, sealed. Only edges read and write it; events never hold a name."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from showfloor.eventstore.keyring import Keyring, KeyringAway, KeysDestroyed
from showfloor.eventstore.query import Database
from showfloor.kernel.personal import Whose
from showfloor.kernel.refusal import Refusal, RefusalKind

T = TypeVar("T")

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

# Safe: no fact holds a name; who comes again tells theirs again.
_FORGET = f"""
DELETE FROM viewer_name USING (SELECT account_id, viewer_ref FROM viewer_name WHERE seen_at < %s LIMIT {_SLICE}) AS old
WHERE (viewer_name.account_id, viewer_name.viewer_ref) = (old.account_id, old.viewer_ref)
RETURNING viewer_name.account_id, viewer_name.viewer_ref"""  # noqa: S608


class ViewerNames:
    """Names by account and viewer reference. Each is written when it is new to this process, changes, or was not seen
    for a day."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring
        self._known: dict[tuple[UUID, str], tuple[str, float]] = {}  # name, and when this process wrote it

    async def keep(self, account_id: UUID, names: Mapping[str, str]) -> None:
        """Remember the names of viewers, by reference, in one statement. Empty names are left out."""
        now = time.monotonic()
        given = sorted((ref, name) for ref, name in names.items() if ref and name and self._news(account_id, ref, name))
        if not given:
            return
        sealed = await self._guarded(lambda: self._seal(account_id, given))
        await self._database.fetch(_KEEP, (account_id, [ref for ref, _ in given], sealed))
        if len(self._known) + len(given) > MAX_KNOWN:
            self._known.clear()
        self._known |= {(account_id, ref): (name, now) for ref, name in given}

    async def find(self, account_id: UUID, refs: Sequence[str]) -> dict[str, str]:
        """Return the known names of these viewers."""
        rows = await self._database.fetch(_FIND, (account_id, list(refs)))
        opened = await self._guarded(lambda: self._keyring.open([row["display_name"] for row in rows]))
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
            await self._guarded(lambda: self._keyring.destroy(scope=SCOPE, subjects=subjects))  # noqa: B023 - awaited here

    def _seal(self, account_id: UUID, given: Iterable[tuple[str, str]]) -> list[str]:
        sealed = [self._keyring.seal(_whose(account_id, ref), name) for ref, name in given]
        with suppress(KeysDestroyed):  # of another viewer; one of these would be erased in this moment
            self._keyring.keep()
        return sealed

    async def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except KeyringAway as away:
            message = "the keys of names cannot be reached; try again later"
            raise Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", message) from away

    def _news(self, account_id: UUID, ref: str, name: str) -> bool:
        known, at = self._known.get((account_id, ref), ("", 0.0))
        return known != name or time.monotonic() - at >= SEEN_EVERY


def _whose(account_id: UUID, ref: str) -> Whose:
    """A viewer is the same subject here as in what they wrote."""
    return Whose(SCOPE, f"{account_id}/{ref}")
