"""Tracking in memory, for tests: effects and positions change together or not at all."""

from collections.abc import Callable, Sequence

from showfloor.messaging.tracking import Hint, Parked


class MemoryTracking:
    """A statement is a function to call; `before_commit` may raise to play a database that fails."""

    def __init__(self) -> None:
        self.before_commit: Callable[[], None] = lambda: None
        self._positions: dict[str, tuple[int, Hint]] = {}
        self._parked: dict[tuple[str, int], Parked] = {}

    async def position(self, name: str) -> tuple[int, Hint]:
        return self._positions.get(name, (0, {}))

    async def commit(
        self, statements: Sequence[Callable[[], None]], name: str, position: int, hint: Hint, *, after: int
    ) -> None:
        self.before_commit()
        if self._positions.get(name, (0, {}))[0] != after:
            raise ValueError(f"{name} does not stand at {after}")
        for statement in statements:
            statement()
        self._positions[name] = (position, hint)

    async def park(self, name: str, parked: Parked, hint: Hint, *, after: int) -> int:
        await self.commit([], name, parked.position, hint, after=after)
        self._parked[name, parked.position] = parked
        return len(await self.parked(name))

    async def parked(self, name: str) -> Sequence[Parked]:
        return [self._parked[key] for key in sorted(self._parked) if key[0] == name]

    async def unpark(self, statements: Sequence[Callable[[], None]], name: str, position: int) -> None:
        self.before_commit()
        del self._parked[name, position]
        for statement in statements:
            statement()
