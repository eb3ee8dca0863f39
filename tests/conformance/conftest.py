"""Both trackings, each with effects that a test can write, break, read and take back."""

from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.tracking import PostgresTracking
from showfloor.messaging.tracking import Tracking
from showfloor.testing.memory_tracking import MemoryTracking


class MemoryBooks:
    """Effects are entries of a list."""

    def __init__(self) -> None:
        self.effects: list[int] = []
        self.tracking: Tracking[Callable[[], None]] = MemoryTracking(self.effects)

    def effect(self, number: int) -> Callable[[], None]:
        return lambda: self.effects.append(number)

    def broken(self) -> Callable[[], None]:
        return lambda: self.effects.extend([1 // 0])

    def emptied(self) -> Callable[[], None]:
        return self.effects.clear

    def forget_after(self, name: str, position: int, last: int) -> None:
        """Become an older copy: the name stands at `position`, effects end with `last`."""
        self.tracking._positions[name] = (position, {})  # type: ignore[attr-defined]
        self.effects[:] = [n for n in self.effects if n <= last]


class PostgresBooks:
    """Effects are rows, in the order in which they were written."""

    def __init__(self, dsn: str, database: Database) -> None:
        self.tracking: Tracking[Statement] = PostgresTracking(database)
        self._look = psycopg.connect(dsn, autocommit=True)
        self._look.execute("CREATE TABLE effect (at serial, n int)")

    @property
    def effects(self) -> list[int]:
        return [n for (n,) in self._look.execute("SELECT n FROM effect ORDER BY at").fetchall()]

    def effect(self, number: int) -> Statement:
        return Statement("INSERT INTO effect (n) VALUES (%s)", rows=[(number,)])

    def broken(self) -> Statement:
        return Statement("SELECT 1 / 0")

    def emptied(self) -> Statement:
        return Statement("DELETE FROM effect")

    def forget_after(self, name: str, position: int, last: int) -> None:
        """Become an older copy: the name stands at `position`, effects end with `last`."""
        self._look.execute(
            "UPDATE notification_tracking SET notification_id = %s WHERE application_name = %s", (position, name)
        )
        self._look.execute("DELETE FROM effect WHERE n > %s", (last,))

    def close(self) -> None:
        self._look.close()


Books = MemoryBooks | PostgresBooks


@pytest.fixture
def memory_books() -> MemoryBooks:
    return MemoryBooks()


@pytest.fixture
async def postgres_books(database: str) -> AsyncIterator[PostgresBooks]:
    pool = Database(database)
    await pool.open()
    books = PostgresBooks(database, pool)
    yield books
    books.close()
    await pool.close()


@pytest.fixture(params=["memory", "postgres"])
def books(request: pytest.FixtureRequest) -> Books:
    """Both, one after the other."""
    made: Books = request.getfixturevalue(f"{request.param}_books")
    return made
