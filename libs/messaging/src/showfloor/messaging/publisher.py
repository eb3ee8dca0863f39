"""Publishing to streams with many messages on their way at once.

The client library's `publish_async` has no time limit, and in 2.16 it never completes when the server
answers with an error. So we keep the futures ourselves: one reply subject, one word per message.
"""

import asyncio
from collections.abc import Sequence
from itertools import count

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, Error, MaxPayloadError
from nats.js.api import Header
from nats.js.errors import APIError

from showfloor.messaging.bus import Ack, BusUnavailable, MessageRejected, Outgoing, WrongSequence

WRONG_LAST_SEQUENCE = 10071
_RETRYABLE = (408, 409, 429)
_HEADER_FRAME = len(b"NATS/1.0\r\n\r\n")
# The server's limit holds for headers and body together. To a message that passes it, it answers by closing the
# connection, with everything that is on its way: such a message must not leave.


class _Problem(msgspec.Struct):
    code: int = 0
    err_code: int = 0
    description: str = ""


class _Reply(msgspec.Struct):
    seq: int = 0
    duplicate: bool = False
    error: _Problem | None = None


_decode = msgspec.json.Decoder(_Reply).decode


class Publisher:
    """At most `window` messages wait for confirmation, each for at most `ack_timeout` seconds."""

    def __init__(self, client: Client, ack_timeout: float, window: int) -> None:
        self._client, self._ack_timeout = client, ack_timeout
        self._window = asyncio.Semaphore(window)
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._tokens = count(1)
        self._inbox = ""

    async def start(self) -> None:
        """Listen for confirmations; call once, when connected."""
        self._inbox = self._client.new_inbox()
        await self._client.subscribe(f"{self._inbox}.*", cb=self._confirmed)

    def reconnected(self) -> None:
        """Whatever was on its way when the connection broke may be lost: have it sent again now."""
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(BusUnavailable("the connection broke"))

    async def push(self, page: Sequence[Outgoing], acks: list[Ack]) -> None:
        """Send all, then append confirmations in order, up to the first that does not come.

        Raises BusUnavailable (send the rest again), MessageRejected, WrongSequence.
        """
        futures: list[asyncio.Future[Ack]] = []
        try:
            for message in page:
                futures.append(await self._send(message))
            for future in futures:
                acks.append(await self._settled(future))
        except (Error, OSError, TimeoutError) as error:
            raise translated(error) from error
        finally:
            for future in futures:  # the window is given back, and no error stays unread
                if not future.cancel() and not future.cancelled():
                    future.exception()

    async def _settled(self, future: asyncio.Future[Ack]) -> Ack:
        if future.done():
            return future.result()
        timer = asyncio.get_running_loop().call_later(self._ack_timeout, self._give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    def _give_up(self, future: asyncio.Future[Ack]) -> None:
        if not future.done():
            future.set_exception(BusUnavailable(f"not confirmed within {self._ack_timeout} s"))

    async def _send(self, message: Outgoing) -> asyncio.Future[Ack]:
        headers = {**message.headers, Header.MSG_ID.value: message.msg_id}
        if message.after is not None:
            headers[Header.EXPECTED_LAST_SEQUENCE.value] = str(message.after)
        wire = sum(len(name.encode()) + len(value.encode()) + 4 for name, value in headers.items()) + _HEADER_FRAME
        if len(message.body) + wire > self._client.max_payload:  # the client counts the body alone
            raise MaxPayloadError
        if self._window.locked():
            async with asyncio.timeout(self._ack_timeout):
                await self._window.acquire()
        else:
            await self._window.acquire()
        token = str(next(self._tokens))
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[token] = future

        def done(_: asyncio.Future[Ack]) -> None:
            self._waiting.pop(token, None)
            self._window.release()

        future.add_done_callback(done)
        try:
            await self._client.publish(message.subject, message.body, reply=f"{self._inbox}.{token}", headers=headers)
            honour_cancellation()
        except BaseException:
            future.cancel()
            raise
        return future

    async def _confirmed(self, message: Msg) -> None:
        future = self._waiting.get(message.subject.rpartition(".")[2])
        if future is None or future.done():
            return  # too late: it was sent again, or nobody waits any more
        if message.headers and message.headers.get(Header.STATUS.value):
            future.set_exception(BusUnavailable("no stream takes this subject (yet)"))
            return
        confirmed = read_reply(message.data)
        if isinstance(confirmed, Ack):
            future.set_result(confirmed)
        else:
            future.set_exception(confirmed)


def read_reply(data: bytes) -> Ack | Exception:
    """Return what the server answered to a message: stored, or the error to raise."""
    try:
        reply = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):  # what msgspec raises for nonsense
        return BusUnavailable("the confirmation is not understood")
    problem = reply.error
    if problem is None:
        return Ack(reply.seq, reply.duplicate)
    return _problem(problem.code, problem.err_code, problem.description)


def honour_cancellation() -> None:
    """Raise the cancellation that the client library may have swallowed.

    Before Python 3.12 its `asyncio.wait_for` does so when the answer comes at the same moment. A task
    that goes on all the same would hang the shutdown.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def translated(error: Exception) -> Exception:
    """Say in the bus's own words whether sending again can help."""
    if isinstance(error, APIError):
        return _problem(error.code or 0, error.err_code or 0, str(error.description))
    if isinstance(error, MaxPayloadError):
        return MessageRejected("the message is larger than the server allows")
    if isinstance(error, ConnectionClosedError):
        return BusUnavailable("the bus is closed")
    return BusUnavailable(f"{type(error).__name__}: {error}")


def _problem(code: int, err_code: int, description: str) -> Exception:
    if err_code == WRONG_LAST_SEQUENCE:
        return WrongSequence(description)
    if 400 <= code < 500 and code not in _RETRYABLE:
        return MessageRejected(description)
    return BusUnavailable(f"{description} ({err_code})")
