"""What may be imported: a past session once for a shop, and corrections of it; a file once."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id
from showfloor.session.imports.domain import refusals
from showfloor.session.imports.domain.imported_file import ImportApplied, ImportedFile
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_events import SessionCorrected, SessionImported
from showfloor.session.show.domain.session_rules import Command
from showfloor.session.show.domain.totals import totals_of


class ImportSession(Command, frozen=True, kw_only=True):
    """A past session as its source tells it. `correct`: it may say otherwise than it did before."""

    event: SessionImported
    correct: bool = False


class ApplyImport(msgspec.Struct, frozen=True, kw_only=True):
    """Note that a file was kept: so many rows that were new, changed, and already as the file has them."""

    import_id: UUID
    shop_id: UUID
    kind: str  # "catalogue" or "history"
    created: int
    changed: int
    unchanged: int
    now: Aside[datetime]


def import_stream(shop_id: UUID, reference: str) -> UUID:
    """Return the session that a reference names in a shop, whoever its host is: one of a shop cannot be two."""
    return derive_id(shop_id, "import", reference)


def import_session(state: Session, command: ImportSession) -> list[Event]:
    """Keep a past session as totals, or put them right. As they are: nothing to do.

    Raises REFERENCE_TAKEN for another host, DIFFERENT_TOTALS for other totals that are not meant as a correction.
    """
    told = command.event
    if state.status == "none":
        return [told]
    if state.account_id != told.account_id:
        raise refusals.reference_taken(told.reference, state.account_id)
    after = totals_of(told)
    assert state.totals is not None, "a session that was not imported cannot have this id"
    if state.totals == after:
        return []
    if not command.correct:
        raise refusals.different_totals(told.reference, state.totals, after)
    return [
        SessionCorrected(
            at=command.now,
            session_id=state.session_id,
            account_id=state.account_id,
            shop_id=state.shop_id,
            currency=state.currency,
            reference=told.reference,
            before=state.totals,
            after=after,
        )
    ]


def apply_import(state: ImportedFile, command: ApplyImport) -> list[Event]:
    """Note that a file was kept, once. A second time is refused, so that nothing of it is done again later on."""
    if state.applied_at is not None:
        raise refusals.import_wrong_state(command.import_id, "applied")
    applied = ImportApplied(
        at=command.now,
        import_id=command.import_id,
        shop_id=command.shop_id,
        kind=command.kind,
        created=command.created,
        changed=command.changed,
        unchanged=command.unchanged,
    )
    return [applied]
