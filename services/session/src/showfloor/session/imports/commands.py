"""Importing: past sessions and products, all of them or none, in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.event import Meta
from showfloor.session.imports.domain import import_rules
from showfloor.session.imports.domain.import_rules import ApplyImport, ImportSession, import_stream
from showfloor.session.imports.domain.imported_file import IMPORTED_FILE
from showfloor.session.show.domain.session import SESSION, Session

PAGE = 500  # references of one question


class Held(Protocol):
    """An imported session, by the reference it has in its shop."""

    @property
    def reference(self) -> str: ...
    @property
    def session_id(self) -> UUID: ...
    @property
    def account_id(self) -> UUID: ...


Holders = Callable[[UUID, Sequence[str]], Awaitable[Sequence[Held]]]
"""(shop, references) -> the shop's imported sessions of these references, as far as a view knows."""


async def at_home(holders: Holders, rows: Sequence[ImportSession]) -> list[ImportSession]:
    """Return the rows of a shop, each naming the stream of its session.

    That is the stream of the shop's reference, so that the rule alone decides and two imports at once meet there. Only
    sessions of a time when references were told apart by account lie elsewhere. No new ones come, so a view that has
    read the log up to today knows them all.
    """
    if not rows:
        return []
    shop_id = rows[0].event.shop_id
    own = {row.event.reference: row.event.account_id for row in rows}
    older: dict[str, Held] = {}
    references = list(own)
    for start in range(0, len(references), PAGE):  # in pages: others have their turn on the event loop between them
        for held in await holders(shop_id, references[start : start + PAGE]):
            if held.session_id != import_stream(shop_id, held.reference):
                older[held.reference] = _first(held, older.get(held.reference), own)
    return [_moved(row, older[row.event.reference]) if row.event.reference in older else row for row in rows]


async def import_sessions(
    store: Store, holders: Holders, rows: Sequence[ImportSession], meta: Meta
) -> list[Outcome[Session]]:
    """Keep past sessions as totals, or put them right. Raises GroupRefused: REFERENCE_TAKEN, DIFFERENT_TOTALS."""
    return await store.execute_many([session_step(row) for row in await at_home(holders, rows)], meta)


async def apply_import(store: Store, steps: Sequence[Step], command: ApplyImport, meta: Meta) -> int | None:
    """Keep all that a file holds, and that it was kept. Return the position; None when it was kept before.

    Raises GroupRefused when a rule refuses a row, or a stream is not what it was when the file was checked.
    """
    last = Step(IMPORTED_FILE, command.import_id, import_rules.apply_import, command)
    try:
        # The last step is done once, and all with it: to remember each row would be as much again as the rows.
        return (await store.execute_many([*steps, last], meta, remember_as=""))[-1].position
    except GroupRefused as refused:
        if len(steps) in refused.refusals:
            return None
        raise


async def kept_at(store: Store, import_id: UUID) -> int:
    """Return the position at which a file was kept; 0 when it was not."""
    return (await store.load(IMPORTED_FILE, import_id)).position


def session_step(row: ImportSession) -> Step:
    """Return the step that imports a past session."""
    return Step(SESSION, row.session_id, import_rules.import_session, row)


def _first(held: Held, known: Held | None, own: Mapping[str, UUID]) -> Held:
    """Choose between two sessions of one reference, which an older import may have made: the row's own host's."""
    return held if known is None or held.account_id == own[held.reference] else known


def _moved(row: ImportSession, held: Held) -> ImportSession:
    event = msgspec.structs.replace(row.event, session_id=held.session_id)
    return msgspec.structs.replace(row, session_id=held.session_id, event=event)
