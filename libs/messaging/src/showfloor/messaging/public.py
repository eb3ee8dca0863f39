"""Public events as they travel: protobuf body, CloudEvents attributes and the chain of positions in headers."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from nats.js.api import Header as NatsHeader

from showfloor.messaging.bus import Delivered, Outgoing

POSITION, PREVIOUS = "Showfloor-Position", "Showfloor-Previous"
MAX_KEY = 200  # characters


class PublicEvent(msgspec.Struct, frozen=True):
    """What a service tells the others about one domain event.

    `type` is the protobuf message's full name, `key` what it is about (an id),
    `message` the serialized protobuf, `time` when it happened.
    """

    type: str
    key: str
    message: bytes
    time: datetime


class PublicMessage(msgspec.Struct, frozen=True):
    """A public event as its subscribers see it.

    `position` is its place in the owner's log, `previous` the position of the public event before it (0: none).
    `source` is the owning service.
    """

    source: str
    position: int
    previous: int
    event: PublicEvent
    traceparent: str = ""


def _id_of(message: PublicMessage) -> str:
    return f"{message.source}/{message.position}"


class Header(msgspec.Struct, frozen=True):
    """A header of a message on the bus, and the form of its value.

    `value` writes it: an empty one is left out when the header is optional. None: the publisher adds the header.
    """

    name: str
    says: str
    pattern: str
    value: Callable[[PublicMessage], str] | None
    optional: bool = False


NUMBER, NAME, TRACE = "[1-9][0-9]*", "[a-z_0-9]+", "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"
HEADERS = (
    Header(POSITION, "Its place in the log of the service.", f"^{NUMBER}$", lambda one: str(one.position)),
    Header(
        PREVIOUS,
        "The position published before it, 0 before the first; another one there means a gap: read the missing events"
        " with LogService.ReadEvents.",
        f"^(0|{NUMBER})$",
        lambda one: str(one.previous),
    ),
    Header("ce-specversion", "The version of CloudEvents.", r"^1\.0$", lambda one: "1.0"),
    Header("ce-id", "Names the event: <service>/<position>.", f"^{NAME}/{NUMBER}$", _id_of),
    Header("ce-source", "The service that owns it.", f"^/showfloor/{NAME}$", lambda one: f"/showfloor/{one.source}"),
    Header("ce-type", "The full name of the protobuf message in the body.", r"^[\w.]+$", lambda one: one.event.type),
    Header("ce-subject", "The thing it is about.", f"^.{{0,{MAX_KEY}}}$", lambda one: one.event.key),
    Header(
        "ce-time",
        "When it happened, RFC 3339 in UTC.",
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$",
        lambda one: one.event.time.isoformat(),
    ),
    Header(
        "traceparent",
        "W3C trace context of the command that caused it.",
        f"^{TRACE}$",
        lambda one: one.traceparent,
        optional=True,
    ),
    Header(
        NatsHeader.MSG_ID.value,
        "Has a message that is sent again stored once: the ce-id; that of a stand-in has one more word.",
        f"^{NAME}/{NUMBER}(/unpublished)?$",
        None,
    ),
    Header(
        NatsHeader.EXPECTED_LAST_SEQUENCE.value,
        "The sequence of the message before it in the stream. It keeps a second relay out.",
        f"^(0|{NUMBER})$",
        None,
    ),
)
"""Every header of a public event: what is written is read from here, and so is docs/asyncapi.json."""

_OPTIONAL = {header.name for header in HEADERS if header.optional}


def stream_of(app: str) -> str:
    """Return the name of the stream that carries a service's public events."""
    return f"PUBLIC_{app.upper()}"


def subject_of(app: str) -> str:
    """Return the subject of a service's public events."""
    return f"public.{app}"


def check_key(event: PublicEvent) -> None:
    """Raise ValueError for a key that cannot be a header."""
    if len(event.key) > MAX_KEY or not event.key.isprintable() or event.key != event.key.strip():
        raise ValueError(f"the key of a {event.type} is too long or not printable")


def to_outgoing(message: PublicMessage, after: int | None = None, msg_id: str = "") -> Outgoing:
    """Write a message for the wire, its id on the bus by default that of the event. Raises like `check_key`."""
    check_key(message.event)
    written = {header.name: header.value(message) for header in HEADERS if header.value is not None}
    headers = {name: value for name, value in written.items() if value or name not in _OPTIONAL}
    return Outgoing(subject_of(message.source), message.event.message, msg_id or _id_of(message), headers, after)


def from_delivered(delivered: Delivered) -> PublicMessage:
    """Read a message off the wire. Raises ValueError when it is not one of ours."""
    headers: Mapping[str, str] = delivered.headers
    try:
        _, source = delivered.subject.split(".")
        time = datetime.fromisoformat(headers["ce-time"])
        event = PublicEvent(headers["ce-type"], headers["ce-subject"], delivered.body, time)
        position, previous = int(headers[POSITION]), int(headers[PREVIOUS])
        return PublicMessage(source, position, previous, event, headers.get("traceparent", ""))
    except KeyError as error:
        raise ValueError(f"a message on {delivered.subject} lacks the header {error}") from error
