"""Tracking in memory, for tests."""

from collections.abc import Callable, Sequence
from typing import Any

from showfloor.kernel.tracking import Hint, Parked, TrackingConflict


class MemoryTracking:
    """A statement is a function to call. `effects` is the list that statements write to: when one of them raises, what
    those before it wrote is taken back.
    """

    def __init__(self, effects: list[Any] | None = None) -> None:
        self._effects: list[Any] = [] if effects is None else effects
        self._positions: dict[str, tuple[int, Hint]] = {}
        self._parked: dict[tuple[str, int], Parked] = {}

    async def position(self, name: str) -> tuple[int, Hint]:
        return self._positions.get(name, (0, {}))

    async def commit(
        self, statements: Sequence[Callable[[], None]], name: str, position: int, hint: Hint, *, after: int
    ) -> None:
        stands_at, _ = self._positions.get(name, (0, {}))
        if stands_at != after or position <= after:
            raise TrackingConflict(f"{name} stands at {stands_at}: no way from {after} to {position}")
        self._execute(statements)
        self._positions[name] = (position, dict(hint))

    async def park(self, name: str, parked: Parked, hint: Hint, *, after: int) -> int:
        await self.commit([], name, parked.position, hint, after=after)
        self._parked[name, parked.position] = parked
        return len(await self.parked(name))

    async def parked(self, name: str) -> list[Parked]:
        return [self._parked[key] for key in sorted(self._parked) if key[0] == name]

    async def keep(self, name: str, parked: Parked) -> int:
        self._parked[name, parked.position] = parked
        return len(await self.parked(name))

    async def forget(self, name: str, position: int) -> None:
        self._parked.pop((name, position), None)

    async def unpark(self, statements: Sequence[Callable[[], None]], name: str, position: int) -> None:
        if (name, position) not in self._parked:
            raise TrackingConflict(f"{name} has no parked message {position}")
        self._execute(statements)
        del self._parked[name, position]

    def _execute(self, statements: Sequence[Callable[[], None]]) -> None:
        before = list(self._effects)
        try:
            for statement in statements:
                statement()
        except BaseException:
            self._effects[:] = before
            raise
