"""Every "no" of imports, one function per reason of session_errors.proto."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.show.domain.totals import Totals, differences

_NOT_FOUND, _WRONG_STATE, _CONFLICT = RefusalKind.NOT_FOUND, RefusalKind.WRONG_STATE, RefusalKind.CONFLICT


def reference_taken(reference: str, account_id: UUID) -> Refusal:
    text = "Another account of this shop has a session of this reference: one session cannot be two."
    return Refusal(_CONFLICT, "REFERENCE_TAKEN", text, {"reference": reference, "account_id": str(account_id)})


def different_totals(reference: str, before: Totals, after: Totals) -> Refusal:
    names = ", ".join(name for name, _, _ in differences(before, after))
    text = f"It was imported before with another {names}: if this puts it right, import it as a correction."
    return Refusal(_CONFLICT, "DIFFERENT_TOTALS", text, {"reference": reference, "differs": names})


def import_not_found(import_id: UUID) -> Refusal:
    text = "There is no such import, or it is not yours; reports go after 30 days."
    return Refusal(_NOT_FOUND, "IMPORT_NOT_FOUND", text, {"import_id": str(import_id)})


def import_running(import_id: UUID) -> Refusal:
    text = "Another import of this shop is under way: wait until it is through, then try again."
    return Refusal(_CONFLICT, "IMPORT_RUNNING", text, {"import_id": str(import_id), "retry_after_s": "2"})


def import_wrong_state(import_id: UUID, state: str) -> Refusal:
    text = f"The import is {state}: this is not possible."
    return Refusal(_WRONG_STATE, "IMPORT_WRONG_STATE", text, {"import_id": str(import_id), "state": state})


def import_stale(import_id: UUID) -> Refusal:
    text = "What it would change has changed since it was checked. It was checked again: look at it, then apply it."
    return Refusal(_CONFLICT, "IMPORT_STALE", text, {"import_id": str(import_id)})


def correction_needed(import_id: UUID, changed: int) -> Refusal:
    text = f"{changed} sessions are there with other totals: apply it as a correction, or leave it."
    details = {"import_id": str(import_id), "changed": str(changed)}
    return Refusal(_WRONG_STATE, "CORRECTION_NEEDED", text, details)
