"""GET /v1/stream: server-sent events, many topics in one stream. Raw ASGI, so that bytes go out as they are.

Order of a stream: `hello`, then what was missed since Last-Event-ID, then news as it comes. It ends with `bye`
when the server stops, `resume` when the client must come back with its last id, `end` when it may not listen any
more. What refuses a stream is raised before the first byte, for the API to answer as a problem.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from showfloor.gateway.live.client import Client, Who
from showfloor.gateway.live.hub import Hub
from showfloor.gateway.live.topics import ACTIVITY, Authorise, parse, positions
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.messaging.bus import BusUnavailable
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, gauge
from showfloor.rpc.errors import RemoteDefect

log = get_logger(__name__)
OPEN = gauge("live_streams", "Open streams.")
SENT = counter("live_sent_bytes_total", "Bytes sent over streams.")
ENDED = counter("live_ended_total", "Streams that ended, by reason.", ["why"])

PATH = "/v1/stream"
PARAMETERS = ("topics", "last_event_id", "viewer_token")
MAX_STREAMS, MAX_PER_KEY = 5_000, 20
STUCK = 20.0  # seconds that a client may take to accept what is sent
CHECK_EVERY = 15.0  # seconds between looks at whether the caller may still listen; `revoked` is told at once
BYE_SECONDS = 1.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Identify = Callable[[Request], Awaitable[Who]]
"""Who is calling, by header, cookie or `viewer_token`. Raises Refusal UNAUTHENTICATED."""


class Streams:
    """The ASGI application of the stream. `start` before use; `drain` when the server is to stop."""

    def __init__(self, hub: Hub, identify: Identify, authorise: Authorise) -> None:
        self._hub, self._identify, self._authorise = hub, identify, authorise
        self._clients: dict[Client, asyncio.Task[Any]] = {}
        self._per_key: Counter[str] = Counter()
        self._draining = False
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the route to mount."""
        return [Route(PATH, self, methods=["GET"])]

    def start(self) -> None:
        """Look after clients from now on."""
        self._task = asyncio.get_running_loop().create_task(self._look_after(), name="live streams")

    async def drain(self) -> None:
        """Say good-bye to every client, and return when all are gone: within a second. Takes no new ones."""
        self._draining = True
        for client in self._clients:
            client.end("bye", "the server restarts", random.randint(500, 3_000))  # noqa: S311  spreads the returns
        if self._clients:
            _, late = await asyncio.wait(list(self._clients.values()), timeout=BYE_SECONDS)
            for task in late:
                task.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def revoked(self, sign_in: object) -> None:
        """End the streams of a sign-in that was revoked, at once."""
        for client in self._clients:
            if client.who.sign_in and client.who.sign_in == str(sign_in):
                client.end("end", "signed out")

    def changed(self) -> None:
        """Roles have changed: ask anew, at once, whether each client may listen."""
        for client in self._clients:
            client.checked_at = float("-inf")
            client.wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        query = _query(request)
        topics = parse(query.get("topics", ""))
        after = positions(
            request.headers.get("last-event-id") or query.get("last_event_id", ""),
            sum(topic.kind == ACTIVITY for topic in topics),
        )
        who = await self._identify(request)
        with self._seat(who):
            accounts = await self._authorise(who.actor, who.token, topics)
            client = Client(who, topics)
            async with AsyncExitStack() as stack:
                try:
                    channels = {
                        session_id: await stack.enter_async_context(self._hub.listening(session_id, account_id, client))
                        for session_id, account_id in accounts.items()
                    }
                except BusUnavailable as error:
                    raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "Live news are not to be had now.") from error
                hello = client.place(channels, after)
                await self._serve(client, hello, request, send)

    @contextmanager
    def _seat(self, who: Who) -> Iterator[None]:
        if self._draining or sum(self._per_key.values()) >= MAX_STREAMS:
            raise Refusal(RefusalKind.UNAVAILABLE, "QUEUE_FULL", "No more streams can be opened here now: try again.")
        if self._per_key[who.key] >= MAX_PER_KEY:
            text = f"At most {MAX_PER_KEY} streams at once: close one, or ask for many topics in one."
            raise Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"limit": str(MAX_PER_KEY), "retry_after_s": "5"})
        self._per_key[who.key] += 1
        OPEN.inc()
        try:
            yield
        finally:
            OPEN.dec()
            self._per_key[who.key] -= 1
            if not self._per_key[who.key]:
                del self._per_key[who.key]

    async def _serve(self, client: Client, hello: bytes, request: Request, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None, "an ASGI application runs in a task"
        self._clients[client] = task
        listening = asyncio.get_running_loop().create_task(_until_gone(request.receive, client), name="stream client")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            part = hello
            while part:
                await _send(client, send, part)
                part = await self._next(client, request)
            with suppress(OSError):  # the client may have gone first
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            ENDED.labels("gone").inc()
        finally:
            listening.cancel()
            self._clients.pop(client, None)

    async def _next(self, client: Client, request: Request) -> bytes:
        """Wait for what is to be sent next; empty when the stream has ended."""
        while not client.ended:
            if time.monotonic() - client.checked_at >= CHECK_EVERY:
                await self._check(client, request)
            try:
                part = await client.take()
            except (Refusal, RemoteDefect) as error:
                log.info("stream ends", topics=len(client.topics), error=repr(error))
                client.end("resume", "what was missed cannot be read now")
                continue
            if part:
                return part
            await client.wait()
        return b""

    async def _check(self, client: Client, request: Request) -> None:
        """End the stream of a caller who may not listen any more. An outage proves nothing."""
        client.checked_at = time.monotonic()
        try:
            who = await self._identify(request)
            await self._authorise(who.actor, who.token, client.topics)
            client.who.token = who.token
        except Refusal as refusal:
            if refusal.kind is not RefusalKind.UNAVAILABLE:
                client.end("end", refusal.message)
        except RemoteDefect as error:
            log.warning("whether a client may listen cannot be asked", error=repr(error))

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for client, task in list(self._clients.items()):
                if client.sending_since and now - client.sending_since > STUCK:
                    ENDED.labels("stuck").inc()
                    task.cancel()
                else:
                    client.due(now)


async def _send(client: Client, send: Send, part: bytes) -> None:
    client.sending_since = time.monotonic()
    await send({"type": "http.response.body", "body": part, "more_body": True})
    client.sending_since = 0.0
    SENT.inc(len(part))


async def _until_gone(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    ENDED.labels("left").inc()
    client.leave()


def _query(request: Request) -> dict[str, str]:
    for name in request.query_params:
        if name not in PARAMETERS:
            raise invalid(name, "is not a parameter of this request")
    return dict(request.query_params)
