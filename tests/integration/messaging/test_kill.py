"""kill -9 of nats-server in the middle of things: nothing acknowledged is lost, and order is kept."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.kernel.tracking import BEGINNING
from showfloor.messaging import reader
from showfloor.messaging.bus import Outgoing, StreamSpec
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.public import PublicEvent, PublicMessage
from showfloor.messaging.relay import Relay
from showfloor.messaging.signals import SignalPage, SignalStream
from showfloor.messaging.subscription import Subscription
from showfloor.testing.memory_tracking import MemoryTracking
from showfloor.testing.nats import NatsServer
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
KILLS = 4


@asynccontextmanager
async def connected(server: NatsServer) -> AsyncIterator[NatsBus]:
    bus = await NatsBus.connect(server.url, name="kill test", ack_timeout=1.0, attempts=10)
    yield bus
    await bus.close()


async def kill_repeatedly(server: NatsServer) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(0.4)
        server.kill()
        await asyncio.sleep(0.2)
        await asyncio.to_thread(server.start)
    await asyncio.sleep(0.2)


class Done(Event):
    TOPIC = "done"


def publish(recorded: Recorded) -> PublicEvent | None:
    return PublicEvent("done.v1.Done", "key", b"%d" % recorded.position, NOON)


class Lease:
    async def held(self) -> bool:
        return True


@asynccontextmanager
async def alone() -> AsyncIterator[Lease]:
    yield Lease()


async def test_relay_to_subscription_through_kills(nats_server: NatsServer) -> None:
    log: list[Recorded] = []
    handled: list[int] = []

    async def read_log(after: int, limit: int) -> Sequence[Recorded]:
        return log[after : after + limit]

    async def read_events(after: int, limit: int) -> Sequence[PublicMessage]:
        return [
            PublicMessage("app", r.position, r.position - 1, event)
            for r in log[after : after + limit]
            if (event := publish(r))
        ]

    async def handle(message: PublicMessage) -> Sequence[Callable[[], None]]:
        return [lambda: handled.append(int(message.event.message))]

    async with connected(nats_server) as near, connected(nats_server) as far:
        relay = Relay(
            app="app",
            bus=near,
            leadership=alone,
            read_log=read_log,
            publish=publish,
            dead_letters=MemoryTracking(),
            poll=0.1,
        )
        subscription: Subscription[Callable[[], None]] = Subscription(
            bus=far,
            upstream="app",
            name="test",
            handle=handle,
            tracking=MemoryTracking(),
            read_events=read_events,
        )
        tasks = [asyncio.create_task(relay.run()), asyncio.create_task(subscription.run())]
        killing = asyncio.create_task(kill_repeatedly(nats_server))
        while not killing.done():
            for _ in range(20):
                at = len(log) + 1
                log.append(Recorded(at, UUID(int=at), 1, Done(at=NOON), Meta()))
            relay.wake(len(log))
            await asyncio.sleep(0.02)
        await killing
        await eventually(lambda: len(handled) >= len(log), "all handled")
        assert handled == list(range(1, len(log) + 1))
        async with reading(near, "PUBLIC_APP", of=lambda delivered: int(delivered.body)) as stored:
            await eventually(lambda: stored and stored[-1] == len(log))
        missing = sorted(set(handled) - set(stored))
        assert stored == handled, f"{missing} {await near.stream_info('PUBLIC_APP')}"  # the copy is whole
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_signals_acknowledged_are_folded_once_through_kills(nats_server: NatsServer) -> None:
    acknowledged: dict[int, str] = {}
    pages: list[SignalPage] = []

    async def fold(page: SignalPage) -> None:
        pages.append(page)

    async def send(signal_stream: SignalStream, sender: int, stop: asyncio.Event) -> None:
        n = 0
        while not stop.is_set():
            batch = f"{sender}-{n}"
            try:
                sequence = (await signal_stream.append(f"session{sender}", batch, b"x" * 2000)).sequence
            except Refusal:
                continue  # the client sends the same batch again
            acknowledged[sequence] = batch
            n += 1

    async with connected(nats_server) as bus:
        signal_stream = SignalStream(bus)
        await signal_stream.ensure()
        following = await signal_stream.follow({}, fold)
        stop = asyncio.Event()
        senders = [asyncio.create_task(send(signal_stream, sender, stop)) for sender in range(8)]
        await kill_repeatedly(nats_server)
        stop.set()
        await asyncio.gather(*senders)
        last = max(acknowledged)
        await eventually(lambda: pages and pages[-1].messages[-1].sequence >= last)
        await following.close()
    folded = {message.sequence: message.batch_id for page in pages for message in page.messages}
    order = [message.sequence for page in pages for message in page.messages]
    assert order == sorted(set(order))
    assert acknowledged.items() <= folded.items()
    assert len(set(folded.values())) == len(folded)  # no batch twice, however often it was sent


async def test_a_reader_is_back_at_once_after_a_restart(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SILENCE", 3_600.0)  # it learns of it from the connection, and waits for no silence
    monkeypatch.setattr(reader, "RETRY_PAUSE", 3_600.0)
    async with connected(nats_server) as bus:
        await bus.ensure_stream(StreamSpec(name="S", subjects=("s",), max_bytes=10**8))
        async with reading(bus, "S", of=lambda delivered: delivered.body) as got:
            await bus.publish(Outgoing("s", b"before", "1"))
            await eventually(lambda: got == [b"before"])
            nats_server.restart()
            await bus.publish(Outgoing("s", b"after", "2"))
            await eventually(lambda: got == [b"before", b"after"])


async def test_a_reader_notices_a_server_that_only_falls_silent(nats_server: NatsServer) -> None:
    """The connection stands, the consumer is gone, and nobody says so."""
    async with connected(nats_server) as bus:
        await bus.ensure_stream(StreamSpec(name="S", subjects=("s",), max_bytes=10**8))
        following = bus.reader("S", ["s"], BEGINNING)
        waiting = asyncio.create_task(following.page(10))
        await eventually(lambda: following._asked)
        receive = following._subscription._cb  # type: ignore[union-attr]

        async def deaf(_message: Any) -> None: ...

        following._subscription._cb = deaf  # type: ignore[union-attr]
        await bus.publish(Outgoing("s", b"unheard", "1"))
        assert [delivered.body for delivered in await waiting] == [b"unheard"]
        assert following._subscription._cb is not receive  # type: ignore[union-attr]
        await following.close()


async def test_a_slow_reader_bounds_memory_and_loses_nothing(nats_server: NatsServer) -> None:
    """200 MB wait in the stream; a reader that is busy with its first page holds no more than that page."""
    count, size = 2000, 100_000

    async with connected(nats_server) as bus:
        await bus.ensure_stream(StreamSpec(name="S", subjects=("s",), max_bytes=10**9))
        for start in range(0, count, 100):
            await bus.publish_page([Outgoing("s", bytes(size), str(n)) for n in range(start, start + 100)])
        tracemalloc.start()
        slow = bus.reader("S", ["s"], BEGINNING)
        got = [delivered.stream_position.sequence for delivered in await slow.page(count)]
        await asyncio.sleep(3)  # longer than the silence that counts as a dead server
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert held < 64 * 1024 * 1024
        while len(got) < count:
            got += [delivered.stream_position.sequence for delivered in await slow.page(count)]
        assert got == list(range(1, count + 1))
        await slow.close()


async def test_nobody_answers(tmp_path: object) -> None:
    from showfloor.messaging.bus import BusUnavailable

    with pytest.raises(BusUnavailable, match="no NATS server answered"):
        await NatsBus.connect("nats://127.0.0.1:9", name="nobody", wait=0.5)
