"""Every "no" of the catalogue, one function per reason of session_errors.proto."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.catalogue.domain.product import FEW

_NOT_FOUND, _INVALID = RefusalKind.NOT_FOUND, RefusalKind.INVALID
_CONFLICT, _WRONG_STATE, _LIMIT = RefusalKind.CONFLICT, RefusalKind.WRONG_STATE, RefusalKind.LIMIT


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


def product_has_variants(product_id: UUID, field: str) -> Refusal:
    text = f"{field}: is that of its variants: change it there."
    return Refusal(_WRONG_STATE, "PRODUCT_HAS_VARIANTS", text, {"product_id": str(product_id), "field": field})


def variant_needed(product_id: UUID, field: str) -> Refusal:
    text = f"{field}: the product comes in variants: say which one."
    return Refusal(_INVALID, "VARIANT_NEEDED", text, {"product_id": str(product_id), "field": field})


def no_such_variant(product_id: UUID, reference: str, field: str) -> Refusal:
    text = f"{field}: the product has no such variant."
    details = {"product_id": str(product_id), "variant_reference": reference, "field": field}
    return Refusal(_INVALID, "NO_SUCH_VARIANT", text, details)


def out_of_stock(product_id: UUID, variant_reference: str, stock: int) -> Refusal:
    text = "The shop has sold out of this: choose another one."
    if stock:
        text = "The shop has fewer of this than you order: order fewer."
    details = {"product_id": str(product_id)}
    if variant_reference:
        details["variant_reference"] = variant_reference
    if stock <= FEW:
        details["stock"] = str(stock)
    return Refusal(_WRONG_STATE, "OUT_OF_STOCK", text, details)


def version_conflict(expected: int, version: int) -> Refusal:
    text = "Somebody changed it first: read it again and retry."
    details = {"expected_version": str(expected), "version": str(version)}
    return Refusal(_CONFLICT, "VERSION_CONFLICT", text, details)


def image_not_found(image_id: UUID) -> Refusal:
    text = "There is no such picture, or it is not the shop's."
    return Refusal(_NOT_FOUND, "IMAGE_NOT_FOUND", text, {"image_id": str(image_id)})


def not_an_image(problem: str) -> Refusal:
    text = f"The file {problem}: send a PNG, JPEG or WebP picture."
    return Refusal(_INVALID, "NOT_AN_IMAGE", text, {"field": "content"})


def image_too_large(problem: str) -> Refusal:
    text = f"The picture {problem}: make it smaller."
    return Refusal(_LIMIT, "IMAGE_TOO_LARGE", text, {"field": "content"})


def image_quota_exceeded(used: int, limit: int) -> Refusal:
    text = f"The shop's pictures take {used // 2**20} MiB of {limit // 2**20} MiB: there is no room for this one."
    return Refusal(_LIMIT, "IMAGE_QUOTA_EXCEEDED", text, {"used": str(used), "limit": str(limit)})


def images_waiting() -> Refusal:
    text = "Many pictures are being taken in now: try again in a moment."
    return Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text, {"retry_after_s": "5"})
