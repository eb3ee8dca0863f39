"""The way to one client. One that keeps up gets its bytes straight onto its connection.

ASGI's `send` costs more than all the rest of a frame, and needs somebody to await it. So where our own server says
which connection a response goes out on (`showfloor.gateway.web`), a frame is written there as the chunk that the server
would make of it. Elsewhere, or while the client is slow, there is `send`.
"""

import asyncio
from typing import cast

from starlette.types import Scope

from showfloor.gateway.web import TRANSPORT


class Wire:
    """Good once the response has started with `Transfer-Encoding: chunked`."""

    __slots__ = ("_transport",)

    def __init__(self, scope: Scope) -> None:
        self._transport = cast(asyncio.WriteTransport | None, scope.get("state", {}).get(TRANSPORT))

    @property
    def free(self) -> bool:
        """True when the client has accepted all that was sent before, so that `write` queues nothing."""
        transport = self._transport
        return transport is not None and not transport.get_write_buffer_size() and not transport.is_closing()

    def write(self, part: bytes) -> None:
        """Send a part. Only while `free`."""
        assert self._transport is not None, "it is free"
        self._transport.write(b"%x\r\n%b\r\n" % (len(part), part))
