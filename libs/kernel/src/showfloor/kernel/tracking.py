"""Types shared by subscriptions (messaging) and the database they commit to (eventstore)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec


class StreamPosition(msgspec.Struct, frozen=True):
    """A place in one life of a stream on the bus: `created` tells a recreated stream from the one we knew.

    Only ever a short cut: the position in the owner's log is the truth.
    """

    created: datetime | None = None
    sequence: Annotated[int, msgspec.Meta(ge=0)] = 0


BEGINNING = StreamPosition()


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
