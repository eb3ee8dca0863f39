"""An ordered JetStream consumer that keeps its own place.

The client library has one too, but it answers flow control when a message *arrives*, so a slow callback
fills memory and then loses messages silently, and it takes seconds to notice a dead server. Here control
messages wait in the same queue as the data: the server is told to go on only when we have come that far, and
it never has more than its flow control window (at most 32 MB) on the way to us. Whatever is odd, the cure is
the same: drop the consumer and open another from our own mark.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as CoreSubscription
from nats.errors import Error
from nats.js import JetStreamContext, api

from showfloor.messaging.bus import BusUnavailable, Delivered, Mark, OnMessage, StreamInfo
from showfloor.messaging.publisher import honour_cancellation
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter
from showfloor.observability.tasks import stop

log = get_logger(__name__)
REOPENED = counter("nats_consumers_reopened_total", "Ordered consumers opened again.", ["stream", "why"])

HEARTBEAT = 0.5  # seconds between the server's signs of life when there is nothing to send
SILENCE = 5 * HEARTBEAT  # seconds without any, after which the consumer counts as dead
PENDING_BYTES = 64 * 1024 * 1024  # twice the server's window: reached only if flow control fails
RETRY_PAUSE, MAX_RETRY_PAUSE = 0.1, 5.0  # seconds


class OrderedConsumer:
    """See `Bus.ordered`. `mark` is the last message whose callback returned."""

    def __init__(
        self,
        *,
        client: Client,
        js: JetStreamContext,
        stream: str,
        subjects: Sequence[str],
        start: Mark,
        callback: OnMessage,
        stream_info: Callable[[str], Awaitable[StreamInfo | None]],
        closed: Callable[["OrderedConsumer"], None],
    ) -> None:
        self._client, self._js, self._stream, self._subjects = client, js, stream, list(subjects)
        self._callback, self._stream_info, self._closed = callback, stream_info, closed
        self._mark = start
        self._life = 0  # counts openings: messages of an earlier one are ignored
        self._expected = 1  # the consumer's own numbering has no holes, whatever the filter
        self._heard = 0.0
        self._why = ""
        self._broken = asyncio.Event()
        self._busy = asyncio.Lock()  # held while a callback runs, so that teardown never cuts one short
        self._subscription: CoreSubscription | None = None
        self._consumer: str | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def mark(self) -> Mark:
        return self._mark

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"ordered {self._stream}")

    def reopen(self, why: str) -> None:
        """Ask for a new consumer from our mark."""
        self._why = self._why or why
        self._broken.set()

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            await stop(task)
            await self._drop()
            self._closed(self)

    async def _run(self) -> None:
        pause = RETRY_PAUSE
        while True:
            try:
                before = self._mark
                await self._open()
                await self._watch()
                REOPENED.labels(self._stream, self._why).inc()
                log.info("ordered consumer opens again", stream=self._stream, why=self._why)
                if self._why == "callback failed":
                    await asyncio.sleep(pause)
                if self._mark != before or self._why == "reconnected":
                    pause = RETRY_PAUSE
            except Exception as error:  # whatever it is, following goes on: there is nobody else to do it
                log.warning("ordered consumer not opened", stream=self._stream, error=repr(error))
                await asyncio.sleep(pause)
            await self._drop()
            pause = min(pause * 2, MAX_RETRY_PAUSE)

    async def _open(self) -> None:
        self._broken.clear()
        self._why = ""
        info = await self._stream_info(self._stream)
        if info is None:
            raise BusUnavailable(f"stream {self._stream} does not exist (yet)")
        if info.created != self._mark.created or self._mark.sequence > info.last_sequence:
            self._mark = Mark(info.created, 0)
        self._life += 1
        self._expected = 1
        self._heard = asyncio.get_running_loop().time()
        inbox = self._client.new_inbox()
        self._subscription = await self._client.subscribe(
            inbox, cb=self._receiver(self._life), pending_bytes_limit=PENDING_BYTES
        )
        created = await self._js.add_consumer(self._stream, self._config(inbox))
        self._consumer = created.name
        honour_cancellation()
        again = await self._stream_info(self._stream)
        if again is None or again.created != info.created:
            raise BusUnavailable(f"stream {self._stream} was replaced meanwhile")

    def _config(self, inbox: str) -> api.ConsumerConfig:
        first = self._mark.sequence + 1
        return api.ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first,
            filter_subjects=self._subjects,
            ack_policy=api.AckPolicy.NONE,
            max_deliver=1,
            flow_control=True,
            idle_heartbeat=HEARTBEAT,
            inactive_threshold=10.0,
            num_replicas=1,
            mem_storage=True,
        )

    async def _watch(self) -> None:
        """Return when the consumer must be opened again."""
        loop = asyncio.get_running_loop()
        while not self._broken.is_set():
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._broken.wait()
            except TimeoutError:
                waiting = self._subscription is not None and self._subscription.pending_msgs > 0
                if waiting or self._busy.locked():
                    self._heard = loop.time()  # we are the slow side: signs of life wait in the queue
                elif loop.time() - self._heard > SILENCE:
                    self.reopen("silent")

    async def _drop(self) -> None:
        self._life += 1
        async with self._busy:
            subscription, self._subscription = self._subscription, None
            consumer, self._consumer = self._consumer, None
        try:
            if subscription is not None:
                await subscription.unsubscribe()
            if consumer is not None and self._client.is_connected and self._task is None:
                await self._js.delete_consumer(self._stream, consumer)
        except (Error, OSError, TimeoutError) as error:
            log.debug("consumer left to the server to remove", stream=self._stream, error=str(error))

    def _receiver(self, life: int) -> Callable[[Msg], Awaitable[None]]:
        async def received(message: Msg) -> None:
            async with self._busy:
                if life == self._life and not self._broken.is_set():
                    self._heard = asyncio.get_running_loop().time()
                    await self._receive(message)

        return received

    async def _receive(self, message: Msg) -> None:
        headers = message.headers or {}
        if status := headers.get(api.Header.STATUS.value):
            await self._control(message, status, headers)
            return
        try:
            sequence, number = place_of(message.reply)
        except ValueError:
            self.reopen("not from the stream")
            return
        if number != self._expected:
            self.reopen("gap")
            return
        mark = Mark(self._mark.created, sequence)
        try:
            await self._callback(Delivered(message.subject, message.data, headers, mark))
        except Exception:
            log.exception("message callback failed", stream=self._stream, sequence=sequence)
            self.reopen("callback failed")
            return
        self._expected += 1
        self._mark = mark

    async def _control(self, message: Msg, status: str, headers: dict[str, str]) -> None:
        if status != api.StatusCode.CONTROL_MESSAGE.value:
            self.reopen(f"status {status}")
            return
        if answer_to := message.reply or headers.get(api.Header.CONSUMER_STALLED.value):
            await self._client.publish(answer_to)  # we have come this far: send more
        last = headers.get(api.Header.LAST_CONSUMER.value)
        if last is not None and last != str(self._expected - 1):
            self.reopen("gap")


def place_of(reply: str) -> tuple[int, int]:
    """Return the sequences in stream and consumer that a message's reply subject names. Raises ValueError."""
    # $JS.ACK.<stream>.<consumer>.<tries>.<stream seq>.<consumer seq>.<time>.<pending>, longer with a domain
    words = reply.split(".")
    if len(words) < 9:
        raise ValueError("not the reply subject of a message in a stream")
    at = 5 if len(words) == 9 else 7
    return int(words[at]), int(words[at + 1])
