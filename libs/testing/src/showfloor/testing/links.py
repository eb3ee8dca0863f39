"""A connection between two processes that a test can break: latency, reset, black hole, slow drip, half close.

`Link` listens where one side is told to connect, and passes bytes on to where the other side listens. Both ends may
be "host:port" or the path of a Unix socket in a folder that is there. A fault holds for open and new
connections.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

CHUNK = 64 * 1024
DRIP_BYTES, DRIP_PAUSE = 64, 0.005  # bytes at once and seconds between them: about 12 KB/s


class Fault(Enum):
    """What can be wrong with a link."""

    LATENCY = "latency"  # every chunk comes late
    RESET = "reset"  # connections break, half an answer sent; new ones break at their first answer
    BLACK_HOLE = "black hole"  # nothing comes through, nothing says so
    DRIP = "slow drip"  # a few bytes at a time
    HALF_CLOSE = "half close"  # the side that answers says it is done; the other goes on sending


@dataclass(frozen=True)
class Injected:
    """A fault, and for LATENCY its seconds."""

    fault: Fault
    seconds: float = 0.0


Filter = Callable[[bytes], bytes]
"""Sees what a listener's answers bring, and says what is passed on in their place. One is made per connection."""


class Link:
    """Use `start`, `inject`, `heal`, `stop` inside one event loop."""

    def __init__(self, listen: str, target: Callable[[], str], filters: Callable[[], Filter] | None = None) -> None:
        self.passed = 0  # bytes
        self._listen, self._target, self._filters = listen, target, filters
        self._injected: Injected | None = None
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        if self._listen.startswith("/"):
            self._server = await asyncio.start_unix_server(self._accept, self._listen)
        else:
            host, _, port = self._listen.rpartition(":")
            self._server = await asyncio.start_server(self._accept, host, int(port))

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def inject(self, fault: Fault, seconds: float = 0.0) -> None:
        """Make the link bad from now on."""
        self._injected = Injected(fault, seconds)
        self._wake()

    def heal(self) -> None:
        """Make it good again. What a black hole has swallowed is gone with its connections."""
        lost = self._injected is not None and self._injected.fault in (Fault.BLACK_HOLE, Fault.HALF_CLOSE)
        self._injected = None
        self._wake()
        if lost:
            self.end()

    def end(self) -> None:
        """End every connection. Those that follow go wherever the target is then."""
        for task in list(self._open):
            task.cancel()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # The connection is over: that is what links are for. A closed transport is uvloop's RuntimeError.
            with suppress(OSError, RuntimeError, asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._open.discard(task)
            _abort(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = self._target()
        if target.startswith("/"):
            far_reader, far_writer = await asyncio.open_unix_connection(target)
        else:
            host, _, port = target.rpartition(":")
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
        answers = self._filters() if self._filters else None
        ways = [
            asyncio.ensure_future(self._pump(reader, far_writer, None, answering=False)),
            asyncio.ensure_future(self._pump(far_reader, writer, answers, answering=True)),
        ]
        try:
            await asyncio.gather(*ways)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            _abort(far_writer)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, answers: Filter | None, *, answering: bool
    ) -> None:
        while data := await source.read(CHUNK):
            data = answers(data) if answers else data
            self.passed += len(data)
            await self._pass(data, sink, answering)
        with suppress(OSError, RuntimeError):
            sink.write_eof()

    async def _pass(self, data: bytes, sink: asyncio.StreamWriter, answering: bool) -> None:
        while (injected := self._injected) is not None and injected.fault is Fault.BLACK_HOLE:
            await self._changed.wait()
        match injected:
            case Injected(Fault.LATENCY, seconds):
                await asyncio.sleep(seconds)
            case Injected(Fault.RESET) if answering:
                sink.write(data[: len(data) // 2])
                with suppress(OSError):
                    await sink.drain()
                raise ConnectionResetError
            case Injected(Fault.HALF_CLOSE) if answering:
                with suppress(OSError, RuntimeError):
                    sink.write_eof()
                await self._changed.wait()
                raise ConnectionResetError
            case Injected(Fault.DRIP):
                while data and self._injected == injected:
                    sink.write(data[:DRIP_BYTES])
                    await sink.drain()
                    data = data[DRIP_BYTES:]
                    await asyncio.sleep(DRIP_PAUSE)
        if data:
            sink.write(data)
            await sink.drain()


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, as a process does that is gone."""
    found: socket.socket | None = writer.get_extra_info("socket")
    if found is not None and found.family == socket.AF_INET:
        with suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
