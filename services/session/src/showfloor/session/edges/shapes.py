"""Shape checks of the session service's own words, beside those in showfloor.rpc.checks."""

import re
from datetime import date, datetime
from typing import Any

from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks
from showfloor.session.domain.product import Label
from showfloor.session.domain.session_events import ProductSource
from showfloor.session.edges.messages import LABELS, PRODUCT_SOURCES

NOT_KNOWN = "not known"  # a category that the source does not name

_HTTPS = re.compile(r"https://[^\s/?#]+[^\s]*")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_SOURCES: dict[int, ProductSource] = {number: word for word, number in PRODUCT_SOURCES.items()}  # type: ignore[misc]
_LABELS: dict[int, Label] = {number: word for word, number in LABELS.items()}  # type: ignore[misc]


def line(field: str, value: str, minimum: int, maximum: int) -> str:
    """Return a text on one line, trimmed."""
    return checks.line(field, value, minimum, maximum)


def reference(field: str, value: str) -> str:
    """Return another system's reference: 1 to 64 characters on one line."""
    return checks.line(field, value, 1, 64)


def https(field: str, value: str, maximum: int = 2_000) -> str:
    """Return an https address."""
    if len(value) > maximum or not _HTTPS.fullmatch(value):
        raise invalid(field, f"must be an https:// address of at most {maximum} characters")
    return line(field, value, 1, maximum)


def when(request: Any, field: str = "time", prefix: str = "") -> datetime | None:
    """Return the time in a field that may be absent."""
    if not request.HasField(field):
        return None
    return checks.timestamp(prefix + field, getattr(request, field))


def day(field: str, value: str) -> date | None:
    """Return a reporting day written as 2026-05-31; empty is none."""
    if not value:
        return None
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise invalid(field, "must be a day such as 2026-05-31") from None


def product_source(value: int) -> ProductSource:
    """Return how products come into the bag."""
    if value not in _SOURCES:
        raise invalid("source", "must be set, showcase, link or collab")
    return _SOURCES[value]


def label(field: str, value: int) -> Label:
    """Return a recommendation label; unspecified is none."""
    if value not in _LABELS:
        raise invalid(field, "must be one of the known labels, or unspecified for none")
    return _LABELS[value]
