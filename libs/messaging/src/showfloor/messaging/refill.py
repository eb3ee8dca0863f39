"""Filling a service's stream of public events again from its log, and proving that nothing is missing.

The stream numbers its messages from 1, and only the relay writes to it: the number of the last message is the
count of all it ever took. That is compared with the log at the very position which that message carries, so the
proof holds while others go on writing.
"""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from showfloor.messaging.bus import Bus, BusUnavailable, StreamInfo
from showfloor.messaging.public import POSITION, stream_of, subject_of
from showfloor.messaging.relay import ReadLog, Relay
from showfloor.messaging.unpublished import Publish, told

PAGE = 1_000  # events
LOOK = 0.1  # seconds
STALLED = 60.0  # seconds without a step forward


class Refilled(msgspec.Struct, frozen=True):
    """`stage` is filling, or filled: then `public` events in the log = messages `taken`, of which `kept` remain."""

    stage: str
    done: int
    total: int
    public: int = 0
    taken: int = 0
    kept: int = 0


class NotFilled(Exception):
    """The relay does not get on, or the counts differ."""


async def refill(bus: Bus, relay: Relay, app: str, read_log: ReadLog, publish: Publish) -> AsyncIterator[Refilled]:
    """Delete the stream, watch the active relay fill a new one up to what the log holds now, and count.

    Subscriptions see another stream, start at its beginning and skip what they have handled. Raises NotFilled,
    BusUnavailable; the relay goes on all the same.
    """
    stream, everything = stream_of(app), subject_of(app)
    total, head = await _count(read_log, publish, 0)
    before = await bus.stream_info(stream)
    await relay.rebuild()
    loop = asyncio.get_running_loop()
    done, moved = -1, loop.time()
    while True:
        info = await _info(bus, stream)
        fresh = info is not None and (before is None or info.created != before.created)
        reached = info.last_sequence if info is not None and fresh else 0
        if reached > done:
            done, moved = reached, loop.time()
        yield Refilled("filling", min(done, total), total)
        if fresh and done >= total:
            break
        if loop.time() - moved > STALLED:
            raise NotFilled(f"{done} of {total} events were published: {relay.status().problem or 'no error is known'}")
        await asyncio.sleep(LOOK)
    last = await bus.last_message(stream, everything)
    taken, at = (last.stream_position.sequence, int(last.headers[POSITION])) if last is not None else (0, 0)
    newer, _ = await _count(read_log, publish, head, at)
    if taken != total + newer:
        raise NotFilled(f"the log holds {total + newer} public events up to {at}, the stream took {taken}")
    kept = await _info(bus, stream)
    yield Refilled("filled", total, total, total + newer, taken, kept.messages if kept is not None else 0)


async def _count(read_log: ReadLog, publish: Publish, after: int, upto: int | None = None) -> tuple[int, int]:
    """Return how many messages the events after a position make, and the last position looked at."""
    count = 0
    while page := await read_log(after, PAGE):
        wanted = [recorded for recorded in page if upto is None or recorded.position <= upto]
        for recorded in wanted:
            count += told(publish, recorded)[0] is not None
        after = page[-1].position
        if len(page) < PAGE or len(wanted) < len(page):
            break
    return count, after


async def _info(bus: Bus, stream: str) -> StreamInfo | None:
    try:
        return await bus.stream_info(stream)
    except BusUnavailable:
        return None  # the relay waits for the broker too
