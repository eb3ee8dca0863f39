"""Reading a stream in the background, as tests do that only look at what came."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from showfloor.kernel.tracking import BEGINNING, StreamPosition
from showfloor.messaging.bus import Bus, Delivered
from showfloor.observability.tasks import stop


@asynccontextmanager
async def reading(
    bus: Bus,
    stream: str,
    subjects: Sequence[str] = (">",),
    start: StreamPosition = BEGINNING,
    of: Callable[[Delivered], Any] = lambda delivered: delivered,
) -> AsyncIterator[list[Any]]:
    """Yield a list that grows with all that follows `start`, `of` each message, while the block runs."""
    reader, came = bus.reader(stream, subjects, start), list[Any]()

    async def read() -> None:
        while True:
            came.extend(map(of, await reader.page(100)))

    task = asyncio.create_task(read())
    try:
        yield came
    finally:
        await stop(task)
        await reader.close()
