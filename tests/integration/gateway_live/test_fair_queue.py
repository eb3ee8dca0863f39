"""Clients that keep up are served in turns: each once, whatever happens to another."""

import asyncio
from collections.abc import Callable

from showfloor.gateway.live import fair_queue
from showfloor.gateway.live.fair_queue import FairQueue


class Someone:
    def __init__(self, turns: FairQueue, serve: Callable[[], int] = lambda: 1) -> None:
        self._turns, self._serve, self.served, self.left = turns, serve, 0, False

    def wake(self) -> None:
        self._turns.join(self)

    def serve(self) -> int:
        self.served += 1
        return self._serve()

    def leave(self) -> None:
        self.left = True


def broken() -> int:
    raise OSError("the connection is gone")


async def test_a_turn_serves_a_few_and_lets_others_do_their_work() -> None:
    line = FairQueue()
    clients = [Someone(line) for _ in range(3 * fair_queue.AT_ONCE)]
    for client in clients:
        client.wake()
    served = []
    for _ in range(3):
        await asyncio.sleep(0)
        served.append(sum(client.served for client in clients))
    assert served == [fair_queue.AT_ONCE, 2 * fair_queue.AT_ONCE, 3 * fair_queue.AT_ONCE]
    assert {client.served for client in clients} == {1}


async def test_who_stands_in_line_again_while_served_gets_another_turn() -> None:
    line = FairQueue()
    again = Someone(line, lambda: again.wake() or 1 if again.served < 3 else 0)  # type: ignore[func-returns-value]
    again.wake()
    for _ in range(5):
        await asyncio.sleep(0)
    assert again.served == 3


async def test_one_client_s_trouble_is_not_the_others() -> None:
    line = FairQueue()
    before, bad, after = Someone(line), Someone(line, broken), Someone(line)
    for client in (before, bad, after):
        client.wake()
    await asyncio.sleep(0)
    assert (before.left, bad.left, after.left) == (False, True, False)
    assert after.served == 1
