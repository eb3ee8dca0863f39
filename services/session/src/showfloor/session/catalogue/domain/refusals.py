"""Every "no" of the catalogue, one function per reason of session_errors.proto."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind

_NOT_FOUND, _INVALID = RefusalKind.NOT_FOUND, RefusalKind.INVALID


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
