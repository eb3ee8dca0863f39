"""Every "no" of a show, one function per reason of session_errors.proto that a rule can give."""

from datetime import datetime
from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind

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


def session_not_prepared(session_id: UUID, state: str) -> Refusal:
    text = f"This needs a session that is prepared and never was on air; the session is {state}."
    return Refusal(_WRONG_STATE, "SESSION_NOT_PREPARED", text, {"session_id": str(session_id), "state": state})


def too_early(session_id: UUID, not_before: datetime) -> Refusal:
    text = f"Its LIVE event starts at {not_before.isoformat()}: until then only practice is possible."
    details = {"session_id": str(session_id), "not_before_time": not_before.isoformat()}
    return Refusal(_WRONG_STATE, "TOO_EARLY", text, details)


def belongs_to_event(session_id: UUID, event_id: UUID) -> Refusal:
    text = "The session was prepared for a LIVE event and goes with it: delete the event."
    details = {"session_id": str(session_id), "event_id": str(event_id)}
    return Refusal(_WRONG_STATE, "BELONGS_TO_EVENT", text, details)


def session_running(session_id: UUID) -> Refusal:
    text = "The session has not ended yet: end it first."
    return Refusal(_WRONG_STATE, "SESSION_RUNNING", text, {"session_id": str(session_id)})


def imported(session_id: UUID) -> Refusal:
    text = "An imported session has totals only: it cannot be changed or watched."
    return Refusal(_WRONG_STATE, "IMPORTED", text, {"session_id": str(session_id)})


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


def request_id_reused(request_id: str) -> Refusal:
    text = "This id was used before for something else: choose a new one."
    return Refusal(_CONFLICT, "REQUEST_ID_REUSED", text, {"request_id": request_id})


def outside_session(field: str) -> Refusal:
    text = f"{field}: the time must lie inside the session."
    return Refusal(_INVALID, "OUTSIDE_SESSION", text, {"field": field})


def end_too_early(earliest: datetime) -> Refusal:
    text = f"end_time: something happened in the LIVE after that; it can end at {earliest.isoformat()} or later."
    details = {"field": "end_time", "earliest_end_time": earliest.isoformat()}
    return Refusal(_WRONG_STATE, "END_TOO_EARLY", text, details)


def in_the_future(field: str) -> Refusal:
    return Refusal(_INVALID, "IN_THE_FUTURE", f"{field}: the time must not lie in the future.", {"field": field})


def detail_expired(session_id: UUID) -> Refusal:
    text = "The session's details have expired: only the totals of its day are kept."
    return Refusal(_WRONG_STATE, "DETAIL_EXPIRED", text, {"session_id": str(session_id)})


def replay_expired(expired: datetime | None) -> Refusal:
    text = "There is no replay: none was recorded." if expired is None else "The replay has expired."
    details = {"expired_time": expired.isoformat()} if expired else {}
    return Refusal(_NOT_FOUND, "REPLAY_EXPIRED", text, details)
