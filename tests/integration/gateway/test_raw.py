"""What comes over a plain connection that no good client would send: refused, or ended, within bounds.

Nothing here measures time. A connection that is not ended leaves a test waiting until its guard runs out.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from showfloor.gateway.http.connection_guard import MAX_HEAD, MAX_HEADERS, MAX_URL, MAX_WAITING
from showfloor.gateway.http.server import serving
from showfloor.gateway.limits import ConnectionLimits
from showfloor.gateway.live import client

HOST = b"Host: showfloor\r\n"
GET = b"GET /v1/watch HTTP/1.1\r\n" + HOST + b"\r\n"
SIGN_IN = b"POST /v1/sign-in HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
PATIENCE = 30.0  # a guard against waiting for ever, no measure
SMUGGLED = b"0\r\n\r\nGET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n"


class Raw:
    """A connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> bool:
        """Send, if anybody still listens."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            return False
        return not self._writer.is_closing()

    async def trickle(self, data: bytes) -> None:
        """Send a byte at a time, until all is sent or the connection is ended."""
        for at in range(len(data)):
            if self._reader.at_eof() or not await self.send(data[at : at + 1]):
                return
            await asyncio.sleep(0.05)

    async def rest(self) -> bytes:
        """Return all that comes until the server ends the connection."""
        got = b""
        try:
            while part := await self._reader.read(65536):
                got += part
        except ConnectionError:
            pass  # ended while we were still sending
        return got

    async def until(self, text: bytes) -> bytes:
        """Return what comes until a text has come."""
        return await self._reader.readuntil(text)


@asynccontextmanager
async def connected(to: Any) -> AsyncIterator[Raw]:
    port = to if isinstance(to, int) else int(to.url.rpartition(":")[2])
    async with asyncio.timeout(PATIENCE):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # what is not read soon stays with the server
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=plain)
        try:
            yield Raw(reader, writer)
        finally:
            writer.close()


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


REFUSED = {
    "a request line that does not end": (b"GET /" + b"a" * (MAX_URL + 1), 414, "URL_TOO_LONG"),
    "a query that is too long": (b"GET /v1/watch?" + b"a" * MAX_URL + b" HTTP/1.1\r\n", 414, "URL_TOO_LONG"),
    "a header that does not end": (GET[:-2] + b"X-A: " + b"a" * (MAX_HEAD * 20), 431, "HEAD_TOO_LARGE"),
    "headers that are too large": (GET[:-2] + b"X-A: " + b"a" * MAX_HEAD + b"\r\n\r\n", 431, "HEAD_TOO_LARGE"),
    "too many headers": (GET[:-2] + b"X-A: a\r\n" * MAX_HEADERS + b"\r\n", 431, "HEAD_TOO_LARGE"),
    "length and chunks": (
        SIGN_IN + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + SMUGGLED, 400, "MALFORMED_HTTP",
    ),
    "chunks and length": (
        SIGN_IN + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + SMUGGLED, 400, "MALFORMED_HTTP",
    ),
    "two lengths": (SIGN_IN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "MALFORMED_HTTP"),
    "chunks by another name": (SIGN_IN + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED, 400, "MALFORMED_HTTP"),
    "chunks, then something else": (
        SIGN_IN + b"Transfer-Encoding: chunked, identity\r\n\r\n" + SMUGGLED, 400, "MALFORMED_HTTP",
    ),
    "a size of a chunk that is none": (
        SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400, "MALFORMED_HTTP",
    ),
    "a length that is none": (SIGN_IN + b"Content-Length: -1\r\n\r\n", 400, "MALFORMED_HTTP"),
    "a length of many digits": (SIGN_IN + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", 400, "MALFORMED_HTTP"),
    "bare line feeds": (b"GET /v1/watch HTTP/1.1\nHost: showfloor\n\n", 400, "MALFORMED_HTTP"),
    "a bare carriage return": (b"GET /v1/watch HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400, "MALFORMED_HTTP"),
    "NUL in the path": (b"GET /v1/\0 HTTP/1.1\r\n" + HOST + b"\r\n", 400, "MALFORMED_HTTP"),
    "NUL in a header": (GET[:-2] + b"X-A: \0\r\n\r\n", 400, "MALFORMED_HTTP"),
    "a space before the colon": (GET[:-2] + b"X-A : a\r\n\r\n", 400, "MALFORMED_HTTP"),
    "a folded header": (GET[:-2] + b"X-A: a\r\n b\r\n\r\n", 400, "MALFORMED_HTTP"),
    "no host": (b"GET /v1/watch HTTP/1.1\r\n\r\n", 400, "MALFORMED_HTTP"),
    "two hosts": (GET[:-2] + b"host: other\r\n\r\n", 400, "MALFORMED_HTTP"),
    "HTTP/0.9": (b"GET /v1/watch\r\n\r\n", 400, "MALFORMED_HTTP"),
    "HTTP/3.0": (b"GET /v1/watch HTTP/3.0\r\n" + HOST + b"\r\n", 400, "MALFORMED_HTTP"),
    "HTTP/2 begun": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "MALFORMED_HTTP"),
    "a method nobody knows": (b"STEAL /v1/watch HTTP/1.1\r\n" + HOST + b"\r\n", 400, "MALFORMED_HTTP"),
    "a tunnel": (b"CONNECT example.com:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400, "MALFORMED_HTTP"),
    "TLS on the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" + bytes(range(256)), 400, "MALFORMED_HTTP"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "status", "code"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_request_is_refused_and_the_connection_ended(
    gateway: Any, said: bytes, status: int, code: str
) -> None:
    async with connected(gateway) as raw:
        await raw.send(said)
        answer = await raw.rest()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert statuses(answer) == [status], answer[:300]
    assert f'"code":"{code}"'.encode() in body
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head


@pytest.mark.parametrize("said", ["", GET[:1].decode(), GET[:-1].decode()], ids=["nothing", "a letter", "nearly all"])
async def test_a_head_that_does_not_come_ends_the_connection(gateway: Any, said: str) -> None:
    async with gateway.beside(head_seconds=0.3) as strict, connected(strict) as raw:
        await raw.send(said.encode())
        assert statuses(await raw.rest()) == ([408] if said else [])


async def test_a_head_that_trickles_ends_the_connection(gateway: Any) -> None:
    async with gateway.beside(head_seconds=0.5) as strict, connected(strict) as raw:
        sending = asyncio.create_task(raw.trickle(GET[:-2] + b"X-A: a\r\n" * 90))
        assert statuses(await raw.rest()) == [408]
        sending.cancel()


async def test_a_second_head_that_trickles_ends_the_connection(gateway: Any) -> None:
    async with gateway.beside(head_seconds=0.5) as strict, connected(strict) as raw:
        await raw.send(GET)
        await raw.until(b'"sessions":[]}')
        sending = asyncio.create_task(raw.trickle(GET[:-2] + b"X-A: a\r\n" * 90))
        assert statuses(await raw.rest()) == [408]
        sending.cancel()


@pytest.mark.parametrize("framing", [b"Content-Length: 500", b"Transfer-Encoding: chunked"])
async def test_a_body_that_trickles_ends_the_connection(gateway: Any, framing: bytes) -> None:
    async with gateway.beside(body_seconds=0.5) as strict, connected(strict) as raw:
        await raw.send(SIGN_IN + framing + b"\r\n\r\n")
        sending = asyncio.create_task(raw.trickle(b"1\r\n{\r\n" * 80))
        assert statuses(await raw.rest()) == [408]
        sending.cancel()


async def test_a_body_that_is_too_large_is_refused_before_it_comes(gateway: Any) -> None:
    async with connected(gateway) as raw:
        await raw.send(SIGN_IN + b"Content-Length: 9999999\r\n\r\n{")
        assert b'"code":"BODY_TOO_LARGE"' in await raw.until(b"}}")


@pytest.mark.parametrize("framing", [b"Transfer-Encoding: chunked", b"Content-Length: 4294967296"])
async def test_a_body_that_grows_too_large_ends_the_connection(gateway: Any, framing: bytes) -> None:
    """The client goes on sending: the answer reaches it, and what it sends is not read for long."""
    async with connected(gateway) as raw:
        await raw.send(SIGN_IN + framing + b"\r\n\r\n")
        reading = asyncio.create_task(raw.until(b"}}"))
        sent = 0
        while await raw.send(b"10000\r\n" + b" " * 65536 + b"\r\n"):
            sent += 65536
            assert sent < 64 * 1024 * 1024, "the server reads on"
            if reading.done():
                await asyncio.sleep(0)
        answer = await reading
        assert statuses(answer) == [413]
        assert b"connection: close" in answer


async def test_a_small_body_after_its_answer_keeps_the_connection(gateway: Any) -> None:
    async with connected(gateway) as raw:
        await raw.send(b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Content-Length: 70000\r\n\r\n")
        assert statuses(await raw.until(b"}")) == [401]
        await raw.send(b" " * 70_000 + GET)
        assert statuses(await raw.until(b'"sessions":[]}')) == [200]


@pytest.mark.parametrize("said", ["", "\r\n"], ids=["nothing", "an empty line"])
async def test_a_connection_that_is_idle_after_an_answer_is_ended(gateway: Any, said: str) -> None:
    async with gateway.beside(idle_seconds=1, head_seconds=1.0) as strict, connected(strict) as raw:
        await raw.send(GET)
        await raw.until(b'"sessions":[]}')
        await raw.send(said.encode())
        assert statuses(await raw.rest()) in ([], [408])


async def test_requests_sent_together_are_answered_in_order(gateway: Any) -> None:
    async with connected(gateway) as raw:
        await raw.send(GET * 3 + GET.replace(b"watch", b"nothing").replace(HOST, HOST + b"Connection: close\r\n"))
        assert statuses(await raw.rest()) == [200, 200, 200, 404]


async def test_too_many_requests_sent_together_end_the_connection(gateway: Any) -> None:
    async with connected(gateway) as raw:
        await raw.send(GET * (MAX_WAITING + 2) * 5)
        assert len(statuses(await raw.rest())) <= MAX_WAITING + 1


async def test_too_many_connections_are_told_so(gateway: Any) -> None:
    async with gateway.beside(max_connections=2) as strict, connected(strict) as one, connected(strict) as two:
        for raw in (one, two):
            await raw.send(GET)
            await raw.until(b'"sessions":[]}')
        async with connected(strict) as three:
            answer = await three.rest()
        assert statuses(answer) == [503]
        assert b"retry-after: 1" in answer


async def large(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):  # more than any buffer between here and there holds
        await send({"type": "http.response.body", "body": b"a" * 1024 * 1024, "more_body": True})
    await send({"type": "http.response.body"})


async def test_an_answer_that_nobody_takes_ends_the_connection() -> None:
    limits = ConnectionLimits(taking=0.5, head=300)
    async with serving(large, "127.0.0.1:0", limits=limits) as port, connected(port) as raw:
        await raw.send(GET)
        while await raw.send(b"\r\n"):  # our side says nothing of the end while it does not read
            await asyncio.sleep(0.05)


async def test_an_upgrade_is_passed_over_and_hides_nothing(gateway: Any) -> None:
    async with gateway.beside(head_seconds=0.5, idle_seconds=1) as strict, connected(strict) as raw:
        await raw.send(GET[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        answer = await raw.rest()
    assert statuses(answer)[:1] == [200]


async def test_a_stream_outlives_every_bound(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "HEARTBEAT_EVERY", 2.0)  # by then every bound has run out
    owner, first = await gateway.owner()
    session_id = await gateway.go_live(owner, first["account_id"])
    ask = f"GET /v1/stream?topics=watch:{session_id} HTTP/1.1\r\nAuthorization: {owner.headers['authorization']}\r\n"
    async with gateway.beside(head_seconds=0.2, body_seconds=0.2, idle_seconds=1) as strict, connected(strict) as raw:
        await raw.send(ask.encode() + HOST + b"\r\n")
        assert statuses(await raw.until(b"event: hello")) == [200]
        await raw.until(b"event: heartbeat")
