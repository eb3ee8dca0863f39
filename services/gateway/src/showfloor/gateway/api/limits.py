"""How often somebody may ask: token buckets in memory, in a table of bounded size."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_BUCKETS = 50_000


class Limiter:
    """One bucket per key: `rate` tokens a second flow in, `burst` fit."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, cost: float = 1.0) -> None:
        """Take `cost` tokens of a key's bucket. Raises Refusal LIMIT (RATE_LIMITED) with `retry_after_s`."""
        now = self._clock()
        level, at = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        allowed = level >= cost
        self._buckets[key] = (level - cost if allowed else level, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)  # the one unused for longest: its bucket is the fullest
        if not allowed:
            wait = str(max(1, math.ceil((cost - level) / self._rate)))
            text = f"Too many requests: try again in {wait} s."
            raise Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"retry_after_s": wait})
