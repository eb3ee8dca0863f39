"""Moments on both clocks of a machine: tokens are kept by the one and judged by the other."""

import time
from typing import NamedTuple


class Instant(NamedTuple):
    """One moment on two clocks: `elapsed` never jumps and stands still while a laptop sleeps, `wall` is set by people.

    What is kept for some seconds but judged elsewhere by its wall time (a signed token) needs both.
    """

    elapsed: float  # seconds of time.monotonic()
    wall: float  # Unix seconds

    @classmethod
    def now(cls) -> "Instant":
        """Return this moment."""
        return cls(time.monotonic(), time.time())

    def within(self, seconds: float, now: "Instant", apart: float) -> bool:
        """Tell whether `now` is less than `seconds` later, and no clock was set by more than `apart` seconds since."""
        elapsed = now.elapsed - self.elapsed
        return elapsed < seconds and abs(now.wall - self.wall - elapsed) <= apart
