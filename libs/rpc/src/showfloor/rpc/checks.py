"""Shape checks: is the value well-formed? Each raises `invalid(field, problem)` and returns the clean value.

Whether the value is allowed is another question, for policies and rules.
"""

import re
from collections.abc import Callable, Sized
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.common.v1.common_pb2 import Money as MoneyMessage
from showfloor.kernel import text as rule
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.money import Money
from showfloor.kernel.refusal import invalid

MAX_MINOR = 10**12  # 10,000 million IDR or a million million VND: more is a mistake, and sums stay inside 64 bits
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HTTPS = re.compile(r"https://[^\s/?#]+[^\s]*")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class EnumWrapper(Protocol):
    """A generated protobuf enum, such as `RecommendationLabel`."""

    def values(self) -> list[int]: ...


def uuid(field: str, value: str) -> UUID:
    """Return the UUID written in the usual form, 36 characters."""
    if not _UUID.fullmatch(value):
        raise invalid(field, "must be a UUID, such as 018f4e2a-9b1c-7def-8123-456789abcdef")
    return UUID(value)


def request_id(value: str, field: str = "request_id") -> str:
    """Return the caller's id of a changing call: 1 to 64 characters of A-Z a-z 0-9 . _ -"""
    if not _REQUEST_ID.fullmatch(value):
        raise invalid(field, "must be 1 to 64 characters of A-Z a-z 0-9 . _ -")
    return value


def text(field: str, value: str, minimum: int = 0, maximum: int = 1000) -> str:
    """Return a comment or script as `showfloor.kernel.text` has it: NFC, "\\n" line ends, so many characters."""
    return _text(rule.lines, field, value, minimum, maximum)


def line(field: str, value: str, minimum: int = 0, maximum: int = 1000) -> str:
    """Return a name, title or reference as `showfloor.kernel.text` has it: trimmed, NFC, one line."""
    return _text(rule.line, field, value, minimum, maximum)


def reference(field: str, value: str) -> str:
    """Return another system's reference: 1 to 64 characters on one line."""
    return line(field, value, 1, 64)


def https(field: str, value: str, maximum: int = 2_000) -> str:
    """Return an https address."""
    if len(value) > maximum or not _HTTPS.fullmatch(value):
        raise invalid(field, f"must be an https:// address of at most {maximum} characters")
    return line(field, value, 1, maximum)


def _text(check: Callable[[str, int, int], str], field: str, value: str, minimum: int, maximum: int) -> str:
    try:
        return check(value, minimum, maximum)
    except rule.BadText as bad:
        raise invalid(field, bad.problem) from None


def number(field: str, value: int, minimum: int, maximum: int) -> int:
    """Return a whole number in a range, ends included."""
    if not minimum <= value <= maximum:
        raise invalid(field, f"must be {minimum} to {maximum}")
    return value


def position(value: int, field: str = "min_position") -> int:
    """Return a position of a log: 0 or more."""
    if value < 0:
        raise invalid(field, "must be 0 or more")
    return value


def page_size(value: int, default: int = 50, maximum: int = 200, field: str = "page_size") -> int:
    """Return how many rows to answer; 0 means the default."""
    return default if value == 0 else number(field, value, 1, maximum)


def count(field: str, items: Sized, minimum: int, maximum: int) -> None:
    """Refuse a list that is too short or too long."""
    if not minimum <= len(items) <= maximum:
        raise invalid(field, f"must hold {minimum} to {maximum} items, not {len(items)}")


def choice(field: str, value: int, enum: EnumWrapper) -> int:
    """Return a value of a protobuf enum that is known and not *_UNSPECIFIED."""
    if value == 0 or value not in enum.values():
        raise invalid(field, "must be set to one of the known values")
    return value


def known(field: str, value: int, enum: Any) -> int:
    """Return a filter's value: unspecified is none."""
    return choice(field, value, enum) if value else 0


def money(field: str, value: MoneyMessage, minimum: int = 0, maximum: int = MAX_MINOR) -> Money:
    """Return an amount of minor units in a range. Which currency is right is for the rules to say."""
    exponent = EXPONENTS.get(value.currency)
    if exponent is None:
        raise invalid(f"{field}.currency", "must be an active code of ISO 4217 in capitals, such as USD")
    if value.HasField("exponent") and value.exponent != exponent:
        raise invalid(f"{field}.exponent", f"must be {exponent} for {value.currency}, or left out")
    return Money(number(f"{field}.minor", value.minor, minimum, maximum), value.currency)


def timestamp(field: str, value: Timestamp) -> datetime:
    """Return the moment in UTC, to the microsecond. One that is not set counts as malformed."""
    if not 0 <= value.nanos < 10**9:
        raise invalid(field, "must have nanos of 0 to 999999999")
    if not EARLIEST.timestamp() <= value.seconds < LATEST.timestamp():
        raise invalid(field, "must be set, to a time between 2000 and 2100")
    return value.ToDatetime(tzinfo=UTC)


def moment(field: str, value: datetime) -> datetime:
    """Return a moment that came with its zone in UTC."""
    if not EARLIEST <= value < LATEST:
        raise invalid(field, "must be a time between 2000 and 2100")
    return value.astimezone(UTC)


def when(request: Any, field: str = "time", prefix: str = "") -> datetime | None:
    """Return the time in a field that may be absent."""
    return timestamp(prefix + field, getattr(request, field)) if request.HasField(field) else None


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
