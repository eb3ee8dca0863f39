"""Public events as they travel: protobuf body, CloudEvents attributes and the chain of positions in headers."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

import msgspec

from showfloor.messaging.bus import Delivered, Outgoing

POSITION, PREVIOUS = "Showfloor-Position", "Showfloor-Previous"
MAX_KEY = 200  # characters


class PublicEvent(msgspec.Struct, frozen=True):
    """What a service tells the others about one domain event.

    `type` is the protobuf message's full name, `key` what it is about (an id; it chooses the shard),
    `message` the serialized protobuf, `time` when it happened.
    """

    type: str
    key: str
    message: bytes
    time: datetime


class PublicMessage(msgspec.Struct, frozen=True):
    """A public event as its subscribers see it.

    `position` is its place in the owner's log, `previous` the position of the public event before it in
    the same shard (0: none). `source` is the owning service.
    """

    source: str
    shard: int
    position: int
    previous: int
    event: PublicEvent
    traceparent: str = ""


def stream_of(app: str) -> str:
    """Return the name of the stream that carries a service's public events."""
    return f"PUBLIC_{app.upper()}"


def subject_of(app: str, shard: int | None = None) -> str:
    """Return the subject of one shard, or the pattern of all."""
    return f"public.{app}.{'*' if shard is None else shard}"


def shard_of(key: str, shards: int) -> int:
    """Return the shard, 0 to shards - 1, that `key` belongs to; the same in every process, for ever."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % shards


def check_key(event: PublicEvent) -> None:
    """Raise ValueError for a key that cannot be a header."""
    if len(event.key) > MAX_KEY or not event.key.isprintable() or event.key != event.key.strip():
        raise ValueError(f"the key of a {event.type} is too long or not printable")


def to_outgoing(message: PublicMessage, after: int | None = None, msg_id: str = "") -> Outgoing:
    """Write a message for the wire, its id on the bus by default that of the event. Raises like `check_key`."""
    event = message.event
    check_key(event)
    identity = f"{message.source}/{message.position}"
    headers = {
        POSITION: str(message.position),
        PREVIOUS: str(message.previous),
        "ce-specversion": "1.0",
        "ce-id": identity,
        "ce-source": f"/showfloor/{message.source}",
        "ce-type": event.type,
        "ce-subject": event.key,
        "ce-time": event.time.isoformat(),
    }
    if message.traceparent:
        headers["traceparent"] = message.traceparent
    return Outgoing(subject_of(message.source, message.shard), event.message, msg_id or identity, headers, after)


def from_delivered(delivered: Delivered) -> PublicMessage:
    """Read a message off the wire. Raises ValueError when it is not one of ours."""
    headers: Mapping[str, str] = delivered.headers
    try:
        _, source, shard = delivered.subject.split(".")
        event = PublicEvent(
            headers["ce-type"],
            headers["ce-subject"],
            delivered.body,
            datetime.fromisoformat(headers["ce-time"]),
        )
        return PublicMessage(
            source,
            int(shard),
            int(headers[POSITION]),
            int(headers[PREVIOUS]),
            event,
            headers.get("traceparent", ""),
        )
    except KeyError as error:
        raise ValueError(f"a message on {delivered.subject} lacks the header {error}") from error
