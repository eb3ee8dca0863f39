"""A file that was imported: one event in the transaction that kept all of it, so that the log says whether it was."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event


class ImportApplied(Event, frozen=True, kw_only=True):
    """All of a file was kept: so many rows that were new, changed, and already as the file has them."""

    TOPIC: ClassVar[str] = "import.applied"

    import_id: UUID
    shop_id: UUID
    kind: str  # "catalogue" or "history"
    created: int
    changed: int
    unchanged: int


class ImportedFile(msgspec.Struct, frozen=True):
    """The state of an import in the log: nothing until it was applied."""

    applied_at: datetime | None = None
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def evolve(state: ImportedFile, event: Event) -> ImportedFile:
    """Return the import after the event."""
    assert isinstance(event, ImportApplied)
    return msgspec.structs.replace(
        state, applied_at=event.at, created=event.created, changed=event.changed, unchanged=event.unchanged
    )


IMPORTED_FILE: Decider[ImportedFile] = Decider(
    name="imported_file", state_type=ImportedFile, initial=ImportedFile, evolve=evolve, events=(ImportApplied,)
)
