"""Limits on guessing passwords. Only failures count, so that success slows no owner of a password down."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from showfloor.kernel.refusal import Refusal, RefusalKind

WINDOW_S = 300.0
PER_PAIR = 5  # failures of one address from one place in a window
PER_PLACE = 50  # failures from one place, whatever the address
REMEMBERED = 20_000


class Attempts:
    """Failed sign-ins of this process, in memory. A known and an unknown address count alike."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def admit(self, email: str, place: str) -> None:
        """Return if one more guess is allowed, and count it as failed until `forgive`. Raises RATE_LIMITED.

        Counted before the check, so that a thousand guesses sent at once do not slip through together.
        """
        now = self._clock()
        limits = (((email, place), PER_PAIR), (("", place), PER_PLACE))
        for key, limit in limits:
            times = self._recent(key, now)
            if len(times) >= limit:
                raise _limited(times[0] + WINDOW_S - now)
        for key, _ in limits:
            self._failures.setdefault(key, deque()).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def forgive(self, email: str, place: str) -> None:
        """The password was right: the pair starts anew, the place gets its last guess back."""
        self._failures.pop((email, place), None)
        if place_times := self._failures.get(("", place)):
            place_times.pop()

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        times = self._failures.get(key)
        if times is None:
            return deque()
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        if not times:
            del self._failures[key]
        return times


def _limited(wait: float) -> Refusal:
    text = "Too many failed sign-ins: wait a few minutes, or ask an operator for a sign-in link."
    return Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"retry_after_s": str(int(wait) + 1)})
