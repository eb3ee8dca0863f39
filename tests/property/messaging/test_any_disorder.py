"""Whatever subset, repetition, order, wipes and restarts a broker comes up with, each event is handled once."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.messaging.bus import Outgoing, StreamSpec
from showfloor.messaging.public import PublicEvent, PublicMessage, stream_of, to_outgoing
from showfloor.messaging.subscription import RetryPolicy, Subscription
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.memory_tracking import MemoryTracking
from showfloor.testing.waiting import eventually

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVENTS = 8
WIPE, RESTART, FAIL = "wipe", "restart", "fail"


def log_of(gaps: Sequence[int]) -> list[PublicMessage]:
    log: list[PublicMessage] = []
    position = 0
    for number, gap in enumerate(gaps, 1):
        previous, position = position, position + gap
        log.append(PublicMessage("app", position, previous, PublicEvent("T", "k", b"%d" % number, NOON)))
    return log


async def play(log: Sequence[PublicMessage], steps: Sequence[int | str]) -> list[int]:
    bus, tracking, handled, failures = MemoryBus(), MemoryTracking(), [], [0]
    await bus.ensure_stream(StreamSpec(name=stream_of("app"), subjects=("public.app",), max_bytes=1_000_000))

    async def read_events(after: int, limit: int) -> Sequence[PublicMessage]:
        return [message for message in log if message.position > after][:limit]

    async def handle(message: PublicMessage) -> Sequence[Callable[[], None]]:
        await asyncio.sleep(0)
        if failures[0]:
            failures[0] -= 1
            raise OSError("for a moment")
        return [lambda: handled.append(int(message.event.message))]

    def subscribe() -> "asyncio.Task[None]":
        subscription: Subscription[Callable[[], None]] = Subscription(
            bus=bus,
            upstream="app",
            name="p",
            handle=handle,
            tracking=tracking,
            read_events=read_events,
            retry=RetryPolicy(pause=0.0001, max_pause=0.001),
        )
        return asyncio.create_task(subscription.run())

    running = subscribe()
    for at, step in enumerate([*steps, EVENTS - 1]):  # the last event always gets through in the end
        if isinstance(step, int):
            wire = to_outgoing(log[step])
            await bus.publish_page([Outgoing(wire.subject, wire.body, str(at), wire.headers)])
        elif step == WIPE:
            await bus.wipe(stream_of("app"))
        elif step == RESTART:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            running = subscribe()
        else:
            failures[0] += 2
    await eventually(lambda: len(handled) >= EVENTS, f"{handled}")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bus.close()
    return handled


@settings(max_examples=150, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 5), min_size=EVENTS, max_size=EVENTS),
    steps=st.lists(st.one_of(st.integers(0, EVENTS - 1), st.sampled_from([WIPE, RESTART, FAIL])), max_size=30),
)
def test_each_event_is_handled_once_in_order(gaps: list[int], steps: list[int | str]) -> None:
    assert asyncio.run(play(log_of(gaps), steps)) == list(range(1, EVENTS + 1))
