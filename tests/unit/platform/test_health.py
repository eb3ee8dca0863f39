"""The health port tells how the process is, and shrugs off nonsense."""

import asyncio

import pytest

from showfloor.embedded.probes import http_probe
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
    assert health.answer("/healthz")[0].startswith("200") is alive
    assert health.answer("/readyz")[0].startswith("200") is ready


async def test_the_port_answers_probes_and_scrapers() -> None:
    health = Health()
    async with serve_health(health, "127.0.0.1:0") as port:
        assert await http_probe(port, "/healthz") is None
        assert await http_probe(port, "/readyz") == "/readyz: start: the process is starting"
        assert await http_probe(port, "/metrics") is None
        assert await http_probe(port, "/other") is not None
    assert "/healthz" in str(await http_probe(port, "/healthz"))


async def test_nonsense_gets_no_answer_and_does_no_harm() -> None:
    async with serve_health(Health(), "127.0.0.1:0") as port:
        for nonsense in (b"\r\n\r\n", b"x" * 20_000, b"\xff\xfe \r\n\r\n"):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(nonsense)
            writer.close()
        assert await http_probe(port, "/healthz") is None
