"""Reading a stream in pages, in order and without a gap.

A JetStream pull consumer without acknowledgements: the server sends what was asked for and no more, so a slow reader
fills no memory. Whatever is odd (a gap, silence, a new connection, a stream made anew), the cure is the same: forget
the consumer and open another after the last page.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as CoreSubscription
from nats.errors import Error
from nats.js import JetStreamContext, api

from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import BusUnavailable, Delivered, StreamInfo
from showfloor.messaging.publisher import honour_cancellation
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter

log = get_logger(__name__)
REOPENED = counter("nats_consumers_reopened_total", "Consumers opened again.", ["stream", "why"])

HEARTBEAT = 0.5  # seconds between the server's signs of life while there is nothing to send
SILENCE = 5 * HEARTBEAT  # seconds without any, after which the consumer counts as dead
REQUEST = 30.0  # seconds that a request stands
UNUSED = 60.0  # seconds without a request, after which the server forgets the consumer
PAGE_BYTES = 16 * 1024 * 1024
RETRY_PAUSE, MAX_RETRY_PAUSE = 0.1, 5.0  # seconds
_NANOSECONDS = 1_000_000_000


class StreamReader:
    """See `Bus.reader`."""

    def __init__(
        self,
        *,
        client: Client,
        js: JetStreamContext,
        stream: str,
        subjects: Sequence[str],
        start: StreamPosition,
        stream_info: Callable[[str], Awaitable[StreamInfo | None]],
        closed: Callable[["StreamReader"], None],
    ) -> None:
        self._client, self._js, self._stream, self._subjects = client, js, stream, list(subjects)
        self._stream_info, self._closed = stream_info, closed
        self._stream_position = start
        self._subscription: CoreSubscription | None = None
        self._consumer = self._inbox = ""
        self._why = "not opened yet"  # a consumer must be opened; empty: one is open
        self._said = ""  # why, as the log was told since one was open
        self._came: list[Delivered] = []
        self._expected = 1  # the consumer's own numbering has no holes, whatever the filter
        self._asked = 0  # messages that the server may still send
        self._more = False  # the stream holds more than has come
        self._news = asyncio.Event()

    @property
    def stream_position(self) -> StreamPosition:
        return self._stream_position

    def reopen(self, why: str) -> None:
        """Have a new consumer opened."""
        self._why = why
        self._asked = 0
        self._news.set()

    async def page(self, limit: int) -> list[Delivered]:
        pause = RETRY_PAUSE
        while True:
            try:
                if self._why:
                    await self._open()
                if page := await self._next(limit):
                    self._stream_position = page[-1].stream_position
                    return page
            except Exception as error:  # whatever it is, reading goes on: there is nobody else to do it
                if self._why != "reconnected":
                    self._why = repr(error)
            REOPENED.labels(self._stream, self._why.partition("(")[0]).inc()
            if self._why != self._said:
                self._said = self._why
                log.info("consumer opens again", stream=self._stream, why=self._why)
            if self._why != "reconnected":
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._news.wait()
                pause = min(pause * 2, MAX_RETRY_PAUSE)

    async def close(self) -> None:
        await self._drop()
        self._closed(self)

    async def _next(self, limit: int) -> list[Delivered]:
        while not self._why:
            if not self._asked and not self._came:
                await self._ask(limit)
            if self._came and (len(self._came) >= limit or not self._asked or not self._more):
                page, self._came = self._came[:limit], self._came[limit:]
                return page
            self._news.clear()
            try:
                async with asyncio.timeout(SILENCE):
                    await self._news.wait()
            except TimeoutError:
                self.reopen("silent")
        return []

    async def _ask(self, limit: int) -> None:
        request = {
            "batch": limit,
            "max_bytes": PAGE_BYTES,
            "expires": int(REQUEST * _NANOSECONDS),
            "idle_heartbeat": int(HEARTBEAT * _NANOSECONDS),
        }
        self._asked = limit
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}"
        await self._client.publish(subject, msgspec.json.encode(request), reply=self._inbox)
        honour_cancellation()

    async def _open(self) -> None:
        await self._drop()
        self._why = "opening"  # what is said meanwhile stays said: then this one is opened in vain
        info = await self._stream_info(self._stream)
        if info is None:
            raise BusUnavailable(f"stream {self._stream} does not exist (yet)")
        if info.created != self._stream_position.created or self._stream_position.sequence > info.last_sequence:
            self._stream_position = StreamPosition(info.created, 0)
        config = api.ConsumerConfig(
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._stream_position.sequence + 1,
            filter_subjects=self._subjects,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=UNUSED,
            num_replicas=1,
            mem_storage=True,
        )
        self._consumer = (await self._js.add_consumer(self._stream, config)).name
        honour_cancellation()
        again = await self._stream_info(self._stream)
        if again is None or again.created != info.created:
            raise BusUnavailable(f"stream {self._stream} was replaced meanwhile")
        self._came, self._asked, self._expected, self._more = [], 0, 1, False
        self._inbox = self._client.new_inbox()
        self._subscription = await self._client.subscribe(self._inbox, cb=self._receiver(self._inbox))
        if self._why == "opening":
            self._why = self._said = ""

    async def _drop(self) -> None:
        subscription, self._subscription = self._subscription, None
        consumer, self._consumer, self._inbox = self._consumer, "", ""
        try:
            if subscription is not None:
                await subscription.unsubscribe()
            if consumer and self._client.is_connected:  # nobody waits for the answer: a closing process has no time
                await self._client.publish(f"$JS.API.CONSUMER.DELETE.{self._stream}.{consumer}")
        except (Error, OSError, TimeoutError) as error:
            log.debug("consumer left to the server to remove", stream=self._stream, error=str(error))

    def _receiver(self, inbox: str) -> Callable[[Msg], Awaitable[None]]:
        async def received(message: Msg) -> None:
            if inbox == self._inbox and not self._why:
                self._receive(message)
                self._news.set()

        return received

    def _receive(self, message: Msg) -> None:
        headers = message.headers or {}
        if status := headers.get(api.Header.STATUS.value):
            self._status(status, headers.get(api.Header.DESCRIPTION.value, ""))
            return
        try:
            sequence, number, pending = place_of(message.reply)
        except ValueError:
            self.reopen("not from the stream")
            return
        if number != self._expected:
            self.reopen("gap")
            return
        self._expected += 1
        self._asked -= 1
        self._more = pending > 0
        stream_position = StreamPosition(self._stream_position.created, sequence)
        self._came.append(Delivered(message.subject, message.data, headers, stream_position))

    def _status(self, status: str, description: str) -> None:
        if status in ("404", "408") or "maxbytes" in description.lower():
            self._asked = 0  # the request has ended
        elif status == api.StatusCode.CONTROL_MESSAGE.value:
            self._more = False  # it has nothing to send now, whatever it counted before
        elif description != "Batch Completed":
            self.reopen(f"status {status} {description}")


def place_of(reply: str) -> tuple[int, int, int]:
    """Return the sequences in stream and consumer and the count still to come, from a message's reply subject.

    Raises ValueError.
    """
    # $JS.ACK.<stream>.<consumer>.<tries>.<stream seq>.<consumer seq>.<time>.<pending>, longer with a domain
    words = reply.split(".")
    if len(words) < 9 or len(words) == 10:
        raise ValueError("not the reply subject of a message in a stream")
    at = 5 if len(words) == 9 else 7
    return int(words[at]), int(words[at + 1]), int(words[at + 3])
