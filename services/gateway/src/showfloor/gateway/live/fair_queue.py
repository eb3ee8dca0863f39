"""The fair queue of clients that have news: it serves a few at each turn of the event loop, without waking a task for
each.

A client is in the queue at most once, however much news there is; its turn looks up what to send. Between two turns the
loop does its other work, so that a tick to thousands of boards delays no order.
"""

import asyncio
from collections import deque
from typing import Protocol

from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter

log = get_logger(__name__)
SENT = counter("live_sent_bytes_total", "Bytes sent over streams.")

AT_ONCE = 64  # clients served in one turn: about a millisecond


class Served(Protocol):
    """A client of the queue."""

    def serve(self) -> int:
        """Send what is new; returns how many bytes. Must not block."""
        ...

    def leave(self) -> None:
        """End without a farewell."""
        ...


class FairQueue:
    """The queue of one process. Its bound is the number of clients."""

    def __init__(self) -> None:
        self._queue: deque[Served] = deque()

    def join(self, client: Served) -> None:
        """Add a client, which must not be in the queue."""
        self._queue.append(client)
        if len(self._queue) == 1:
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        sent = 0
        for _ in range(min(AT_ONCE, len(self._queue))):
            client = self._queue[0]
            try:
                sent += client.serve()
            except Exception as error:  # one client's error must not stop the others
                log.warning("client not served", error=repr(error))
                client.leave()
            self._queue.popleft()
        SENT.inc(sent)
        if self._queue:
            asyncio.get_running_loop().call_soon(self._turn)
