"""One event that cannot be published: those after it go on, in order; it is kept, told of, and comes once mended."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.bus import Bus, BusUnavailable, MessageRejected, Outgoing
from showfloor.messaging.public import PublicEvent, PublicMessage, from_delivered, stream_of
from showfloor.messaging.refill import refill
from showfloor.messaging.relay import Relay
from showfloor.messaging.subscription import RetryPolicy, Subscription
from showfloor.messaging.unpublished import TYPE, told
from showfloor.testing.memory_tracking import MemoryTracking
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STREAM_BYTES = 4 * 1024**2
LARGE = b"9" * (8 * 1024**2 - 100)  # above what the memory bus takes; with headers above NATS's 8 MB
MAPPED, KEYED, SIZED = 3, 5, 7  # cannot be mapped, has a key that is no header, is too large


class Thing(Event):
    TOPIC = "thing"


@asynccontextmanager
async def alone() -> AsyncIterator[Any]:
    yield Lease()


class Lease:
    async def held(self) -> bool:
        return True


class Owner:
    """A log, and what others may see of it. `mended`: everything can be told."""

    def __init__(self, count: int) -> None:
        self.events = [Recorded(at, UUID(int=at), 1, Thing(at=NOON), Meta()) for at in range(1, count + 1)]
        self.letters = MemoryTracking()
        self.mended = False
        self.bad = (MAPPED, KEYED, SIZED)

    def publish(self, recorded: Recorded) -> PublicEvent | None:
        at, key, body = recorded.position, f"key {recorded.position}", b"%d" % recorded.position
        if at in self.bad and at == SIZED:
            body = LARGE
        elif at in self.bad and not self.mended:
            if at == KEYED:
                key = "two\nlines"
            else:
                raise LookupError(f"no translation of {at}, which nobody else may see")
        return PublicEvent("thing.v1.Thing", key, body, NOON)

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self.events[after : after + limit]

    def relay(self, bus: Bus, app: str) -> Relay:
        return Relay(
            app=app,
            bus=bus,
            leadership=alone,
            read_log=self.read,
            publish=self.publish,
            max_bytes=STREAM_BYTES,
            poll=0.05,
            dead_letters=self.letters,
        )


class Subscriber:
    """Another service."""

    def __init__(self, owner: Owner, bus: Bus, books: Any, app: str) -> None:
        self.owner, self.books = owner, books
        self.away = False
        quick = RetryPolicy(tries=2, pause=0.005, max_pause=0.02)
        self.subscription: Subscription[Any] = Subscription(
            bus=bus, upstream=app, name="test", handle=self.handle, tracking=books.tracking,
            read_events=self.read_events, retry=quick,
        )  # fmt: skip

    async def handle(self, message: PublicMessage) -> Sequence[Any]:
        return [self.books.effect(message.position)]

    async def read_events(self, after: int, limit: int) -> Sequence[PublicMessage]:
        if self.away:
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "the owner is away")
        read = await self.owner.read(after, limit)
        shown = [(one, told(self.owner.publish, one)[0]) for one in read]
        return [PublicMessage("up", one.position, 0, event) for one, event in shown if event is not None]


@asynccontextmanager
async def running(*parts: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def copying(bus: Bus, app: str) -> AsyncIterator[list[PublicMessage]]:
    async with reading(bus, stream_of(app), of=from_delivered) as copied:
        yield copied


def check_chains(copied: Sequence[PublicMessage]) -> None:
    previous = [0, *(message.position for message in copied)]
    assert [message.previous for message in copied] == previous[:-1]


def disturbed(bus: Bus, before: Callable[[Sequence[Outgoing]], Exception | None]) -> None:
    """Have `before` look at what is published; what it returns is raised."""
    publish_page = bus.publish_page

    async def publish(page: Sequence[Outgoing]) -> Any:
        if error := before(page):
            raise error
        return await publish_page(page)

    bus.publish_page = publish  # type: ignore[method-assign]


async def test_the_relay_goes_on_and_the_chain_has_no_gap(bus: Bus, app: str) -> None:
    owner = Owner(20)
    relay = owner.relay(bus, app)
    async with copying(bus, app) as copied, running(relay):
        await eventually(lambda: len(copied) == 20)
        await eventually(lambda: relay.status().state == "idle")
        check_chains(copied)
        assert [message.position for message in copied] == list(range(1, 21))
        assert [message.position for message in copied if message.event.type == TYPE] == [MAPPED, KEYED, SIZED]
        status = relay.status()
        assert (status.position, status.unpublished, status.problem) == (20, 3, "")
        kept = {letter.position: letter.reason for letter in await owner.letters.dead_letters(relay.letters)}
        assert kept[MAPPED].startswith("LookupError at test_unpublished.py:")  # where, and not what the event held
        assert kept[KEYED].startswith("ValueError at public.py:")
        assert "larger than the server allows" in kept[SIZED]
    async with running(again := owner.relay(bus, app)):  # a restart adds nothing
        await eventually(lambda: again.status().state == "idle")
        assert (again.status().published, again.status().unpublished) == (0, 3)


async def test_what_the_owner_cannot_tell_becomes_a_dead_letter(bus: Bus, app: str, books: Any) -> None:
    owner = Owner(12)
    subscriber = Subscriber(owner, bus, books, app)
    subscription = subscriber.subscription
    async with running(relay := owner.relay(bus, app), subscription):
        await eventually(lambda: subscription.status().position == 12)
        told_of = [at for at in range(1, 13) if at not in (MAPPED, KEYED)]
        assert books.effects == told_of  # the large one, too, and in its place
        assert [letter.position for letter in await books.tracking.dead_letters(subscription.name)] == [MAPPED, KEYED]
        assert await subscription.replay_dead_letters() == 0
        owner.mended = True
        assert await subscription.replay_dead_letters() == 2
        assert books.effects == [*told_of, MAPPED, KEYED]
        assert subscription.status().dead_letters == 0
        for position in (MAPPED, KEYED, SIZED):
            await relay.forget(position)
        assert relay.status().unpublished == 0
        assert not await owner.letters.dead_letters(relay.letters)


async def test_an_owner_that_is_away_is_waited_for(bus: Bus, app: str, books: Any) -> None:
    """A stand-in is asked about: while nobody answers there is no dead letter, and nothing overtakes it."""
    owner = Owner(9)
    owner.bad = (SIZED,)
    subscriber = Subscriber(owner, bus, books, app)
    subscriber.away = True
    async with running(owner.relay(bus, app), subscriber.subscription):
        await eventually(lambda: "the owner is away" in subscriber.subscription.status().problem)
        assert subscriber.subscription.status().dead_letters == 0
        assert books.effects == list(range(1, SIZED))
        subscriber.away = False
        await eventually(lambda: subscriber.subscription.status().position == 9)
        assert books.effects == list(range(1, 10))


async def test_what_the_broker_refuses_for_good_is_found_and_kept(bus: Bus, app: str) -> None:
    owner = Owner(10)
    owner.bad = ()
    disturbed(bus, lambda page: MessageRejected("never") if any(one.body == b"6" for one in page) else None)
    async with copying(bus, app) as copied, running(relay := owner.relay(bus, app)):
        await eventually(lambda: len(copied) == 10)
        check_chains(copied)
        assert [message.position for message in copied if message.event.type == TYPE] == [6]
        assert [(one.position, one.reason) for one in await owner.letters.dead_letters(relay.letters)] == [(6, "never")]


async def test_a_broker_that_refuses_everything_is_waited_for(bus: Bus, app: str) -> None:
    """Then it is not the event. What was kept meanwhile is forgotten once it is published after all."""
    owner = Owner(4)
    owner.bad = ()
    refusing = True
    disturbed(bus, lambda _page: MessageRejected("not today") if refusing else None)
    async with copying(bus, app) as copied, running(relay := owner.relay(bus, app)):
        await eventually(lambda: "not today" in relay.status().problem)
        refusing = False
        await eventually(lambda: len(copied) == 4)
        await eventually(lambda: relay.status().state == "idle")
        assert TYPE not in {message.event.type for message in copied}
        assert relay.status().unpublished == 0
        assert not await owner.letters.dead_letters(relay.letters)


async def test_an_outage_of_the_broker_makes_no_dead_letters(bus: Bus, app: str) -> None:
    owner = Owner(6)
    owner.bad = ()
    left = [4]

    def away(_page: Sequence[Outgoing]) -> Exception | None:
        left[0] -= 1
        return BusUnavailable("away") if left[0] >= 0 else None

    disturbed(bus, away)
    async with copying(bus, app) as copied, running(relay := owner.relay(bus, app)):
        await eventually(lambda: len(copied) == 6)
        check_chains(copied)
        assert relay.status().unpublished == 0


async def test_a_relay_that_dies_after_a_stand_in_goes_on_after_it(bus: Bus, app: str) -> None:
    owner = Owner(8)
    owner.bad = (MAPPED,)
    publish_page, cut = bus.publish_page, [True]

    async def half(page: Sequence[Outgoing]) -> Any:
        if cut and cut.pop():
            stored = next(at for at, one in enumerate(page) if one.headers["ce-type"] == TYPE)
            await publish_page(page[: stored + 1])
            raise BusUnavailable("the connection broke")
        return await publish_page(page)

    bus.publish_page = half  # type: ignore[method-assign]
    async with copying(bus, app) as copied, running(owner.relay(bus, app)):
        await eventually(lambda: len(copied) == 8)
        check_chains(copied)
        assert [message.position for message in copied] == list(range(1, 9))
        assert [message.position for message in copied if message.event.type == TYPE] == [MAPPED]


async def test_a_refill_counts_stand_ins_and_publishes_what_was_mended(bus: Bus, app: str) -> None:
    owner = Owner(12)
    async with running(relay := owner.relay(bus, app)):
        await eventually(lambda: relay.status().position == 12)
        proof = [step async for step in refill(bus, relay, app, owner.read, owner.publish)][-1]
        assert (proof.public, proof.taken) == (12, 12)
        owner.mended = True
        proof = [step async for step in refill(bus, relay, app, owner.read, owner.publish)][-1]
        assert (proof.public, proof.taken) == (12, 12)
        await eventually(lambda: relay.status().unpublished == 1)
    async with copying(bus, app) as copied:
        await eventually(lambda: len(copied) == 12)
        assert [message.position for message in copied if message.event.type == TYPE] == [SIZED]
