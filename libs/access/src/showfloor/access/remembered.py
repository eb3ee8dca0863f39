"""Answers kept for a while, within a bound of bytes: working one out again costs time, keeping all costs memory.

The only importer of cachetools.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ACTOR_BYTES = 700  # of an actor, measured with tracemalloc and rounded up
ENTRY_BYTES = 500  # of the bookkeeping of an entry


class Remembered(Generic[K, V]):
    """Keeps values for `seconds`, at most `max_bytes` by `weigh(key, value)`; what was used longest ago goes first."""

    def __init__(
        self,
        max_bytes: int,
        seconds: float,
        weigh: Callable[[V], int],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_bytes = max_bytes
        self._weigh = weigh
        self._kept: TTLCache[K, tuple[V, int]] = TTLCache(max_bytes, seconds, elapsed, getsizeof=_weight)

    @property
    def bytes(self) -> int:
        """The weight of what is kept."""
        return int(self._kept.currsize)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Return what is kept under a key, None for nothing."""
        found = self._kept.get(key)
        return None if found is None else found[0]

    def put(self, key: K, value: V) -> None:
        """Keep a value. One that is heavier than all may be together is not kept."""
        weight = self._weigh(value) + ENTRY_BYTES
        if weight <= self._max_bytes:
            self._kept[key] = value, weight

    def drop(self, key: K) -> None:
        """Forget one."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()


def _weight(entry: tuple[object, int]) -> int:
    return entry[1]
