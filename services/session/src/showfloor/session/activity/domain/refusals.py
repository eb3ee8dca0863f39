"""Every "no" of what viewers do, one function per reason of session_errors.proto."""

from datetime import datetime
from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind

_NOT_FOUND, _WRONG_STATE, _INVALID = RefusalKind.NOT_FOUND, RefusalKind.WRONG_STATE, RefusalKind.INVALID


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


def attribution_over(field: str, latest: datetime) -> Refusal:
    text = f"{field}: too long after the session's end to count for it; the latest is {latest.isoformat()}."
    return Refusal(_INVALID, "OUTSIDE_SESSION", text, {"field": field, "latest_time": latest.isoformat()})
