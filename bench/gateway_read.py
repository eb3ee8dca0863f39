"""A signed-in caller reads the board of a running LIVE through the gateway, beside the bare framework's hello.

Ours is `GET /v1/sessions/{id}/board` with sign-in, limits, rights and the newest numbers; two comments a second change
them meanwhile. The peer is one route of Starlette that says hello, on a server of the same kind. Checked in the same
run: after a comment is acknowledged, a read that names its position shows it, a read that names none shows it within a
second; a stranger sees nothing, and a token that was revoked nothing a second later.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from bench.harness import ROUNDS, Percentiles, Result, Target, compare, middle, rounds
from bench.http_load import closed, opened
from bench.services import LiveSession, Services, answering, free_port
from showfloor.testing.system import Rest

CALLERS, RATE = 64, 500.0
FRESH_S = 1.0  # how old numbers may be that a read without a position shows


class Room:
    """The LIVE: its comments, and whether reads show them."""

    def __init__(self, services: Services, live: LiveSession) -> None:
        self._services, self._live = services, live
        self._rest, self._said = Rest(services.url, live.token), 0
        self._stranger = Rest(services.url, services.stranger())
        self._board = f"/sessions/{live.session}/board"

    def say(self) -> int:
        """Write a comment as a viewer; return its position."""
        body = {"viewer": {"viewer_ref": f"v{self._said}"}, "text": "How large is it?"}
        position = int(self._rest.post(f"/sessions/{self._live.session}/comments", body)["position"])
        self._said += 1
        return position

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Two comments a second while the block runs."""
        over = threading.Event()

        def talk() -> None:
            while not over.wait(0.5):
                self.say()

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def check(self) -> None:
        """Raise RuntimeError unless reads are right."""
        position = self.say()
        if self._shown(min_position=position) != self._said:
            raise RuntimeError("a read that names a position does not show it")
        self.say()
        time.sleep(FRESH_S)
        if self._shown() != self._said:
            raise RuntimeError(f"a read shows older numbers than those of {FRESH_S} s ago")
        guest = Rest(self._services.url, self._services.sign_in(self._live.user))
        guest.get(self._board)
        self._stranger.refused(404, "SESSION_NOT_FOUND", "GET", self._board)
        guest.post("/sign-out")
        time.sleep(FRESH_S)
        guest.refused(401, "UNAUTHENTICATED", "GET", self._board)

    def _shown(self, **query: int) -> int:
        core = self._rest.get(self._board, **query)["core"]
        return int(next(one["value"] for one in core if one["metric"] == "comments"))


@contextmanager
def hello() -> Iterator[int]:
    """Run the bare framework; yields its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.hello", str(port)])
    try:
        answering(port, "/hello", process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def main(quick: bool) -> list[Result]:
    """Measure both in turn: how many with every caller asking without pause, how late at a steady rate."""
    seconds, n = (1.0, 1) if quick else (2.0, ROUNDS)
    with Services() as services, hello() as port:
        live = services.live_session()
        room, web = Room(services, live), urlsplit(services.url)
        head = f"HTTP/1.1\r\nHost: {web.netloc}\r\nAuthorization: Bearer {live.token}\r\n\r\n"
        sides = {
            "ours": (web.port or 80, f"GET /v1/sessions/{live.session}/board {head}"),
            "hello": (port, f"GET /hello {head}"),
        }

        def most(name: str) -> float:
            with room.talking():
                return closed(*sides[name], CALLERS, seconds)

        def late(name: str) -> Percentiles:
            with room.talking():
                return opened(*sides[name], CALLERS, seconds, RATE)

        answers = rounds({name: partial(most, name) for name in sides}, n)
        delays = rounds({name: partial(late, name) for name in sides}, n)
        room.check()
    return [
        compare(
            f"read of a board, {CALLERS} callers",
            "answers/s",
            answers["ours"],
            answers["hello"],
            target=Target(ratio_min=0.5),
            note="peer: Starlette's hello on uvicorn",
        ),
        compare(
            f"read of a board at {RATE:g}/s, p99",
            "ms",
            [one.p99 for one in delays["ours"]],
            [one.p99 for one in delays["hello"]],
            ours_latency=middle(delays["ours"]),
            peer_latency=middle(delays["hello"]),
        ),
    ]
