"""Every "no" of the session service, one function per reason of session_errors.proto that a rule can give."""

from datetime import datetime
from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.domain.totals import Totals, differences

_NOT_FOUND, _WRONG_STATE = RefusalKind.NOT_FOUND, RefusalKind.WRONG_STATE
_CONFLICT, _LIMIT, _INVALID = RefusalKind.CONFLICT, RefusalKind.LIMIT, RefusalKind.INVALID


def session_not_found(session_id: UUID) -> Refusal:
    text = "There is no such session, or it is not yours."
    return Refusal(_NOT_FOUND, "SESSION_NOT_FOUND", text, {"session_id": str(session_id)})


def session_ended(session_id: UUID) -> Refusal:
    text = "The session has ended: it and its settings are read-only."
    return Refusal(_WRONG_STATE, "SESSION_ENDED", text, {"session_id": str(session_id)})


def session_not_live(session_id: UUID, state: str) -> Refusal:
    text = f"This needs a running LIVE; the session is {state}."
    return Refusal(_WRONG_STATE, "SESSION_NOT_LIVE", text, {"session_id": str(session_id), "state": state})


def another_live_running(running_session_id: UUID) -> Refusal:
    text = "Another LIVE of this account is running: end it first."
    details = {"running_session_id": str(running_session_id)}
    return Refusal(_WRONG_STATE, "ANOTHER_LIVE_RUNNING", text, details)


def not_practising(session_id: UUID, state: str) -> Refusal:
    text = f"Practice mode is not on; the session is {state}."
    return Refusal(_WRONG_STATE, "NOT_PRACTISING", text, {"session_id": str(session_id), "state": state})


def already_live(session_id: UUID) -> Refusal:
    text = "The session is on air: practice is not possible."
    return Refusal(_WRONG_STATE, "ALREADY_LIVE", text, {"session_id": str(session_id)})


def session_running(session_id: UUID) -> Refusal:
    text = "The session has not ended yet: end it first."
    return Refusal(_WRONG_STATE, "SESSION_RUNNING", text, {"session_id": str(session_id)})


def imported(session_id: UUID) -> Refusal:
    text = "An imported session has totals only: it cannot be changed or watched."
    return Refusal(_WRONG_STATE, "IMPORTED", text, {"session_id": str(session_id)})


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


def bag_full(limit: int, would_be: int) -> Refusal:
    text = f"The bag would hold {would_be} products, {limit} are allowed: nothing was added."
    return Refusal(_LIMIT, "BAG_FULL", text, {"limit": str(limit), "would_be": str(would_be)})


def too_many(field: str, limit: int) -> Refusal:
    text = f"There are {limit} {field} already, and no more may come."
    return Refusal(_LIMIT, "TOO_MANY", text, {"field": field, "limit": str(limit)})


def not_in_bag(product_id: UUID) -> Refusal:
    text = "The product is not in the bag: add it first."
    return Refusal(_WRONG_STATE, "NOT_IN_BAG", text, {"product_id": str(product_id)})


def number_out_of_range(number: int, bag_size: int) -> Refusal:
    text = f"The order number must be from 1 to {bag_size}."
    details = {"number": str(number), "bag_size": str(bag_size)}
    return Refusal(_INVALID, "NUMBER_OUT_OF_RANGE", text, details)


def product_not_found(*, product_id: UUID | None = None, reference: str = "") -> Refusal:
    details = {"product_id": str(product_id)} if product_id else {"reference": reference}
    text = "There is no such product in the catalogue, or it is not yours."
    return Refusal(_NOT_FOUND, "PRODUCT_NOT_FOUND", text, details)


def product_set_not_found(product_set_id: str) -> Refusal:
    text = "There is no such product set, or it is not yours."
    return Refusal(_NOT_FOUND, "PRODUCT_SET_NOT_FOUND", text, {"product_set_id": product_set_id})


def comment_not_found(comment_id: UUID) -> Refusal:
    text = "There is no such comment in this session."
    return Refusal(_NOT_FOUND, "COMMENT_NOT_FOUND", text, {"comment_id": str(comment_id)})


def order_not_found(order_id: UUID) -> Refusal:
    text = "There is no such order, or it is not yours."
    return Refusal(_NOT_FOUND, "ORDER_NOT_FOUND", text, {"order_id": str(order_id)})


def order_wrong_state(order_id: UUID, state: str) -> Refusal:
    text = f"The order is {state}: this is not possible."
    return Refusal(_WRONG_STATE, "ORDER_WRONG_STATE", text, {"order_id": str(order_id), "state": state})


def reservation_expired(order_id: UUID, expired: datetime | None) -> Refusal:
    text = "The time to pay this order is over: place it again."
    details = {"order_id": str(order_id)} | ({"expired_time": expired.isoformat()} if expired else {})
    return Refusal(_WRONG_STATE, "RESERVATION_EXPIRED", text, details)


def test_checkout_off() -> Refusal:
    text = "There is no test checkout here: the shop's own checkout says what was paid."
    return Refusal(_NOT_FOUND, "TEST_CHECKOUT_OFF", text)


def refund_too_large(refundable: int) -> Refusal:
    text = f"At most {refundable} minor units are left to pay back."
    return Refusal(_WRONG_STATE, "REFUND_TOO_LARGE", text, {"refundable": str(refundable)})


def wrong_currency(currency: str, expected: str, field: str) -> Refusal:
    text = f"{field}: the shop's currency is {expected}, not {currency or 'empty'}."
    details = {"currency": currency, "expected": expected, "field": field}
    return Refusal(_INVALID, "WRONG_CURRENCY", text, details)


def request_id_reused(request_id: str) -> Refusal:
    text = "This id was used before for something else: choose a new one."
    return Refusal(_CONFLICT, "REQUEST_ID_REUSED", text, {"request_id": request_id})


def version_conflict(expected: int, version: int) -> Refusal:
    text = "Somebody changed it first: read it again and retry."
    details = {"expected_version": str(expected), "version": str(version)}
    return Refusal(_CONFLICT, "VERSION_CONFLICT", text, details)


def outside_session(field: str) -> Refusal:
    text = f"{field}: the time must lie inside the session."
    return Refusal(_INVALID, "OUTSIDE_SESSION", text, {"field": field})


def end_too_early(earliest: datetime) -> Refusal:
    text = f"end_time: something happened in the LIVE after that; it can end at {earliest.isoformat()} or later."
    details = {"field": "end_time", "earliest_end_time": earliest.isoformat()}
    return Refusal(_WRONG_STATE, "END_TOO_EARLY", text, details)


def attribution_over(field: str, latest: datetime) -> Refusal:
    text = f"{field}: too long after the session's end to count for it; the latest is {latest.isoformat()}."
    return Refusal(_INVALID, "OUTSIDE_SESSION", text, {"field": field, "latest_time": latest.isoformat()})


def in_the_future(field: str) -> Refusal:
    return Refusal(_INVALID, "IN_THE_FUTURE", f"{field}: the time must not lie in the future.", {"field": field})


def detail_expired(session_id: UUID) -> Refusal:
    text = "The session's details have expired: only the totals of its day are kept."
    return Refusal(_WRONG_STATE, "DETAIL_EXPIRED", text, {"session_id": str(session_id)})


def replay_expired(expired: datetime | None) -> Refusal:
    text = "There is no replay: none was recorded." if expired is None else "The replay has expired."
    details = {"expired_time": expired.isoformat()} if expired else {}
    return Refusal(_NOT_FOUND, "REPLAY_EXPIRED", text, details)
