"""Writes of many requests in one statement: while one statement runs, the next batch gathers.

An idle gateway adds no wait. A busy one pays for one statement and one commit instead of many.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Generic, TypeVar

from showfloor.eventstore.micro_batch import delay_after

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
A = TypeVar("A")

MOST = 256  # in one statement


class Coalescer(Generic[K, V, A]):
    """Gives everything that waits to `run`, which answers for each key. `run` never gets the same key twice at once."""

    def __init__(self, run: Callable[[Mapping[K, V]], Awaitable[Mapping[K, A]]]) -> None:
        self._run = run
        self._waiting: list[tuple[K, V, asyncio.Future[A]]] = []
        self._running: asyncio.Task[None] | None = None

    async def add(self, key: K, value: V) -> A:
        """Return `run`'s answer for the key. Raises what `run` raises, for every key of the batch."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, value, future))
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._drain(), name="writes together")
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                began = asyncio.get_running_loop().time()
                if await self._once() > 1:
                    await asyncio.sleep(delay_after(asyncio.get_running_loop().time() - began))
        finally:
            self._running = None

    async def _once(self) -> int:
        """Write a batch; return its size."""
        batch: dict[K, tuple[V, asyncio.Future[A]]] = {}
        later: list[tuple[K, V, asyncio.Future[A]]] = []
        for key, value, future in self._waiting:
            if key in batch or len(batch) == MOST:
                later.append((key, value, future))
            elif not future.done():  # its caller has left
                batch[key] = (value, future)
        self._waiting = later
        if not batch:
            return 0
        try:
            answers = await self._run({key: value for key, (value, _) in batch.items()})
        except BaseException as error:
            for _, future in batch.values():
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return 0
        for key, (_, future) in batch.items():
            if not future.done():
                future.set_result(answers[key])
        return len(batch)
