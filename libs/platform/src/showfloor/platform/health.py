"""The health of a process, and the HTTP port that shows it: `/healthz`, `/readyz`, `/metrics`."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import h11

from showfloor.observability.metrics import CONTENT_TYPE, exposition
from showfloor.platform.startup_error import port_error

_HEAD_LIMIT = 8192  # bytes of request head; a scraper sends a few hundred
_PATIENCE = 5.0  # seconds a client has to send its request and to take the answer
_MOST = 100  # clients at a time; for one more the oldest is cut off
_TEXT = "text/plain; charset=utf-8"


class Health:
    """What is wrong with this process, by component: one that died shows on `/healthz`, `waiting` on `/readyz` only."""

    def __init__(self) -> None:
        self._alive: dict[str, Callable[[], bool]] = {}
        self._waiting: dict[str, str] = {"start": "the process is starting"}
        self._awaited: dict[str, Callable[[], str]] = {}

    def ready(self) -> None:
        """Say that the start is over and the process is ready."""
        self.unblock("start")

    def watch(self, component: str, alive: Callable[[], bool]) -> None:
        """Ask at each probe whether a component lives. One that does not cannot recover: the process is restarted."""
        self._alive[component] = alive

    def waiting(self, component: str, reason: str) -> None:
        """Say that the process is not ready for now, and why. `unblock` takes it back."""
        self._waiting[component] = reason

    def unblock(self, component: str) -> None:
        """Take back what `waiting` said of a component."""
        self._waiting.pop(component, None)

    def wait_for(self, component: str, reason: Callable[[], str]) -> None:
        """Ask at each probe why the process is not ready: "" when it is. A reason that changes counts as progress."""
        self._awaited[component] = reason

    def answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """Return status, content type and body for a path of the small HTTP port."""
        if path == "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, exposition()
        dead = {
            name: "has ended, and does not come back by itself" for name, alive in self._alive.items() if not alive()
        }
        awaited = {name: why for name, reason in self._awaited.items() if (why := reason())}
        problems = {"/healthz": dead, "/readyz": {**awaited, **self._waiting, **dead}}.get(path)
        if problems is None:
            return HTTPStatus.NOT_FOUND, _TEXT, b"try /healthz, /readyz or /metrics\n"
        text = "".join(f"{name}: {reason}\n" for name, reason in sorted(problems.items()))
        return HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK, _TEXT, (text or "ok\n").encode()


@asynccontextmanager
async def serve_health(health: Health, address: str) -> AsyncIterator[int]:
    """Answer on `host:port` while the block runs; yields the port that was taken (useful with port 0).

    Raises StartupError when it cannot be taken.
    """
    host, _, port = address.rpartition(":")
    clients: deque[asyncio.StreamWriter] = deque()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(clients) >= _MOST:  # the newest may be the one that decides whether we are started again
            clients.popleft().transport.abort()
        clients.append(writer)
        await answer_one(health, reader, writer)
        with suppress(ValueError):
            clients.remove(writer)

    try:
        server = await asyncio.start_server(serve, host.strip("[]"), int(port))
    except OSError as error:
        raise port_error(error, "SHOWFLOOR_HTTP_LISTEN", address) from None
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def answer_one(health: Health, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and hang up; HEAD is answered without the body.

    One that is no HTTP, or does not come or is not taken in time, gets no answer.
    """
    http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_LIMIT)
    try:
        async with asyncio.timeout(_PATIENCE):
            while (request := http.next_event()) is h11.NEED_DATA:
                http.receive_data(await reader.read(_HEAD_LIMIT))
            if isinstance(request, h11.Request):
                status, kind, body = health.answer(request.target.partition(b"?")[0].decode("ascii"))
                writer.write(_response(http, status, kind, body, told=request.method != b"HEAD"))
            writer.close()
            await writer.wait_closed()
    except (OSError, TimeoutError, h11.RemoteProtocolError):
        pass  # a client that hangs up or talks nonsense must not disturb the process
    finally:
        writer.transport.abort()


def _response(http: h11.Connection, status: int, kind: str, body: bytes, *, told: bool) -> bytes:
    headers = {"Content-Type": kind, "Content-Length": f"{len(body)}", "Cache-Control": "no-store"}
    events = (
        h11.Response(status_code=status, headers=[*headers.items(), ("Connection", "close")]),
        h11.Data(data=body if told else b""),
        h11.EndOfMessage(),
    )
    return b"".join(http.send(event) or b"" for event in events)
