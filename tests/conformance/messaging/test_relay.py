"""The relay: the stream is a true copy of what the log lets others see, whoever copies and whatever breaks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest

from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import Bus, Delivered
from showfloor.messaging.public import PublicEvent, PublicMessage, from_delivered, stream_of, subject_of
from showfloor.messaging.refill import NotFilled, refill
from showfloor.messaging.relay import Relay
from showfloor.testing.memory_tracking import MemoryTracking
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Thing(Event):
    TOPIC = "thing"
    key: str = ""
    private: bool = False


class Lease:
    lost = False

    async def held(self) -> bool:
        return not self.lost


class Log:
    """The owner's log, and who leads."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self.lease = Lease()
        self.leader = asyncio.Lock()

    def add(self, count: int) -> None:
        for _ in range(count):
            at = len(self.events) + 1
            event = Thing(at=NOON, key=f"key {at % 5}", private=at % 4 == 0)
            self.events.append(Recorded(at, UUID(int=at), 1, event, Meta(traceparent=TRACE)))

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self.events[after : after + limit]

    @asynccontextmanager
    async def leadership(self) -> AsyncIterator[Lease]:
        async with self.leader:
            yield self.lease

    def public(self) -> list[int]:
        return [r.position for r in self.events if r.position % 4]


def publish(recorded: Recorded) -> PublicEvent | None:
    event = recorded.event
    assert isinstance(event, Thing)
    if event.private:
        return None
    return PublicEvent("thing.v1.Thing", event.key, b"%d" % recorded.position, event.at)


class Copy:
    """What arrives at the other end."""

    def __init__(self, messages: list[PublicMessage]) -> None:
        self.messages = messages

    @property
    def positions(self) -> list[int]:
        return [message.position for message in self.messages]

    def check_chains(self) -> None:
        previous = [0, *(message.position for message in self.messages)]
        assert [message.previous for message in self.messages] == previous[:-1]


@pytest.fixture
def log() -> Log:
    return Log()


@asynccontextmanager
async def relaying(bus: Bus, app: str, log: Log, count: int = 1) -> AsyncIterator[list[Relay]]:
    relays = [
        Relay(
            app=app,
            bus=bus,
            leadership=log.leadership,
            read_log=log.read,
            publish=publish,
            dead_letters=MemoryTracking(),
            poll=0.05,
        )
        for _ in range(count)
    ]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    yield relays
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def copying(bus: Bus, app: str) -> AsyncIterator[Copy]:
    async with reading(bus, stream_of(app), of=from_delivered) as messages:
        yield Copy(messages)


async def test_public_events_arrive_in_order_with_their_attributes(bus: Bus, app: str, log: Log) -> None:
    log.add(40)
    async with copying(bus, app) as copy, relaying(bus, app, log) as [relay]:
        await eventually(lambda: copy.positions == log.public())
        log.add(10)
        relay.wake(50)
        await eventually(lambda: copy.positions == log.public())
        copy.check_chains()
        first = copy.messages[0]
        assert first.event == PublicEvent("thing.v1.Thing", "key 1", b"1", NOON)
        assert (first.source, first.traceparent) == (app, TRACE)
        await eventually(lambda: relay.status().state == "idle")
        status = relay.status()
        assert (status.position, status.lag, status.published, status.problem) == (50, 0, 38, "")


async def test_cloudevents_attributes(bus: Bus, app: str, log: Log) -> None:
    log.add(1)
    async with relaying(bus, app, log) as [relay]:
        await eventually(lambda: relay.status().published == 1)
        last = await bus.last_message(stream_of(app), subject_of(app))
    assert last is not None
    assert {key: value for key, value in last.headers.items() if key.startswith("ce-")} == {
        "ce-specversion": "1.0",
        "ce-id": f"{app}/1",
        "ce-source": f"/showfloor/{app}",
        "ce-type": "thing.v1.Thing",
        "ce-subject": "key 1",
        "ce-time": "2026-01-01T12:00:00+00:00",
    }
    assert last.headers["Nats-Msg-Id"] == f"{app}/1"
    assert last.headers["Showfloor-Position"] == "1"
    assert last.headers["Showfloor-Previous"] == "0"


async def test_a_new_relay_goes_on_where_the_stream_ends(bus: Bus, app: str, log: Log) -> None:
    async with copying(bus, app) as copy:
        for _ in range(4):
            log.add(13)
            async with relaying(bus, app, log):
                await eventually(lambda: copy.positions == log.public())
        copy.check_chains()
    info = await bus.stream_info(stream_of(app))
    assert info is not None
    assert info.messages == len(log.public())


async def test_two_that_both_believe_to_lead_change_nothing(bus: Bus, app: str, log: Log) -> None:
    log.add(300)
    other = Log()
    other.events = log.events
    async with copying(bus, app) as copy, relaying(bus, app, log), relaying(bus, app, other):
        await eventually(lambda: len(copy.positions) >= len(log.public()))
        log.add(300)
        await eventually(lambda: len(copy.positions) >= len(log.public()))
        await asyncio.sleep(0.1)
        assert copy.positions == log.public()
        copy.check_chains()


