"""The HTTP server: one process, one loop, and a drain that lets requests finish and tells streams to come back."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Any, cast

import uvicorn

from showfloor.gateway.http.connection_guard import ConnectionGuard
from showfloor.gateway.limits import CONNECTION_LIMITS, ConnectionLimits
from showfloor.platform.startup_error import port_error

BACKLOG = 2_048
DRAIN_SECONDS = 2
LINGER = 5.0  # seconds that a client may take for the last bytes of a closed connection
TRANSPORT = "showfloor.transport"  # in the state of an ASGI scope: the connection that the response goes out on


class _Ending:
    """A connection that ends in a bounded time and resets no answer, which uvicorn does not see to."""

    def __init__(self, transport: asyncio.Transport, guard: ConnectionGuard) -> None:
        self._transport, self._guard = transport, guard
        self.write = transport.write

    def close(self) -> None:
        """Close; a client that does not read the last bytes is cut off after a while."""
        if self._guard.unread():
            self._guard.half_close()
            self._transport.write_eof()
            return
        if self._transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(LINGER, self._transport.abort)
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(ConnectionGuard):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the connection into the state that applications see."""
        super().connection_made(cast(asyncio.Transport, _Ending(transport, self)))
        self.app_state = {**self.app_state, TRANSPORT: transport}


class _Server(uvicorn.Server):
    def capture_signals(self) -> Any:
        """Leave signals to the process, which drains everything in order."""
        return nullcontext()


@asynccontextmanager
async def serving(
    app: Any, address: str, trusted_proxies: str = "", limits: ConnectionLimits = CONNECTION_LIMITS
) -> AsyncIterator[int]:
    """Serve on `host:port` while the block runs; yields the port. Raises StartupError when the port is taken.

    `trusted_proxies`: the proxies whose X-Forwarded-For and -Proto say where a request is from.
    """
    host, _, port = address.rpartition(":")
    listener = _listen(host.strip("[]"), int(port), address)
    config = uvicorn.Config(
        app,
        http=cast(Any, partial(_Protocol, limits)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=limits.idle,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        backlog=BACKLOG,
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
        raise port_error(error, "SHOWFLOOR_WEB_LISTEN", address) from None
    listener.listen(BACKLOG)
    return listener
