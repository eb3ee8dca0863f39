"""The bus in memory, for tests: same answers as NATS, and it can be told to misbehave."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from showfloor.kernel.clock import utc_now
from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import (
    Ack,
    BusUnavailable,
    Delivered,
    Following,
    MessageRejected,
    OnTick,
    Outgoing,
    StreamInfo,
    StreamSpec,
    WrongSequence,
)

Disturb = Callable[[Outgoing], Iterable[Outgoing]]


class _Stream:
    def __init__(self, spec: StreamSpec, created: datetime) -> None:
        self.spec, self.created = spec, created
        self.messages: list[Delivered] = []
        self.last = 0
        self.ids: dict[str, int] = {}

    def info(self) -> StreamInfo:
        first = self.messages[0].stream_position.sequence if self.messages else self.last + 1
        return StreamInfo(self.spec.name, self.created, first, self.last, len(self.messages), self.used_bytes())

    def used_bytes(self) -> int:
        return sum(len(message.body) for message in self.messages)

    def append(self, message: Outgoing) -> None:
        self.last += 1
        headers = {**message.headers, "Nats-Msg-Id": message.msg_id}
        stream_position = StreamPosition(self.created, self.last)
        self.messages.append(Delivered(message.subject, message.body, headers, stream_position))
        while self.used_bytes() > self.spec.max_bytes:
            self.messages.pop(0)


class MemoryBus:
    """Keeps streams in lists. Age limits and the end of the duplicate window are not modelled.

    `disturb` turns a confirmed message into what is really stored: nothing (lost), two (delivered twice),
    or an earlier one that was held back (changed order). `down = True` makes every call fail.
    """

    def __init__(self, disturb: Disturb | None = None) -> None:
        self.disturb: Disturb = disturb or (lambda message: [message])
        self.down = False
        self._streams: dict[str, _Stream] = {}
        self._readers: set[_Reader] = set()
        self._listeners: set[_Listener] = set()
        self._born = utc_now()

    @property
    def connected(self) -> bool:
        return not self.down

    async def close(self) -> None:
        self._readers.clear()
        self._listeners.clear()

    async def ensure_stream(self, spec: StreamSpec) -> StreamInfo:
        self._check_up()
        stream = self._streams.get(spec.name)
        if stream is None:
            self._born = max(utc_now(), self._born + timedelta(microseconds=1))  # never the same twice
            stream = self._streams[spec.name] = _Stream(spec, self._born)
        stream.spec = spec
        self.wake()
        return stream.info()

    async def stream_info(self, name: str) -> StreamInfo | None:
        self._check_up()
        stream = self._streams.get(name)
        return stream.info() if stream else None

    async def delete_stream(self, name: str) -> None:
        self._check_up()
        self._streams.pop(name, None)

    async def trim(self, name: str, upto: int) -> None:
        self._check_up()
        if stream := self._streams.get(name):
            stream.messages = [m for m in stream.messages if m.stream_position.sequence > upto]
            stream.last = max(stream.last, upto)

    async def wipe(self, name: str) -> None:
        """Delete the stream and create it anew, empty, with the same limits."""
        spec = self._streams.pop(name).spec
        await self.ensure_stream(spec)

    async def last_message(self, stream: str, subject: str) -> Delivered | None:
        self._check_up()
        kept = self._streams[stream].messages if stream in self._streams else []
        return next((message for message in reversed(kept) if matches(subject, message.subject)), None)

    async def publish(self, message: Outgoing) -> Ack:
        return (await self.publish_page([message]))[0]

    async def publish_page(self, page: Sequence[Outgoing]) -> list[Ack]:
        self._check_up()
        acks = [self._store(message) for message in page]
        await asyncio.sleep(0)
        return acks

    def _store(self, message: Outgoing) -> Ack:
        for stream in self._streams.values():
            if any(matches(pattern, message.subject) for pattern in stream.spec.subjects):
                break
        else:
            raise BusUnavailable(f"no stream keeps {message.subject}")
        if message.after is not None and message.after != stream.last:
            raise WrongSequence(f"wrong last sequence: {stream.last}")
        if message.msg_id in stream.ids:
            return Ack(stream.ids[message.msg_id], True)
        if len(message.body) > stream.spec.max_bytes:
            raise MessageRejected("the message is larger than the server allows")
        if stream.spec.refuse_when_full and stream.used_bytes() + len(message.body) > stream.spec.max_bytes:
            raise BusUnavailable("maximum bytes exceeded")
        for stored in self.disturb(message):
            stream.append(stored)
        stream.ids[message.msg_id] = stream.last
        self.wake()
        return Ack(stream.last, False)

    def reader(self, stream: str, subjects: Sequence[str], start: StreamPosition) -> "_Reader":
        reader = _Reader(self, stream, subjects, start)
        self._readers.add(reader)
        return reader

    async def tick(self, subject: str, body: bytes) -> None:
        for listener in list(self._listeners):
            if not self.down and matches(listener.subject, subject):
                asyncio.get_running_loop().call_soon(listener.callback, subject, body)

    async def on_tick(self, subject: str, callback: OnTick) -> Following:
        listener = _Listener(self._listeners, subject, callback)
        self._listeners.add(listener)
        return listener

    def wake(self) -> None:
        for reader in self._readers:
            reader.news.set()

    def following(
        self, name: str, subjects: Sequence[str], stream_position: StreamPosition, limit: int
    ) -> list[Delivered]:
        """Return the messages that follow `stream_position`; one of another life counts as the beginning."""
        stream = None if self.down else self._streams.get(name)
        if stream is None:
            return []
        known = stream_position.created == stream.created and stream_position.sequence <= stream.last
        after = stream_position.sequence if known else 0
        wanted = (m for m in stream.messages if m.stream_position.sequence > after)
        return list(islice((m for m in wanted if any(matches(s, m.subject) for s in subjects)), limit))

    def forget(self, reader: "_Reader") -> None:
        self._readers.discard(reader)

    def _check_up(self) -> None:
        if self.down:
            raise BusUnavailable("the bus is told to be down")


class _Reader:
    def __init__(self, bus: MemoryBus, stream: str, subjects: Sequence[str], start: StreamPosition) -> None:
        self.stream_position = start
        self.news = asyncio.Event()
        self._bus, self._stream, self._subjects = bus, stream, list(subjects)

    async def page(self, limit: int) -> list[Delivered]:
        await asyncio.sleep(0)  # as a server would, it lets others run
        while True:
            self.news.clear()
            if page := self._bus.following(self._stream, self._subjects, self.stream_position, limit):
                self.stream_position = page[-1].stream_position
                return page
            await self.news.wait()

    async def close(self) -> None:
        self._bus.forget(self)


class _Listener:
    def __init__(self, listeners: "set[_Listener]", subject: str, callback: OnTick) -> None:
        self.subject, self.callback, self._listeners = subject, callback, listeners

    async def close(self) -> None:
        self._listeners.discard(self)


def matches(pattern: str, subject: str) -> bool:
    """Tell whether a NATS subject pattern (`*` one word, `>` the rest) covers `subject`."""
    wanted, words = pattern.split("."), subject.split(".")
    for at, word in enumerate(wanted):
        if word == ">":
            return len(words) > at
        if at >= len(words) or word not in ("*", words[at]):
            return False
    return len(wanted) == len(words)
