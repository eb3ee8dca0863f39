"""Changes what a NATS server delivers: messages twice, lost, or in another order. Everything else passes untouched."""

import random
import re
from collections.abc import Callable

from showfloor.testing.links import Filter

_HEAD = re.compile(rb"(H?MSG) (?:\S+ ){2,3}(?:\d+ )?(\d+)\r\n")
_LIMIT = 64 * 1024  # a line that is no message is never longer


class Noise:
    """How often a message is changed, 0 to 1, and how often each thing happened. One for all connections of a link."""

    def __init__(self, chance: random.Random) -> None:
        self.share = 0.0
        self.counts = {"twice": 0, "lost": 0, "later": 0}
        self._chance = chance

    def filters(self) -> Callable[[], Filter]:
        """Return what makes a filter for each connection."""
        return lambda: _Deliveries(self).take

    def pick(self) -> str:
        """Return what happens to a message; "" for nothing."""
        if self._chance.random() >= self.share:
            return ""
        what = self._chance.choice(list(self.counts))
        self.counts[what] += 1
        return what


class _Deliveries:
    """Cuts one connection's bytes into protocol frames."""

    def __init__(self, noise: Noise) -> None:
        self._noise = noise
        self._rest = b""
        self._later = b""

    def take(self, data: bytes) -> bytes:
        self._rest += data
        out: list[bytes] = []
        while frame := self._next():
            out.append(self._changed(frame))
        return b"".join(out)

    def _next(self) -> bytes:
        line = self._rest.find(b"\r\n")
        if line < 0:
            assert len(self._rest) < _LIMIT, "a NATS server ends its lines"
            return b""
        head = _HEAD.match(self._rest)
        size = line + 2 + (int(head[2]) + 2 if head else 0)
        if len(self._rest) < size:
            return b""
        frame, self._rest = self._rest[:size], self._rest[size:]
        return frame

    def _changed(self, frame: bytes) -> bytes:
        what = self._noise.pick() if _HEAD.match(frame) else ""
        held, self._later = self._later, b""
        if what == "lost":
            return held
        if what == "twice":
            return frame + frame + held
        if what == "later":
            self._later = frame
            return held
        return frame + held
