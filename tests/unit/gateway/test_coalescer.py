"""Small writes that go together: one statement for what waits, each key once in it, errors only to those concerned."""

import asyncio
from collections.abc import Mapping

import pytest

from showfloor.gateway.http.coalescer import MOST, Coalescer


class Table:
    """Notes each statement, and holds it up until it is let through."""

    def __init__(self) -> None:
        self.statements: list[dict[str, int]] = []
        self.free = asyncio.Event()
        self.away = False

    async def run(self, waiting: Mapping[str, int]) -> Mapping[str, int]:
        self.statements.append(dict(waiting))
        await self.free.wait()
        if self.away:
            raise ConnectionError("away")
        return {key: value * 10 for key, value in waiting.items()}


async def test_what_comes_while_one_runs_goes_with_the_next() -> None:
    table = Table()
    together = Coalescer(table.run)
    first = asyncio.create_task(together.add("a", 1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(together.add(key, value)) for key, value in (("b", 2), ("c", 3), ("b", 4))]
    await asyncio.sleep(0)
    table.free.set()
    assert await first == 10
    assert [await one for one in rest] == [20, 30, 40]
    assert table.statements == [{"a": 1}, {"b": 2, "c": 3}, {"b": 4}], "one key is in a statement once"


async def test_a_statement_has_a_bound() -> None:
    table = Table()
    table.free.set()
    together = Coalescer(table.run)
    await asyncio.gather(*(together.add(str(n), n) for n in range(MOST + 5)))
    assert [len(one) for one in table.statements] == [MOST, 5]


async def test_a_failure_reaches_those_whose_statement_it_was() -> None:
    table = Table()
    together = Coalescer(table.run)
    lost = asyncio.create_task(together.add("a", 1))
    while not table.statements:
        await asyncio.sleep(0)
    table.away = True
    table.free.set()
    with pytest.raises(ConnectionError):
        await lost
    table.away = False
    assert await together.add("a", 2) == 20


async def test_one_who_leaves_takes_nobody_along() -> None:
    table = Table()
    together = Coalescer(table.run)
    first = asyncio.create_task(together.add("a", 1))
    while not table.statements:
        await asyncio.sleep(0)
    left, stays = asyncio.create_task(together.add("b", 2)), asyncio.create_task(together.add("c", 3))
    await asyncio.sleep(0)
    left.cancel()
    first.cancel()
    await asyncio.sleep(0)
    table.free.set()
    assert await stays == 30
    assert table.statements == [{"a": 1}, {"c": 3}]
