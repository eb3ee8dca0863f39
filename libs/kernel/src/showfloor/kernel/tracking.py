"""Types shared by subscriptions (messaging) and the database they commit to (eventstore)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

Hint = Mapping[str, str | int]
"""Where on the bus a position was seen. Only ever a short cut: the position is the truth."""


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that could not be handled: as it came off the wire, why, and when (UTC) it became a dead letter."""

    position: int
    subject: str
    headers: Mapping[str, str]
    body: bytes
    reason: str
    failed_at: datetime


class TrackingConflict(Exception):
    """Another runner was first: the position, or the dead letter, is not where the caller saw it.

    Nothing was changed.
    """
