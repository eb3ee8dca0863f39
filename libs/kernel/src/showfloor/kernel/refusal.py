"""Refusals: typed errors of rules, checks and policies, which travel to the caller. All other errors are defects."""

from collections.abc import Mapping
from enum import Enum


class RefusalKind(Enum):
    """What sort of "no" it is, in the domain's words. Only `showfloor.rpc.errors` knows status codes."""

    INVALID = "invalid"  # the request itself is malformed; `field` in the metadata names where
    NOT_FOUND = "not_found"  # no such thing, or not yours: the two look alike on purpose
    DENIED = "denied"  # the thing is visible to you, the action is not allowed
    UNAUTHENTICATED = "unauthenticated"  # nobody, or an expired somebody
    WRONG_STATE = "wrong_state"  # the thing is in a state that does not allow this now
    CONFLICT = "conflict"  # somebody else changed it first, or the id names another thing
    LIMIT = "limit"  # a limit on size, count or rate
    UNAVAILABLE = "unavailable"  # try again later; nothing was changed


class Refusal(Exception):
    """Raised by rules, checks and policies.

    `reason` is the name of a value of the service's error enum in its protos (UPPER_SNAKE_CASE).
    `message` says in one sentence what is wrong and the way out. `metadata` holds strings only, no
    personal data: it is shown to the caller and logged.
    """

    def __init__(self, kind: RefusalKind, reason: str, message: str, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.reason = reason
        self.message = message
        self.metadata: dict[str, str] = dict(metadata or {})

    def __repr__(self) -> str:
        return f"Refusal({self.kind.name}, {self.reason}, {self.message!r}, {self.metadata!r})"


def invalid(field: str, problem: str) -> Refusal:
    """Return the refusal of a malformed value: which field, and what would be accepted instead."""
    return Refusal(RefusalKind.INVALID, "INVALID_FIELD", f"{field}: {problem}", {"field": field})
