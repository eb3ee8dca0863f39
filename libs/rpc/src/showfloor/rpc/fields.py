"""Values as fields of messages."""

from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp


def stamp(time: datetime | None) -> Timestamp | None:
    """Return the moment as a message; None stays absent."""
    if time is None:
        return None
    message = Timestamp()
    message.FromDatetime(time)
    return message


def text(value: UUID | None) -> str:
    """Return an id as text; None is empty."""
    return "" if value is None else str(value)
