"""The way to one client: a client that keeps up gets its bytes straight onto its connection.

ASGI's `send` costs more than the rest of a frame, and a task must await it. Our own server (`http/server.py`) says
which connection a response goes out on: there a frame is written as the chunk that the server would make of it. `send`
serves other servers and slow clients.
"""

import asyncio
import math
import socket
import struct
from typing import cast

from starlette.types import Scope

from showfloor.gateway.http.server import TRANSPORT

_INFO = getattr(socket, "TCP_INFO", None)  # Linux knows when the other side was last heard
_INFO_BYTES, _LAST_ACK = 60, struct.Struct("=I")
_LAST_ACK_AT = 56  # tcpi_last_ack_recv, milliseconds: struct tcp_info of linux/tcp.h


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

    def silent(self) -> float:
        """Seconds since the client last acknowledged bytes; infinite for one that takes nothing.

        Written bytes may lie in the machine's buffers for minutes after the other side has gone, so acknowledged ones
        count. Behind a proxy the proxy acknowledges. On systems that do not tell, a free connection counts.
        """
        if not self.free:
            return math.inf
        connection = cast(asyncio.WriteTransport, self._transport).get_extra_info("socket")
        if _INFO is None or connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
            return 0.0
        try:
            info = connection.getsockopt(socket.IPPROTO_TCP, _INFO, _INFO_BYTES)
        except OSError:
            return math.inf
        (milliseconds,) = _LAST_ACK.unpack_from(info, _LAST_ACK_AT)
        return float(milliseconds) / 1000

    def write(self, part: bytes) -> None:
        """Send a part. Only while `free`."""
        assert self._transport is not None, "it is free"
        self._transport.write(b"%x\r\n%b\r\n" % (len(part), part))