async def test_the_second_waits_until_the_first_loses_the_lead(bus: Bus, app: str, log: Log) -> None:
    log.add(10)
    async with relaying(bus, app, log, count=2) as relays:
        await eventually(lambda: sum(relay.status().published for relay in relays) == 8)
        assert sorted(relay.status().published for relay in relays) == [0, 8]
        assert "waiting" in [relay.status().state for relay in relays]
        log.lease.lost = True  # each leads in turn, for one look
        log.add(2)
        await eventually(lambda: max(relay.status().position for relay in relays) == 12)


async def test_rebuilding_fills_a_new_stream_from_the_log(bus: Bus, app: str, log: Log) -> None:
    log.add(20)
    async with relaying(bus, app, log) as [relay], copying(bus, app) as copy:
        await eventually(lambda: copy.positions == log.public())
        await relay.rebuild()
        await eventually(lambda: copy.positions == log.public() * 2)


async def test_a_refill_proves_its_count_while_the_log_grows(bus: Bus, app: str, log: Log) -> None:
    log.add(2_003)
    async with relaying(bus, app, log) as [relay], copying(bus, app) as copy:
        await eventually(lambda: copy.positions == log.public())
        steps = []
        async for step in refill(bus, relay, app, log.read, publish):
            steps.append(step)
            log.add(1)
            relay.wake(len(log.events))
        assert [step.stage for step in steps] == ["filling"] * (len(steps) - 1) + ["filled"]
        proof = steps[-1]
        assert proof.public == proof.taken == proof.kept >= steps[0].total == 1_503
        await eventually(lambda: copy.positions[1_503:] == log.public())


async def test_a_refill_whose_counts_differ_says_so(
    bus: Bus, app: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(12)

    def but_one(recorded: Recorded) -> PublicEvent | None:
        return None if recorded.position == 2 else publish(recorded)

    def everything(recorded: Recorded) -> PublicEvent | None:
        return PublicEvent("thing.v1.Thing", "", b"", recorded.event.at)

    monkeypatch.setattr("showfloor.messaging.refill.STALLED", 0.5)
    async with relaying(bus, app, log) as [relay]:
        await eventually(lambda: relay.status().position == 12)
        with pytest.raises(NotFilled, match="the log holds 8 public events up to 11, the stream took 9"):
            _ = [step async for step in refill(bus, relay, app, log.read, but_one)]
        with pytest.raises(NotFilled, match="9 of 12 events were published: no error is known"):
            _ = [step async for step in refill(bus, relay, app, log.read, everything)]


async def test_only_news_wakes_it(bus: Bus, app: str, log: Log) -> None:
    """Several tell of one commit, and each look at the log costs a query."""
    read, looks = log.read, 0

    async def counted(after: int, limit: int) -> Sequence[Recorded]:
        nonlocal looks
        looks += 1
        return await read(after, limit)

    relay = Relay(
        app=app,
        bus=bus,
        leadership=log.leadership,
        read_log=counted,
        publish=publish,
        dead_letters=MemoryTracking(),
        poll=600,
    )
    task = asyncio.create_task(relay.run())
    await eventually(lambda: relay.status().state == "idle")
    log.add(5)
    relay.wake(5)
    await eventually(lambda: relay.status().position == 5)
    before = looks
    await asyncio.sleep(0.1)
    relay.wake(5)
    relay.wake(3)
    await asyncio.sleep(0.1)
    assert looks == before
    log.add(1)
    relay.wake(6)
    await eventually(lambda: relay.status().position == 6)
    log.add(1)
    relay.wake()
    await eventually(lambda: relay.status().position == 7)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_log_or_a_mapping_that_fails_is_tried_again(bus: Bus, app: str, log: Log) -> None:
    read, left = log.read, [2]

    async def sometimes(after: int, limit: int) -> Sequence[Recorded]:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError("database is away")
        return await read(after, limit)

    log.read = sometimes  # type: ignore[method-assign]
    log.add(5)
    async with relaying(bus, app, log) as [relay]:
        await eventually(lambda: relay.status().problem == "OSError: database is away")
        await eventually(lambda: relay.status().published == 4)
        assert relay.status().problem == ""


async def test_an_end_that_is_lost_again_leaves_no_hole(bus: Bus, app: str, log: Log) -> None:
    """A server may show messages of a broken attempt and lose them when it is killed a moment later."""
    log.add(20)
    async with relaying(bus, app, log) as [relay]:
        await eventually(lambda: relay.status().position == 20)
    log.add(20)
    look, ghosts = bus.last_message, [2]

    async def last_message(stream: str, subject: str) -> Delivered | None:
        last = await look(stream, subject)
        ghosts[0] -= 1
        if last is None or ghosts[0] < 0:
            return last
        stream_position = StreamPosition(last.stream_position.created, last.stream_position.sequence + 6)
        return Delivered(last.subject, last.body, {**last.headers, "Showfloor-Position": "27"}, stream_position)

    bus.last_message = last_message  # type: ignore[method-assign]
    async with copying(bus, app) as copy, relaying(bus, app, log):
        await eventually(lambda: len(copy.positions) >= len(log.public()))
        assert copy.positions == log.public()
        copy.check_chains()
