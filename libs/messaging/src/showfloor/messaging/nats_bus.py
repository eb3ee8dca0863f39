"""The bus on a real NATS server."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as CoreSubscription
from nats.errors import Error, SlowConsumerError
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

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
)
from showfloor.messaging.publisher import Publisher, honour_cancellation, translated
from showfloor.messaging.reader import StreamReader
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter

log = get_logger(__name__)
ERRORS = counter("nats_errors_total", "Errors that the NATS client reported, by kind.", ["kind"])
DROPPED = counter("nats_dropped_total", "Messages dropped because a listener was too slow.", ["kind"])

CLOSE_PATIENCE = 1.0  # seconds for what waits to be sent
WINDOW = 512  # messages on their way unconfirmed
TICKS_PENDING = 4096  # ticks that may wait for one listener
TICKS_PENDING_BYTES = 16 * 1024 * 1024
_STREAM_EXISTS_DIFFERENT = 10058
T = TypeVar("T")


class NatsBus:
    """Use `NatsBus.connect`. Reconnects for ever; every error of the client is logged and counted."""

    def __init__(self, ack_timeout: float, attempts: int) -> None:
        self._attempts = attempts
        self._client = Client()
        self._js = JetStreamContext(self._client, timeout=ack_timeout)
        self._publisher = Publisher(self._client, ack_timeout, WINDOW)
        self._readers: set[StreamReader] = set()
        self._asking: set[asyncio.Future[Any]] = set()

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        name: str,
        user: str | None = None,
        password: str | None = None,
        creds: Path | None = None,
        wait: float = 30.0,
        ack_timeout: float = 3.0,
        attempts: int = 5,
    ) -> "NatsBus":
        """Connect as `name` (shown in NATS monitoring), waiting up to `wait` seconds for the server.

        Answers come to `_INBOX_<user>.>`: nobody else need be allowed to listen there.
        WINDOW messages at most are on their way unconfirmed; one that is not confirmed within
        `ack_timeout` seconds is sent again, `attempts` times in all. Raises BusUnavailable.
        """
        bus = cls(ack_timeout, attempts)
        connecting = bus._client.connect(
            url,
            name=name,
            user=user,
            password=password,
            user_credentials=str(creds) if creds else None,
            inbox_prefix=f"_INBOX_{user}" if user else "_INBOX",
            max_reconnect_attempts=-1,
            reconnect_time_wait=cast(int, 0.2),  # annotated too narrowly: it is a sleep
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=bus._on_error,
            disconnected_cb=bus._on_disconnected,
            reconnected_cb=bus._on_reconnected,
        )
        try:
            async with asyncio.timeout(wait):
                await connecting
        except TimeoutError as error:
            what = "let us in: see user and password" if bus._not_let_in() else "answered"
            raise BusUnavailable(f"no NATS server {what} at {url} within {wait:.0f} s") from error
        await bus._publisher.start()
        return bus

    @property
    def connected(self) -> bool:
        return self._client.is_connected

    def alive(self) -> bool:
        """Tell whether the client can come back by itself: not let in any more, it needs another password."""
        return not self._client.is_closed and (self._client.is_connected or not self._not_let_in())

    def _not_let_in(self) -> bool:
        return "authorization" in str(self._client.last_error).lower()

    async def close(self) -> None:
        for reader in list(self._readers):
            await reader.close()
        if not self._client.is_closed:
            closing = asyncio.ensure_future(self._client.close())
            await asyncio.wait((closing,), timeout=CLOSE_PATIENCE)
            closing.cancel()  # a server that takes nothing more would be waited for for ever

    async def ensure_stream(self, spec: StreamSpec) -> StreamInfo:
        config = api.StreamConfig(
            name=spec.name,
            subjects=list(spec.subjects),
            max_bytes=spec.max_bytes,
            max_age=spec.max_age,
            duplicate_window=spec.duplicate_window,
            discard=api.DiscardPolicy.NEW if spec.refuse_when_full else api.DiscardPolicy.OLD,
            storage=api.StorageType.FILE,
        )
        try:
            return _info(await self._ask(lambda: self._js.add_stream(config)))
        except MessageRejected as error:
            cause = error.__cause__
            if not isinstance(cause, APIError) or cause.err_code != _STREAM_EXISTS_DIFFERENT:
                raise
        return _info(await self._ask(lambda: self._js.update_stream(config)))

    async def stream_info(self, name: str) -> StreamInfo | None:
        found = await self._ask(lambda: self._js.stream_info(name), missing=None)
        return _info(found) if found else None

    async def delete_stream(self, name: str) -> None:
        await self._ask(lambda: self._js.delete_stream(name), missing=False)

    async def trim(self, name: str, upto: int) -> None:
        # Safe: up to the position that the caller has committed elsewhere, and nothing later.
        await self._ask(lambda: self._js.purge_stream(name, seq=upto + 1), missing=False)

    async def last_message(self, stream: str, subject: str) -> Delivered | None:
        info = await self.stream_info(stream)
        if info is None:
            return None
        found = await self._ask(lambda: self._js.get_last_msg(stream, subject), missing=None)
        if found is None:
            return None
        at = StreamPosition(info.created, found.seq or 0)
        return Delivered(found.subject or subject, found.data or b"", found.headers or {}, at)

    async def publish(self, message: Outgoing) -> Ack:
        return (await self.publish_page([message]))[0]

    async def publish_page(self, page: Sequence[Outgoing]) -> list[Ack]:
        acks: list[Ack] = []
        with suppress(BusUnavailable):  # nearly never: only then is the machinery of attempts worth its cost
            await self._publisher.push(page, acks)
            return acks
        async for attempt in self._attempts_of(self._attempts - 1):
            with attempt:
                await self._publisher.push(page[len(acks) :], acks)
        return acks

    def reader(self, stream: str, subjects: Sequence[str], start: StreamPosition) -> StreamReader:
        reader = StreamReader(
            client=self._client,
            js=self._js,
            stream=stream,
            subjects=subjects,
            start=start,
            stream_info=self.stream_info,
            closed=self._readers.discard,
        )
        self._readers.add(reader)
        return reader

    async def tick(self, subject: str, body: bytes) -> None:
        # While disconnected the client would buffer the tick and send it stale: drop it, numbers come again.
        if self._client.is_connected:
            try:
                await self._client.publish(subject, body)
                honour_cancellation()
                return
            except (Error, OSError) as error:
                log.warning("tick not sent", error=repr(error))
        DROPPED.labels("tick_sent").inc()

    async def on_tick(self, subject: str, callback: OnTick) -> Following:
        async def received(message: Msg) -> None:
            callback(message.subject, message.data)

        listening = await self._client.subscribe(
            subject, cb=received, pending_msgs_limit=TICKS_PENDING, pending_bytes_limit=TICKS_PENDING_BYTES
        )
        for _ in range(2):  # the server knows us before we return: no tick after this is missed
            await self._client.flush()  # its question overtakes what waits to be sent, so the first proves nothing
        return _Listening(listening)

    def _attempts_of(self, attempts: int) -> AsyncRetrying:
        return AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=0.05, max=1.0),
            retry=retry_if_exception_type(BusUnavailable),
            reraise=True,
        )

    async def _ask(self, request: Callable[[], Awaitable[T]], missing: Any = MessageRejected) -> T:
        async for attempt in self._attempts_of(self._attempts):
            with attempt:
                try:
                    return await self._once(request)
                except NotFoundError as error:
                    if missing is MessageRejected:
                        raise translated(error) from error
                    return missing  # type: ignore[no-any-return]
                except (Error, OSError, TimeoutError) as error:
                    raise translated(error) from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _once(self, request: Callable[[], Awaitable[T]]) -> T:
        asking = asyncio.ensure_future(request())
        self._asking.add(asking)
        try:
            answer = await asking
            honour_cancellation()
            return answer
        except asyncio.CancelledError as error:
            honour_cancellation()
            raise BusUnavailable("the connection broke") from error
        finally:
            asking.cancel()
            self._asking.discard(asking)

    async def _on_error(self, error: Exception) -> None:
        ERRORS.labels(type(error).__name__).inc()
        if isinstance(error, SlowConsumerError):
            DROPPED.labels("received").inc()
        log.warning("nats error", kind=type(error).__name__, error=str(error))

    async def _on_disconnected(self) -> None:
        log.warning("nats connection lost")

    async def _on_reconnected(self) -> None:
        log.info("nats connection is back")
        self._publisher.reconnected()
        for asking in self._asking:  # the answer went to the old connection: ask again
            asking.cancel()
        for reader in self._readers:
            reader.reopen("reconnected")


class _Listening:
    def __init__(self, subscription: CoreSubscription) -> None:
        self._subscription: CoreSubscription | None = subscription

    async def close(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            await unsubscribe(subscription)


async def unsubscribe(subscription: CoreSubscription) -> None:
    """Drop interest; a connection that is closed already has none."""
    try:
        await subscription.unsubscribe()
    except Error as error:
        log.debug("already unsubscribed", error=str(error))


def _info(found: api.StreamInfo) -> StreamInfo:
    name, created, state = found.config.name or "", found.created or datetime.fromtimestamp(0, UTC), found.state
    return StreamInfo(name, created, state.first_seq or 1, state.last_seq, state.messages, state.bytes)
