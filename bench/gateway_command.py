"""A one-event command through the gateway, beside a bare grpc.aio echo between two processes.

Ours is `POST /v1/sessions/{id}/comments`: sign-in, limits, Idempotency-Key, transcoding, gRPC, rights, rule, group
commit, answer. The peer is a unary call with a message of the same size, uvloop on both sides, nothing behind it.
Closed loop, the same callers on both sides. Checked in the same run: every acknowledged comment is listed once.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from functools import partial
from typing import Any

import grpc.aio
import uvloop

from bench.harness import ROUNDS, Percentiles, Result, Target, compare, middle, percentiles, rounds
from bench.http import Client
from bench.services import LiveSession, Services
from showfloor.testing.system import Rest

CALLERS, BODY = 48, 120  # bytes of the echo: what the command's message has
METHOD = "/bench.Echo/Say"


async def commands(services: Services, live: LiveSession, name: str, count: int, took: list[float]) -> float:
    """Write `count` comments with every caller asking without pause; return answers per second."""
    numbers = iter(range(count))
    async with Client(services.url, live.token, CALLERS) as http:

        async def caller() -> None:
            for number in numbers:
                body = {"viewer": {"viewer_ref": f"v{number % 500}"}, "text": f"How large is it? {number}"}
                began = time.perf_counter()
                path = f"/v1/sessions/{live.session}/comments"
                await http.post(path, json.dumps(body).encode(), f"{name}-{number}")
                took.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return count / (time.perf_counter() - began)


async def echoes(port: int, count: int, took: list[float]) -> float:
    """Ask the bare server; return answers per second."""
    numbers = iter(range(count))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        say: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(METHOD)

        async def caller() -> None:
            for _ in numbers:
                began = time.perf_counter()
                await say(b"x" * BODY, timeout=10)
                took.append(time.perf_counter() - began)

        await say(b"first", timeout=10, wait_for_ready=True)
        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return count / (time.perf_counter() - began)


def main(quick: bool) -> list[Result]:
    """Measure both in turn."""
    count, n = (1_000, 1) if quick else (6_000, ROUNDS)
    delays: dict[str, list[Percentiles]] = {"ours": [], "echo": []}
    runs, written = itertools.count(), [0]
    echo = subprocess.Popen([sys.executable, "-m", "bench.gateway_command"], stdout=subprocess.PIPE, text=True)
    try:
        assert echo.stdout is not None
        port = int(echo.stdout.readline())
        with Services() as services:
            live = services.live_session()

            def run(side: str) -> float:
                took: list[float] = []
                if side == "ours":
                    rate = uvloop.run(commands(services, live, f"run{next(runs)}", count, took))
                    written[0] += count
                else:
                    rate = uvloop.run(echoes(port, count, took))
                delays[side].append(percentiles(took))
                return rate

            uvloop.run(commands(services, live, "warm", 200, []))
            figures = rounds({side: partial(run, side) for side in delays}, n)
            check(Rest(services.url, live.token), live.session, written[0] + 200)
    finally:
        echo.kill()
        echo.wait()
    return [
        compare(
            f"command through the gateway, {CALLERS} callers",
            "commands/s",
            figures["ours"],
            figures["echo"],
            target=Target(ratio_min=0.6),
            ours_latency=middle(delays["ours"]),
            peer_latency=middle(delays["echo"]),
            note="peer: bare grpc.aio echo",
        )
    ]


def check(rest: Rest, session: str, wanted: int) -> None:
    """Raise RuntimeError unless every acknowledged comment is there, once."""
    texts: list[str] = []
    token = ""
    while True:
        page = rest.get(f"/sessions/{session}/comments", page_size=200, page_token=token)
        texts += [one["comment_id"] for one in page["comments"]]
        token = page.get("next_page_token", "")
        if not token:
            break
    if len(texts) != wanted or len(set(texts)) != wanted:
        raise RuntimeError(f"{wanted} comments acknowledged, {len(texts)} listed, {len(set(texts))} different")


async def serve() -> None:
    """Answer every call with what it brought. `python -m bench.gateway_command` is this; it prints its port."""

    async def say(request: bytes, _: Any) -> bytes:
        return request

    server = grpc.aio.server()
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(say)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Echo", {"Say": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(serve())
