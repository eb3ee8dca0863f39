"""GET /v1/stream: server-sent events, many topics in one stream. Raw ASGI, so that bytes go out as they are.

A stream begins with `hello`, then sends what was missed since Last-Event-ID, then news. It ends with `bye` when the
server stops, `resume` when the client must come back with its last id, `end` when the caller may not listen any more. A
refusal is raised before the first byte, so that it is answered as a problem.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from starlette.requests import Request
from starlette.types import Receive, Send

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.membership.relations import Membership
from showfloor.gateway.access.callers import Caller, Credentials
from showfloor.gateway.http import inbound
from showfloor.gateway.live.channel import Channel
from showfloor.gateway.live.client import Client, Subscriber
from showfloor.gateway.live.fair_queue import SENT, FairQueue
from showfloor.gateway.live.hub import Hub
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.topics import ACTIVITY, Authorize, parse, positions
from showfloor.gateway.live.wire import Wire
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.messaging.bus import BusUnavailable
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, gauge
from showfloor.observability.tasks import stop
from showfloor.rpc.errors import RemoteDefect

log = get_logger(__name__)
OPEN = gauge("live_streams", "Open streams.")
ENDED = counter("live_ended_total", "Streams that ended, by reason.", ["why"])

PARAMETERS = ("topics", "last_event_id", "viewer_token")
MAX_STREAMS, MAX_PER_KEY = 5_000, 20
STUCK = 20.0  # seconds that a client may take to accept what is sent
CHECK_EVERY = 15.0  # seconds between two checks of a caller's rights; `revoked` comes at once
ASKED_AT_ONCE, ASKED_EVERY = 50, 0.01  # clients, seconds: a change of roles checks so many at each turn
BYE_SECONDS = 1.0
# Refusals that end a stream. RATE_LIMITED, an outage or a defect say nothing about the caller's rights.
_NO = (RefusalKind.DENIED, RefusalKind.NOT_FOUND, RefusalKind.UNAUTHENTICATED, RefusalKind.WRONG_STATE)
Headers = Iterable[tuple[bytes, bytes]]
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"transfer-encoding", b"chunked"),  # what `Wire` writes
]


class Callers(Protocol):
    """The part of `access.callers.Callers` that streams need."""

    @property
    def membership(self) -> Membership:
        """The membership of callers."""
        ...

    async def identify(self, request: Credentials) -> Caller | None:
        """Return who is calling. Raises Refusal UNAUTHENTICATED."""
        ...

    def internal_token(self, actor: Actor) -> str:
        """Return the internal token of an actor."""
        ...


@dataclass(slots=True)
class Stream:
    """An admitted stream. `run` serves it and releases what it holds."""

    request: Request
    client: Client
    hello: bytes
    held: AsyncExitStack


class Streams:
    """All open streams. `start` before use; `drain` when the server is to stop."""

    def __init__(
        self, hub: Hub, callers: Callers, authorize: Authorize, beats: Beats, max_streams: int = MAX_STREAMS
    ) -> None:
        self._hub, self._callers, self._authorize, self._max = hub, callers, authorize, max_streams
        self._beats = beats
        self._clients: dict[Client, asyncio.Task[Any]] = {}
        self._concerned: dict[Client, None] = {}  # by a change of roles, and not checked yet
        self._queue = FairQueue()
        self._per_key: Counter[str] = Counter()
        self._draining = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the loops that check clients and report presence."""
        loop = asyncio.get_running_loop()
        self._tasks.append(loop.create_task(self._look_after(), name="live streams"))
        self._tasks.append(loop.create_task(self._beats.run(), name="signs of life"))

    async def drain(self) -> None:
        """Say good-bye to every client, and return when all have gone: within a second. Admit no new ones."""
        self._draining = True
        for client in self._clients:
            client.end("bye", "the server restarts", random.randint(500, 3_000))  # noqa: S311  spreads the returns
        if self._clients:
            _, late = await asyncio.wait(list(self._clients.values()), timeout=BYE_SECONDS)
            for task in late:
                task.cancel()
        for task in self._tasks:
            await stop(task)

    def revoked(self, sign_in_id: UUID) -> None:
        """End the streams of a revoked sign-in at once."""
        for client in self._clients:
            if client.who.sign_in_id == sign_in_id:
                client.end("end", "signed out")

    def changed(self) -> None:
        """Roles have changed: authorize each client anew within a second. Viewers have no roles."""
        asking = bool(self._concerned)
        self._concerned.update((client, None) for client in self._clients if client.who.actor.viewer is None)
        if not asking:
            self._ask_anew()

    def _ask_anew(self) -> None:
        for client in list(islice(self._concerned, ASKED_AT_ONCE)):
            del self._concerned[client]
            client.checked_at = float("-inf")
            client.call()
        if self._concerned:
            asyncio.get_running_loop().call_later(ASKED_EVERY, self._ask_anew)

    async def prepare(self, request: Request, caller: Caller | None) -> Stream:
        """Admit a stream and find its place. Raises Refusal, RemoteDefect; then nothing is held.

        `caller` comes from the request's header or cookie; without one, `viewer_token` in the query names a viewer.
        """
        query = inbound.only(request, *PARAMETERS)
        topics = parse(query.get("topics", ""))
        after = positions(
            request.headers.get("last-event-id") or query.get("last_event_id", ""),
            sum(topic.kind == ACTIVITY for topic in topics),
        )
        who = await self._who(request, caller)
        async with AsyncExitStack() as stack:
            stack.enter_context(self._counted(who))
            await self._authorize(who.actor, who.token, topics)
            client = Client(who, topics, self._queue)
            channels: dict[str, Channel] = {}
            try:
                for session_id in dict.fromkeys(topic.session_id for topic in topics):
                    listening = self._hub.listening(session_id, client)
                    channels[session_id] = await stack.enter_async_context(listening)
            except BusUnavailable as error:
                raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "Live news are not to be had now.") from error
            hello = client.place(channels, after)
            return Stream(request, client, hello, stack.pop_all())
        raise AssertionError("unreachable: the block returns or raises")

    async def run(self, stream: Stream, receive: Receive, send: Send, headers: Headers = ()) -> None:
        """Serve an admitted stream until either side ends it."""
        task = asyncio.current_task()
        assert task is not None, "an ASGI application runs in a task"
        client = stream.client
        self._clients[client] = task
        gone = asyncio.get_running_loop().create_task(_until_gone(receive, client), name="stream client")
        try:
            await self._serve(stream, send, headers)
        except OSError:
            pass  # the client went first
        except asyncio.CancelledError:
            if not client.stuck:
                raise
            task.uncancel()  # the client was stuck: returning closes the connection
        finally:
            gone.cancel()
            del self._clients[client]
            await stream.held.aclose()
            ENDED.labels(client.why).inc()

    async def _serve(self, stream: Stream, send: Send, headers: Headers) -> None:
        client, part, wire = stream.client, stream.hello, Wire(stream.request.scope)
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, *headers]})
        with self._beats.present(client.who.viewer, wire):
            while part:
                client.sending_since = time.monotonic()
                await send({"type": "http.response.body", "body": part, "more_body": True})
                client.sending_since = 0.0
                SENT.inc(len(part))
                part = await self._next(client, stream.request, wire)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _who(self, request: Request, caller: Caller | None) -> Subscriber:
        by_link = request.query_params.get("viewer_token", "")  # EventSource sends no headers
        if caller is None and by_link:
            caller = await self._callers.identify(_Bearer(by_link))
            if caller is None or caller.viewer is None:
                raise invalid("viewer_token", "must be a viewer's token: others belong into the Authorization header")
        if caller is None:
            raise Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", "Sign in or join first.")
        if caller.actor.kind is ActorKind.SERVICE:  # a credential that is taken back would leave its streams open
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "Streams are for people: a connector asks for pages.")
        token = self._callers.internal_token(caller.actor)
        return Subscriber(caller.key, caller.actor, token, caller.sign_in_id, caller.viewer)

    @contextmanager
    def _counted(self, who: Subscriber) -> Iterator[None]:
        if self._draining or self._per_key.total() >= self._max:
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

    async def _next(self, client: Client, request: Request, wire: Wire) -> bytes:
        """Return the next bytes that the task sends; empty when the stream has ended."""
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
            await client.wait(wire)
        return b""

    async def _check(self, client: Client, request: Request) -> None:
        """End the stream of a caller who may not listen any more. After an outage or a defect, check again later."""
        client.checked_at = time.monotonic() - random.uniform(0, CHECK_EVERY / 3)  # noqa: S311  spreads the checks
        try:
            who = await self._who(request, await self._callers.identify(request))
            await self._authorize(who.actor, who.token, client.topics)
            client.who.token = who.token
        except Refusal as refusal:
            if refusal.kind in _NO:
                client.end("end", refusal.message)
        except RemoteDefect as error:
            log.warning("the rights of a client cannot be checked now", error=repr(error))

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for client, task in list(self._clients.items()):
                if client.sending_since and now - client.sending_since > STUCK:
                    client.stuck, client.why = True, "stuck"
                    task.cancel()
                elif now - client.checked_at >= CHECK_EVERY:
                    client.call()
                else:
                    client.due(now)


async def _until_gone(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.leave()


class _Bearer:
    """Credentials from the query."""

    method = "GET"

    def __init__(self, token: str) -> None:
        self.headers, self.cookies = {"authorization": f"Bearer {token}"}, dict[str, str]()
