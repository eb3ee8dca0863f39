"""A lean HTTP/1.1 client: a general one costs more processor time per request than the server that it measures."""

import asyncio
from collections.abc import AsyncIterator
from typing import Self
from urllib.parse import urlsplit


class Client:
    """Keep-alive connections to one server, at most `connections` at once."""

    def __init__(self, url: str, token: str, connections: int = 64) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._slots = asyncio.Semaphore(connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for _reader, writer in self._idle:
            writer.close()

    async def get(self, path: str) -> bytes:
        """Return the body of the answer. Raises RuntimeError when it is not a 2xx."""
        return await self._exchange(f"GET {path}", f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def post(self, path: str, body: bytes, key: str) -> bytes:
        """Return the body of the answer. Raises RuntimeError when it is not a 2xx."""
        head = f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self._exchange(f"POST {path}", f"POST {path} HTTP/1.1\r\n{self._head}{head}".encode() + body)

    async def post_protobuf(self, path: str, body: bytes) -> bytes:
        """Like post, for a route that needs no key."""
        head = f"Content-Type: application/x-protobuf\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self._exchange(f"POST {path}", f"POST {path} HTTP/1.1\r\n{self._head}{head}".encode() + body)

    async def _exchange(self, what: str, request: bytes) -> bytes:
        async with self._slots:
            reader, writer = self._idle.pop() if self._idle else await self._connect()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            answer = await reader.readexactly(int(fields["content-length"]))
            self._idle.append((reader, writer))
        if not head.split(" ", 2)[1].startswith("2"):
            raise RuntimeError(f"{what}: {head.splitlines()[0]}: {answer[:300]!r}")
        return answer

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """Yield the lines of an event stream. HTTP/1.0, so that none is cut by a chunk."""
        reader, writer = await self._connect()
        try:
            writer.write(f"GET {path} HTTP/1.0\r\n{self._head}Accept: text/event-stream\r\n\r\n".encode())
            while line := await reader.readline():
                yield line
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port, limit=2**22)
