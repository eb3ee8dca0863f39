"""Serves the clients that have news, a few at each turn of the event loop, without waking a task for each.

Whoever is in the queue is in it once, however much news there is: what it is sent is looked up when its turn comes.
Between two turns the loop does what else there is to do, so that a tick to thousands of boards holds up no order.
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
    """Somebody in the queue."""

    def serve(self) -> int:
        """Send what is new; returns how many bytes. Must not block."""
        ...

    def leave(self) -> None:
        """End without a word."""
        ...


class FairQueue:
    """The queue of one process. Bounded by the number of its clients, each of which must join at most once."""

    def __init__(self) -> None:
        self._queue: deque[Served] = deque()

    def join(self, client: Served) -> None:
        """Stand in line. Whoever is in line already must not."""
        self._queue.append(client)
        if len(self._queue) == 1:
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        sent = 0
        for _ in range(min(AT_ONCE, len(self._queue))):
            client = self._queue[0]
            try:
                sent += client.serve()
            except Exception as error:  # one client's trouble must not be the others'
                log.warning("client not served", error=repr(error))
                client.leave()
            self._queue.popleft()
        SENT.inc(sent)
        if self._queue:
            asyncio.get_running_loop().call_soon(self._turn)
