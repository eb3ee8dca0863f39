"""Tracking in memory, for tests."""

from collections.abc import Callable, Sequence
from typing import Any

from showfloor.kernel.tracking import BEGINNING, DeadLetter, StreamPosition, TrackingConflict


class MemoryTracking:
    """A statement is a function to call. `effects` is the list that statements write to: when one of them raises, what
    those before it wrote is taken back.
    """

    def __init__(self, effects: list[Any] | None = None) -> None:
        self._effects: list[Any] = [] if effects is None else effects
        self._positions: dict[str, tuple[int, StreamPosition]] = {}
        self._dead_letters: dict[tuple[str, int], DeadLetter] = {}

    async def position(self, name: str) -> tuple[int, StreamPosition]:
        return self._positions.get(name, (0, BEGINNING))

    async def commit(
        self, statements: Sequence[Callable[[], None]], name: str, position: int, read: StreamPosition, *, after: int
    ) -> None:
        stands_at, _ = self._positions.get(name, (0, BEGINNING))
        if stands_at != after or position <= after:
            raise TrackingConflict(f"{name} stands at {stands_at}: no way from {after} to {position}")
        self._execute(statements)
        self._positions[name] = (position, read)

    async def add_dead_letter(self, name: str, letter: DeadLetter, read: StreamPosition, *, after: int) -> int:
        await self.commit([], name, letter.position, read, after=after)
        self._dead_letters[name, letter.position] = letter
        return len(await self.dead_letters(name))

    async def start_over(self, statements: Sequence[Callable[[], None]], name: str, *, after: int) -> None:
        if self._positions.get(name, (0, BEGINNING))[0] != after:
            raise TrackingConflict(f"{name} does not stand at {after}")
        self._execute(statements)
        self._positions.pop(name, None)
        for key in [key for key in self._dead_letters if key[0] == name]:
            del self._dead_letters[key]

    async def dead_letters(self, name: str) -> list[DeadLetter]:
        return [self._dead_letters[key] for key in sorted(self._dead_letters) if key[0] == name]

    async def keep(self, name: str, letter: DeadLetter) -> int:
        self._dead_letters[name, letter.position] = letter
        return len(await self.dead_letters(name))

    async def forget(self, name: str, position: int) -> None:
        self._dead_letters.pop((name, position), None)

    async def settle_dead_letter(self, statements: Sequence[Callable[[], None]], name: str, position: int) -> None:
        if (name, position) not in self._dead_letters:
            raise TrackingConflict(f"{name} has no dead letter {position}")
        self._execute(statements)
        del self._dead_letters[name, position]

    def _execute(self, statements: Sequence[Callable[[], None]]) -> None:
        before = list(self._effects)
        try:
            for statement in statements:
                statement()
        except BaseException:
            self._effects[:] = before
            raise
