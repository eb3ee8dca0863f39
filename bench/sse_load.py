"""Many event streams read by one lean process: `python -m bench.sse_load`, told on standard input what to do.

A frame carries `"title":"t<20 digits>"`: when it was due, in nanoseconds of the machine's monotonic clock. That is all
that is looked for; a general client would cost more processor time per frame than the server that is measured.
"""

import json
import select
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import IO, Any, Self

MARK = b'"title":"t'
DIGITS = 20
PATIENCE_S = 30.0
AT_ONCE = 100  # connections opened before waiting for their answers


def stamp(at: float) -> str:
    """Return the title of a frame that is due at a moment of `time.perf_counter`."""
    return f"t{int(at * 1e9):0{DIGITS}d}"


class Readers:
    """A process that reads streams, from the side of the one who measures."""

    def __init__(self, port: int, requests: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.sse_load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ask({"port": port, "requests": requests})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def begin(self) -> None:
        """Count from now on."""
        self._ask({"do": "begin"})

    def end(self, last: str) -> dict[str, Any]:
        """Wait until every stream has brought the frame with title `last`; return what was counted since `begin`."""
        return self._ask({"do": "end", "last": last})

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the reader of streams ended: see above")
        found: dict[str, Any] = json.loads(answer)
        return found


@dataclass
class _Counts:
    """What came since `begin`. Times in nanoseconds."""

    frames: int = 0
    backwards: int = 0
    latencies: list[int] = field(default_factory=list)
    cpu: float = field(default_factory=time.process_time)
    first: int = 0  # when the first frame was due
    last: int = 0  # when the last one came


class _Reader:
    """All streams, in one loop."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._newest: dict[int, int] = {}
        self._rest: dict[int, bytes] = {}
        self.counts = _Counts()

    def connect(self, port: int, requests: list[str]) -> None:
        """Open a stream for each request, and wait for its first bytes."""
        for start in range(0, len(requests), AT_ONCE):
            opened = []
            for request in requests[start : start + AT_ONCE]:
                one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
                one.sendall(request.encode())
                opened.append(one)
            for one in opened:
                head = one.recv(65536)
                if b" 200 " not in head.split(b"\r\n", 1)[0]:
                    raise SystemExit(f"refused: {head[:500]!r}")
                one.setblocking(False)
                self._sockets[one.fileno()] = one
                self._newest[one.fileno()] = 0
                self._poll.register(one.fileno(), select.EPOLLIN)

    def read(self, timeout: float) -> None:
        """Take what has come."""
        sockets, newest, counts = self._sockets, self._newest, self.counts
        events = self._poll.poll(timeout, 256)
        for fd, _ in events:
            data = sockets[fd].recv(262144)
            if not data:
                raise SystemExit("a stream ended")
            now = time.perf_counter_ns()
            if fd in self._rest:
                data = self._rest.pop(fd) + data
            at = data.find(MARK)
            while at >= 0:
                start = at + len(MARK)
                if len(data) < start + DIGITS:
                    break
                sent = int(data[start : start + DIGITS])
                counts.first = counts.first or sent
                counts.frames += 1
                counts.latencies.append(now - sent)
                if sent < newest[fd]:
                    counts.backwards += 1
                newest[fd] = sent
                at = data.find(MARK, start)
            if at >= 0:
                self._rest[fd] = data[at:]
            elif data[-2:] not in {b"\n\n", b"\r\n"}:  # the mark may be cut in two
                self._rest[fd] = data[-len(MARK) :]
            counts.last = now

    def until(self, last: int) -> int:
        """Read until every stream has brought the frame `last`; return how many have not in time."""
        end = time.monotonic() + PATIENCE_S
        while (missing := sum(seen < last for seen in self._newest.values())) and time.monotonic() < end:
            for _ in range(16):  # between two looks at all
                self.read(0.005)
        return missing


def _serve(orders: IO[str]) -> None:
    reader, poll = _Reader(), select.poll()
    poll.register(orders.fileno(), select.POLLIN)
    while True:
        if poll.poll(0):
            line = orders.readline()
            if not line:
                return
            print(json.dumps(_obey(reader, json.loads(line))), flush=True)
        reader.read(0.02)


def _obey(reader: _Reader, order: dict[str, Any]) -> dict[str, Any]:
    if "requests" in order:
        reader.connect(order["port"], order["requests"])
        return {}
    if order["do"] == "begin":
        reader.counts = _Counts()
        return {}
    missing = reader.until(int(order["last"][1:]))
    found, reader.counts = reader.counts, _Counts()
    ordered = sorted(found.latencies)
    shares, seconds = (0.5, 0.99, 0.999), (found.last - found.first) / 1e9
    return {
        "missing": missing,
        "backwards": found.backwards,
        "frames": found.frames,
        "seconds": seconds,
        "busy": (time.process_time() - found.cpu) / max(seconds, 1e-9),
        "ms": [ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6 for share in shares] if ordered else [],
    }


if __name__ == "__main__":
    _serve(sys.stdin)
