"""Both stores under more than they can take at once, past a deadline, and while they close."""

import asyncio
import threading
from uuid import uuid4

from showfloor.kernel.refusal import RefusalKind
from showfloor.testing.ledger import LEDGER, Account, deposit
from showfloor.testing.refusals import refusal_of


class Held:
    """A rule that does not return before it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _state, _facts):
        self.begun.set()
        assert self.go_on.wait(30)
        return []


async def test_a_full_queue_refuses(opened):
    async with opened(queue_limit=3) as store:
        slow = Held()
        first = asyncio.ensure_future(store.execute(LEDGER, uuid4(), slow, None))
        await asyncio.to_thread(slow.begun.wait)
        waiting = [asyncio.ensure_future(store.execute(LEDGER, uuid4(), deposit, 1)) for _ in range(3)]
        await asyncio.sleep(0)
        refusal = await refusal_of(store.execute(LEDGER, uuid4(), deposit, 1))
        assert (refusal.kind, refusal.reason) == (RefusalKind.LIMIT, "QUEUE_FULL")
        slow.go_on.set()
        await asyncio.gather(first, *waiting)


async def test_a_command_past_its_deadline_is_not_begun(opened):
    async with opened() as store:
        account, slow = uuid4(), Held()
        first = asyncio.ensure_future(store.execute(LEDGER, uuid4(), slow, None))
        await asyncio.to_thread(slow.begun.wait)
        refusal = await refusal_of(store.execute(LEDGER, account, deposit, 1, timeout=0.05))
        assert refusal.reason == "DEADLINE_PASSED"
        assert not first.done(), "it is told at its deadline, not when the one before has ended"
        gone = asyncio.ensure_future(store.execute(LEDGER, account, deposit, 2))
        await asyncio.sleep(0)
        gone.cancel()
        slow.go_on.set()
        await first
        assert (await store.execute(LEDGER, account, deposit, 4)).state == Account(4, 1)


async def test_the_loop_is_never_blocked(opened):
    async with opened() as store:
        slow = Held()
        call = asyncio.ensure_future(store.execute(LEDGER, uuid4(), slow, None))
        await asyncio.to_thread(slow.begun.wait)
        for _ in range(100):
            await asyncio.sleep(0)
        assert not call.done()
        slow.go_on.set()
        assert (await call).state == Account(0, 0), "the loop, not the clock, ended the wait"


async def test_closing_commits_what_is_queued_and_refuses_the_rest(opened):
    account = uuid4()
    async with opened() as store:
        calls = [asyncio.ensure_future(store.execute(LEDGER, account, deposit, 1)) for _ in range(100)]
        await asyncio.sleep(0)
    assert [call.result().version for call in calls] == list(range(1, 101))
    refusal = await refusal_of(store.execute(LEDGER, account, deposit, 1))
    assert refusal.reason == "STORE_UNAVAILABLE"


async def test_closing_never_blocks_the_loop(opened, monkeypatch):
    """A reader that hangs, then connections that do: closing waits for both, and the loop goes on turning."""
    async with opened() as store:
        reading, read_on, letting_go, let_go = (threading.Event() for _ in range(4))
        close_log = store.log.close

        def hanging_read():
            reading.set()
            return read_on.wait(30)

        def hanging_close():
            letting_go.set()
            assert let_go.wait(30)
            close_log()

        monkeypatch.setattr(store.log, "last_position", hanging_read)
        monkeypatch.setattr(store.log, "close", hanging_close)
        read = asyncio.ensure_future(store.last_position())
        await asyncio.to_thread(reading.wait)
        closing = asyncio.ensure_future(store.close())
        await asyncio.sleep(0)  # close has begun, and the loop came back here
        for _ in range(100):
            await asyncio.sleep(0)
        assert not closing.done()
        assert (await refusal_of(store.load(LEDGER, uuid4()))).reason == "STORE_UNAVAILABLE"
        read_on.set()
        assert await read is True, "the loop, not the clock, ended the read"
        await asyncio.to_thread(letting_go.wait)
        assert not closing.done()
        let_go.set()
        await closing
