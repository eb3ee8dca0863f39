"""The health port tells how the process is, and shrugs off nonsense."""

import asyncio
import socket
from contextlib import suppress

import pytest

from showfloor.embedded.probes import http_probe
from showfloor.platform import health as module
from showfloor.platform.health import Health, serve_health


@pytest.mark.parametrize(
    ("act", "alive", "ready"),
    [
        (lambda health: None, True, False),
        (lambda health: health.ready(), True, True),
        (lambda health: (health.ready(), health.waiting("nats", "away")), True, False),
        (lambda health: (health.ready(), health.wait_for("views", lambda: "at position 3 of 9")), True, False),
        (lambda health: (health.ready(), health.wait_for("views", lambda: "")), True, True),
        (lambda health: (health.ready(), health.watch("writer", lambda: True)), True, True),
        (lambda health: (health.ready(), health.watch("writer", lambda: False)), False, False),
    ],
)
def test_alive_and_ready_are_two_questions(act, alive: bool, ready: bool) -> None:
    health = Health()
    act(health)
    assert (health.answer("/healthz")[0] == 200) is alive
    assert (health.answer("/readyz")[0] == 200) is ready


async def test_the_port_answers_probes_and_scrapers() -> None:
    health = Health()
    async with serve_health(health, "127.0.0.1:0") as port:
        assert await http_probe(port, "/healthz") is None
        assert await http_probe(port, "/readyz") == "/readyz: start: the process is starting"
        assert await http_probe(port, "/metrics") is None
        assert await http_probe(port, "/other") is not None
    assert "/healthz" in str(await http_probe(port, "/healthz"))


async def sent(port: int, request: bytes) -> bytes:
    """Return all that the port answers to these bytes, up to its end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        with suppress(ConnectionError):
            return await reader.read()
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("nonsense", [b"\r\n\r\n", b"x" * 20_000, b"\xff\xfe \r\n\r\n", b"GET /healthz HTTP/9\r\n\r\n"])
async def test_nonsense_gets_no_answer_and_does_no_harm(nonsense: bytes) -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        assert await sent(port, nonsense) == b""
        assert await http_probe(port, "/healthz") is None


async def test_a_head_without_an_end_is_cut_off() -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        assert await sent(port, b"GET /healthz HTTP/1.1\r\n" + b"A: b\r\n" * 20_000) == b""
        assert await http_probe(port, "/healthz") is None


async def test_a_scraper_is_told_what_it_reads() -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        head, _, body = (await sent(port, b"GET /metrics?name=a HTTP/1.1\r\nHost: a\r\n\r\n")).partition(b"\r\n\r\n")
    lines = head.lower().splitlines()
    assert lines[0].startswith(b"http/1.1 200")
    assert b"content-type: text/plain; version=0.0.4; charset=utf-8" in lines
    assert f"content-length: {len(body)}".encode() in lines
    assert b"cache-control: no-store" in lines and b"connection: close" in lines
    assert b"# TYPE " in body


async def test_who_asks_for_the_head_alone_gets_it() -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        head = await sent(port, b"HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        whole = await sent(port, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert whole == head + b"ok\n"
    assert b"content-length: 3" in head.lower()


async def test_every_reason_is_told_with_503() -> None:
    health = Health()
    health.waiting("nats", "away")
    async with serve_health(health, "127.0.0.1:0") as port:
        answer = await sent(port, b"GET /readyz HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert answer.endswith(b"\r\n\r\nnats: away\nstart: the process is starting\n")


async def test_a_client_that_says_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    async with serve_health(Health(), "127.0.0.1:0") as port:
        assert await sent(port, b"") == b""
        assert await sent(port, b"GET /healthz HTT") == b""


async def test_a_client_that_takes_no_answer_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    monkeypatch.setattr(module, "exposition", lambda: b"x" * 64 * 1024 * 1024)
    left: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await module.answer_one(Health(), reader, writer)
        left.set_result(writer.transport.get_write_buffer_size())

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        with socket.create_connection(server.sockets[0].getsockname()) as client:
            client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            assert await left == 0, "nothing is kept for it"


async def test_many_idle_clients_keep_no_probe_out() -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3 * module._MOST)]
        assert await http_probe(port, "/healthz") is None
        for reader, _ in idle[: module._MOST]:
            with suppress(ConnectionError):
                assert await reader.read() == b""
        for _, writer in idle:
            writer.close()
