"""What the system asks of a message bus. Two answer: `NatsBus`, and its twin `showfloor.testing.memory_bus`.

A *stream* keeps messages; a *tick* is core NATS: those who listen get it, and nothing keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from showfloor.kernel.tracking import StreamPosition


class BusUnavailable(Exception):
    """The bus did not confirm in time. The message may be stored or not: send it again with the same id."""


class MessageRejected(Exception):
    """The bus will never take this message: it is larger than the server allows, or no stream keeps it."""


class WrongSequence(Exception):
    """The stream's last sequence is not the expected one: another writer, or something was lost."""


class StreamSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a stream. Sizes in bytes, times in seconds; `max_age` 0 keeps messages until they are pushed out.

    A full stream forgets its oldest messages, or, with `refuse_when_full`, answers BusUnavailable until
    somebody trims it.
    """

    name: str
    subjects: tuple[str, ...]
    max_bytes: int
    max_age: float = 0.0
    duplicate_window: float = 120.0
    refuse_when_full: bool = False


class StreamInfo(msgspec.Struct, frozen=True):
    """A stream as it stands. An empty stream has `first_sequence == last_sequence + 1`."""

    name: str
    created: datetime
    first_sequence: int
    last_sequence: int
    messages: int
    bytes: int


class Outgoing(msgspec.Struct, frozen=True):
    """A message for a stream. The same `msg_id` within the duplicate window is stored once.

    `after` is the last sequence that the stream must have (None: any): it keeps the order of one
    writer's messages through lost connections, and keeps a second writer out. It is checked before the
    id, so a message that is stored already answers WrongSequence: look at the stream's end.
    """

    subject: str
    body: bytes
    msg_id: str
    headers: Mapping[str, str] = {}
    after: int | None = None


class Ack(msgspec.Struct, frozen=True):
    """The stream holds the message. `duplicate`: it already did, at this sequence."""

    sequence: int
    duplicate: bool


class Delivered(msgspec.Struct, frozen=True):
    """A message read from a stream."""

    subject: str
    body: bytes
    headers: Mapping[str, str]
    stream_position: StreamPosition


OnTick = Callable[[str, bytes], None]


class Reader(Protocol):
    """Reads a stream page by page, for one caller."""

    @property
    def stream_position(self) -> StreamPosition:
        """Return the last message of the last page."""
        ...

    async def page(self, limit: int) -> list[Delivered]:
        """Return what follows the stream position, in stream order without a gap: 1 to `limit` messages.

        Waits as long as there is none, through an outage too, and takes no more from the server than a page. All
        messages of a page are of one life of the stream: one that was created anew is read from its first message.
        Cancelled, it loses nothing.
        """
        ...

    async def close(self) -> None:
        """Stop. Closing twice is harmless."""
        ...


class Following(Protocol):
    """A running subscription to ticks, or to pages of signals."""

    async def close(self) -> None:
        """Stop. Closing twice is harmless."""
        ...


class Bus(Protocol):
    """All methods that talk to the server raise BusUnavailable when it does not answer in time."""

    @property
    def connected(self) -> bool: ...

    async def close(self) -> None: ...

    async def ensure_stream(self, spec: StreamSpec) -> StreamInfo:
        """Create the stream or bring its limits in line with `spec`; as often as you like."""
        ...

    async def stream_info(self, name: str) -> StreamInfo | None: ...

    async def delete_stream(self, name: str) -> None:
        """Delete the stream and all it holds; no such stream is no error."""
        ...

    async def trim(self, name: str, upto: int) -> None:
        """Forget the messages up to and including sequence `upto`."""
        ...

    async def last_message(self, stream: str, subject: str) -> Delivered | None:
        """Return the last message that the subject, or pattern, covers."""
        ...

    async def publish(self, message: Outgoing) -> Ack:
        """Store one message, resending it until the bus confirms or the attempts are used up.

        Raises BusUnavailable, MessageRejected, WrongSequence.
        """
        ...

    async def publish_page(self, page: Sequence[Outgoing]) -> list[Ack]:
        """Store messages with many on their way at once; returns when all are confirmed.

        Raises like `publish`; then a part of the page may be stored. Messages with `after` set are always
        stored in the order of the page; others may change places when the connection breaks.
        """
        ...

    def reader(self, stream: str, subjects: Sequence[str], start: StreamPosition) -> Reader:
        """Return a reader of the messages after `start`; of all when `start` is of another life of the stream."""
        ...

    async def tick(self, subject: str, body: bytes) -> None:
        """Tell those who listen. It waits for nobody, and is lost while disconnected."""
        ...

    async def on_tick(self, subject: str, callback: OnTick) -> Following:
        """Call back with (subject, body) of each tick. `callback` must not block."""
        ...
