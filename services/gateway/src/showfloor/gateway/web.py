"""The HTTP server: one process, one loop, and a drain that lets requests finish and tells streams to come back."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from showfloor.platform.trouble import Trouble

BACKLOG = 2_048
DRAIN_SECONDS = 2
TRANSPORT = "showfloor.transport"  # in the state of an ASGI scope: the connection that the response goes out on


class _Protocol(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Tell applications about the connection, too."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class _Server(uvicorn.Server):
    def capture_signals(self) -> Any:
        """Leave signals to the process, which drains everything in order."""
        return nullcontext()


@asynccontextmanager
async def serving(app: Any, address: str) -> AsyncIterator[int]:
    """Answer on `host:port` while the block runs; yields the port. Raises Trouble when the port is taken."""
    host, _, port = address.rpartition(":")
    listener = _listen(host.strip("[]"), int(port), address)
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.005)
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        listener.close()


def _listen(host: str, port: int, address: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Trouble(
            f"the port cannot be taken: {error.strerror}",
            place=f"SHOWFLOOR_WEB_LISTEN={address}",
            next_step="choose another port, or stop what uses this one",
        ) from None
    listener.listen(BACKLOG)
    return listener
