"""Every "no" of the catalogue, one function per reason of session_errors.proto."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind

_NOT_FOUND, _INVALID = RefusalKind.NOT_FOUND, RefusalKind.INVALID
_CONFLICT, _WRONG_STATE = RefusalKind.CONFLICT, RefusalKind.WRONG_STATE


def product_not_found(*, product_id: UUID | None = None, reference: str = "") -> Refusal:
    details = {"product_id": str(product_id)} if product_id else {"reference": reference}
    text = "There is no such product in the catalogue, or it is not yours."
    return Refusal(_NOT_FOUND, "PRODUCT_NOT_FOUND", text, details)


def product_set_not_found(product_set_id: str) -> Refusal:
    text = "There is no such product set, or it is not yours."
    return Refusal(_NOT_FOUND, "PRODUCT_SET_NOT_FOUND", text, {"product_set_id": product_set_id})


def wrong_currency(currency: str, expected: str, field: str) -> Refusal:
    text = f"{field}: the shop's currency is {expected}, not {currency or 'empty'}."
    details = {"currency": currency, "expected": expected, "field": field}
    return Refusal(_INVALID, "WRONG_CURRENCY", text, details)


def product_archived(product_id: UUID, reference: str = "") -> Refusal:
    text = "The product was archived: restore it first, or leave it out."
    details = {"product_id": str(product_id)} | ({"reference": reference} if reference else {})
    return Refusal(_WRONG_STATE, "PRODUCT_ARCHIVED", text, details)


def product_reference_taken(product_id: UUID, reference: str) -> Refusal:
    text = "Another product of the shop has this reference: change that one, or choose another reference."
    details = {"product_id": str(product_id), "reference": reference}
    return Refusal(_CONFLICT, "PRODUCT_REFERENCE_TAKEN", text, details)


def compare_at_too_low(field: str = "compare_at_price") -> Refusal:
    text = f"{field}: must be more than the price, or left out."
    return Refusal(_INVALID, "COMPARE_AT_TOO_LOW", text, {"field": field})


def version_conflict(expected: int, version: int) -> Refusal:
    text = "Somebody changed it first: read it again and retry."
    details = {"expected_version": str(expected), "version": str(version)}
    return Refusal(_CONFLICT, "VERSION_CONFLICT", text, details)
