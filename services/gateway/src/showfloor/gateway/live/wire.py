"""The way to one client: ASGI's `send`, which needs no task as long as the client accepts what it gets.

A server's `send` waits for nothing but a client that is slow; so its first step is taken at once, from wherever we are,
and only when that step waits is the rest left to the client's own task.
"""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any

from starlette.types import Send


class Wire:
    """One response that has started. One at a time may push or send."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def push(self, part: bytes) -> Awaitable[None] | None:
        """Send a part. Returns what is still to be awaited, in a task, when the client is slow."""
        steps = self._send({"type": "http.response.body", "body": part, "more_body": True}).__await__()
        try:
            waits_for = next(steps)
        except StopIteration:
            return None
        return _Rest(steps, waits_for)


class _Rest:
    """The rest of a `send` whose first step has been taken."""

    def __init__(self, steps: Generator[Any, None, None], waits_for: "asyncio.Future[None] | None") -> None:
        self._steps, self._waits_for = steps, waits_for

    def __await__(self) -> Generator[Any, None, None]:
        try:
            yield self._waits_for
        except BaseException:
            self._steps.close()
            raise
        yield from self._steps
