"""Health of one process, and the small HTTP port that shows it: `/healthz`, `/readyz`, `/metrics`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from showfloor.observability.metrics import exposition
from showfloor.platform.startup_error import port_error

_REQUEST_LIMIT = 8192  # bytes of request head; a scraper sends a few hundred
_PATIENCE = 5.0  # seconds a client has to send its request

OK, NOT_FOUND, UNAVAILABLE = "200 OK", "404 Not Found", "503 Service Unavailable"


class Health:
    """What is wrong with this process, by component. Nothing wrong = healthy.

    A component that has died (restart me) shows on `/healthz`, `waiting` (not now) only on `/readyz`.
    """

    def __init__(self) -> None:
        self._alive: dict[str, Callable[[], bool]] = {}
        self._waiting: dict[str, str] = {"start": "the process is starting"}
        self._awaited: dict[str, Callable[[], str]] = {}

    def ready(self) -> None:
        """Say that the start is over and work is welcome."""
        self.unblock("start")

    def watch(self, component: str, alive: Callable[[], bool]) -> None:
        """Ask at each look whether a component lives. One that does not cannot recover: the process is restarted."""
        self._alive[component] = alive

    def waiting(self, component: str, reason: str) -> None:
        """Say that work is not welcome for now. `unblock` takes it back."""
        self._waiting[component] = reason

    def unblock(self, component: str) -> None:
        """Take back what `waiting` said of a component."""
        self._waiting.pop(component, None)

    def wait_for(self, component: str, reason: Callable[[], str]) -> None:
        """Ask at each look why work is not welcome: "" when it is. Words that change are taken as progress."""
        self._awaited[component] = reason

    def answer(self, path: str) -> tuple[str, str, bytes]:
        """Return status line, content type and body for a path of the small HTTP port."""
        if path == "/metrics":
            return OK, "text/plain; version=0.0.4; charset=utf-8", exposition()
        dead = {
            name: "has ended, and does not come back by itself" for name, alive in self._alive.items() if not alive()
        }
        awaited = {name: why for name, reason in self._awaited.items() if (why := reason())}
        problems = {"/healthz": dead, "/readyz": {**awaited, **self._waiting, **dead}}.get(path)
        if problems is None:
            return NOT_FOUND, "text/plain; charset=utf-8", b"try /healthz, /readyz or /metrics\n"
        text = "".join(f"{name}: {reason}\n" for name, reason in sorted(problems.items()))
        return UNAVAILABLE if problems else OK, "text/plain; charset=utf-8", (text or "ok\n").encode()


@asynccontextmanager
async def serve_health(health: Health, address: str) -> AsyncIterator[int]:
    """Answer on `host:port` while the block runs; yields the port that was taken (useful with port 0).

    Raises StartupError when it cannot be taken.
    """
    host, _, port = address.rpartition(":")
    answer = partial(answer_one, health)
    try:
        server = await asyncio.start_server(answer, host.strip("[]"), int(port), limit=_REQUEST_LIMIT)
    except OSError as error:
        raise port_error(error, "SHOWFLOOR_HTTP_LISTEN", address) from None
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def answer_one(health: Health, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and hang up."""
    try:
        async with asyncio.timeout(_PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].split(b"?", 1)[0].decode("latin-1")
            status, kind, body = health.answer(path)
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                "Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
        pass  # a client that hangs up or talks nonsense gets no answer and must not disturb the process
    finally:
        writer.close()
