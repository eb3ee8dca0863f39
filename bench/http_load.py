"""One GET over and over by one lean process: `python -m bench.http_load`, told on standard input what to do.

Closed loop: every connection asks again as soon as it is answered. Open loop: requests are due at a steady rate, and
wait for a free connection; their latency counts from when they were due.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections import deque
from typing import Any

from bench.harness import Percentiles, percentiles

LENGTH, END = b"\r\ncontent-length: ", b"\r\n\r\n"


def closed(port: int, request: str, connections: int, seconds: float) -> float:
    """Return answers per second."""
    found = _run({"port": port, "request": request, "connections": connections, "seconds": seconds, "rate": 0})
    return float(found["answers"] / found["seconds"])


def opened(port: int, request: str, connections: int, seconds: float, rate: float) -> Percentiles:
    """Return latencies at a rate."""
    found = _run({"port": port, "request": request, "connections": connections, "seconds": seconds, "rate": rate})
    return Percentiles(*found["latency"])


def _run(what: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.http_load"], input=json.dumps(what), stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class _Caller:
    """All connections, in one loop. Any answer but 200 ends it."""

    def __init__(self, port: int, request: bytes, connections: int) -> None:
        self._request, self._poll = request, select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._since: dict[int, float] = {}
        self._rest: dict[int, bytes] = {}
        self.idle: list[int] = []
        self.latencies: list[float] = []
        for _ in range(connections):
            one = socket.create_connection(("127.0.0.1", port))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[one.fileno()] = one
            self._poll.register(one.fileno(), select.EPOLLIN)
            self.idle.append(one.fileno())

    def ask(self, due: float) -> None:
        """Send a request on an idle connection."""
        fd = self.idle.pop()
        self._since[fd] = due
        self._sockets[fd].sendall(self._request)

    def read(self, timeout: float) -> None:
        """Take the answers that have come."""
        for fd, _ in self._poll.poll(timeout):
            data = self._rest.pop(fd, b"") + self._sockets[fd].recv(262144)
            if not data.startswith(b"HTTP/1.1 200 "):
                raise SystemExit(f"answered: {data[:500]!r}")
            end = data.find(END)
            at = data.find(LENGTH, 0, end) + len(LENGTH)
            if end < 0 or len(data) < end + len(END) + int(data[at : data.index(b"\r", at)]):
                self._rest[fd] = data
                continue
            self.latencies.append(time.perf_counter() - self._since.pop(fd))
            self.idle.append(fd)


def _closed(caller: _Caller, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        while caller.idle:
            caller.ask(now)
        caller.read(0.1)


def _opened(caller: _Caller, seconds: float, rate: float) -> None:
    start, asked, waiting = time.perf_counter() + 0.1, 0, deque[float]()
    while len(caller.latencies) < int(rate * seconds):
        now = time.perf_counter()
        while asked < int(rate * seconds) and start + asked / rate <= now:
            waiting.append(start + asked / rate)
            asked += 1
        while waiting and caller.idle:
            caller.ask(waiting.popleft())
        caller.read(max(0.0, min(0.1, start + asked / rate - time.perf_counter())))


def _main(what: dict[str, Any]) -> None:
    caller = _Caller(what["port"], what["request"].encode(), what["connections"])
    begun = time.perf_counter()
    if what["rate"]:
        _opened(caller, what["seconds"], what["rate"])
    else:
        _closed(caller, what["seconds"])
    seconds = time.perf_counter() - begun
    print(json.dumps({"answers": len(caller.latencies), "seconds": seconds, "latency": percentiles(caller.latencies)}))


if __name__ == "__main__":
    _main(json.load(sys.stdin))
