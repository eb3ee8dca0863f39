"""Tracking in memory, for tests."""

from collections.abc import Callable, Sequence

from showfloor.kernel.tracking import Hint, Parked, TrackingConflict


class MemoryTracking:
    """A statement is a function to call. When one raises, what those before it did stays done."""

    def __init__(self) -> None:
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
        for statement in statements:
            statement()
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
        for statement in statements:
            statement()
        del self._parked[name, position]
