"""Whatever happens to the broker, the process or the database: every event is handled once, in order."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.bus import Bus, Outgoing, StreamSpec
from showfloor.messaging.public import PublicEvent, PublicMessage, stream_of, to_outgoing
from showfloor.messaging.subscription import RetryPolicy, Subscription
from showfloor.messaging.tracking import MAX_REASON, message_of
from showfloor.testing.waiting import eventually, until

QUICK = RetryPolicy(tries=3, pause=0.005, max_pause=0.02, max_dead_letters=2)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Setup:
    """An owner with a log, a broker between, and a subscriber with a database."""

    def __init__(self, bus: Bus, books: Any, app: str, events: int) -> None:
        self.bus, self.books, self.tracking, self.app = bus, books, books.tracking, app
        # Positions 3, 6, 9: between them lie private events.
        self.log = [
            PublicMessage(app, n * 3, (n - 1) * 3, PublicEvent("some.v1.Thing", f"key{n}", b"%d" % n, NOON))
            for n in range(1, events + 1)
        ]
        self.reads = 0
        self.fails: Callable[[PublicMessage], Exception | None] = lambda message: None
        self.concerns: Callable[[PublicMessage], bool] = lambda message: True
        self.sent = 0

    @property
    def handled(self) -> list[int]:
        return list(self.books.effects)

    def subscribe(self, emptied: Sequence[Any] = ()) -> Subscription[Any]:
        return Subscription(
            bus=self.bus,
            upstream=self.app,
            name="test",
            handle=self.handle,
            tracking=self.tracking,
            read_events=self.read_events,
            retry=QUICK,
            emptied=emptied,
        )

    async def handle(self, message: PublicMessage) -> Sequence[Any]:
        await asyncio.sleep(0)
        if error := self.fails(message):
            raise error
        if not self.concerns(message):
            return []
        return [self.books.effect(int(message.event.message))]

    async def read_events(self, after: int, limit: int) -> Sequence[PublicMessage]:
        self.reads += 1
        return [message for message in self.log if message.position > after][:limit]

    async def make_stream(self) -> None:
        spec = StreamSpec(name=stream_of(self.app), subjects=(f"public.{self.app}",), max_bytes=10**7)
        await self.bus.ensure_stream(spec)

    async def send(self, *numbers: int) -> None:
        """Put events on the broker, by number, as often and in whatever order asked."""
        for number in numbers:
            wire = to_outgoing(self.log[number - 1])
            self.sent += 1
            await self.bus.publish_page([Outgoing(wire.subject, wire.body, f"{self.sent}", wire.headers)])

    async def until_handled(self, count: int) -> None:
        await eventually(lambda: len(self.handled) >= count, f"{count} handled: {self.handled}")
        await asyncio.sleep(0.03)  # nothing more may come
        assert self.handled == list(range(1, count + 1))

    @asynccontextmanager
    async def running(self, subscription=None):  # type: ignore[no-untyped-def]
        subscription = subscription or self.subscribe()
        task = asyncio.create_task(subscription.run())
        yield subscription
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def setup(bus: Bus, books: Any, app: str) -> Setup:
    setup = Setup(bus, books, app, 12)
    await setup.make_stream()
    return setup


async def test_events_are_handled_in_order(setup: Setup) -> None:
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await setup.until_handled(12)
        status = subscription.status()
    assert (status.position, status.handled, status.repaired, status.dead_letters) == (36, 12, 0, 0)
    assert status.state == "following"
    assert status.name == f"{setup.app}>test"


@pytest.mark.parametrize(
    "arrivals",
    [
        (1, 2, 5, 12),
        (12,),
        (4, 12),
        (1, 1, 2, 2, 2, 3, 1, 12, 12),
        (2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11),
        (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1),
        (3, 1, 1, 7, 2, 7, 9, 5, 12),
    ],
    ids=["dropped", "all but the last", "new subscriber", "twice", "swapped", "backwards", "everything at once"],
)
async def test_whatever_the_broker_makes_of_them(setup: Setup, arrivals: tuple[int, ...]) -> None:
    async with setup.running():
        await setup.send(*arrivals)
        await setup.until_handled(12)


async def test_a_chain_that_forgot_its_past_hides_no_hole(setup: Setup) -> None:
    """The owner's relay found its last message gone and starts the chain anew, with Previous 0."""
    async with setup.running():
        await setup.send(1, 2)
        await setup.until_handled(2)
        last = setup.log[7]
        setup.log[7] = PublicMessage(last.source, last.position, 0, last.event)
        await setup.send(8)
        await setup.until_handled(8)


async def test_the_stream_is_wiped_and_filled_again(setup: Setup) -> None:
    async with setup.running():
        await setup.send(*range(1, 8))
        await setup.until_handled(7)
        await setup.bus.delete_stream(stream_of(setup.app))
        await setup.make_stream()
        setup.sent = 0
        await setup.send(*range(1, 13))
        await setup.until_handled(12)


async def test_the_stream_is_wiped_while_the_subscriber_is_away(setup: Setup) -> None:
    async with setup.running():
        await setup.send(*range(1, 8))
        await setup.until_handled(7)
    await setup.bus.delete_stream(stream_of(setup.app))
    await setup.make_stream()
    await setup.send(11, 12)
    async with setup.running():
        await setup.until_handled(12)


async def test_a_restart_in_the_middle_loses_and_repeats_nothing(setup: Setup) -> None:
    await setup.send(*range(1, 13))
    for stop_at in (2, 5, 9):
        async with setup.running():
            await eventually(partial(lambda stop: len(setup.handled) >= stop, stop_at))
    async with setup.running():
        await setup.until_handled(12)


async def test_a_restart_goes_on_from_where_the_stream_was_left(setup: Setup) -> None:
    await setup.send(*range(1, 8))
    async with setup.running():
        await setup.until_handled(7)
    _, read = await setup.tracking.position(f"{setup.app}>test")
    assert read.sequence == 7
    async with setup.running() as subscription:
        await setup.send(*range(8, 13))
        await setup.until_handled(12)
        assert subscription.status().handled == 5
    assert setup.reads == 0


async def test_two_runners_of_one_subscription_apply_each_effect_once(setup: Setup) -> None:
    first, second = asyncio.create_task(setup.subscribe().run()), asyncio.create_task(setup.subscribe().run())
    await setup.send(*range(1, 13))
    await setup.until_handled(12)
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


@pytest.mark.parametrize(
    "error",
    [OSError("connection lost"), TimeoutError(), Refusal(RefusalKind.UNAVAILABLE, "BUSY", "again")],
    ids=["connection", "timeout", "refused for now"],
)
async def test_a_passing_trouble_is_waited_out(setup: Setup, error: Exception) -> None:
    left = [10]  # more often than a poison message is tried

    def fails(message: PublicMessage) -> Exception | None:
        left[0] -= message.position == 15
        return error if message.position == 15 and left[0] >= 0 else None

    setup.fails = fails
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await setup.until_handled(12)
        assert subscription.status().dead_letters == 0


async def test_the_database_fails_before_and_after_committing(setup: Setup) -> None:
    commit, troubles = setup.tracking.commit, ["before", "after", "", "before", "before", "after"]

    async def troubled(*args: Any, **kwargs: Any) -> None:
        trouble = troubles.pop() if troubles else ""
        if trouble == "before":
            raise OSError("down")
        await commit(*args, **kwargs)
        if trouble == "after":
            raise OSError("connection lost after commit")

    setup.tracking.commit = troubled
    async with setup.running():
        await setup.send(*range(1, 13))
        await setup.until_handled(12)


async def test_a_database_that_lost_its_newest_commits_gets_them_again(setup: Setup) -> None:
    """A failover to a copy that lags, while the subscription runs."""
    async with setup.running() as subscription:
        await setup.send(*range(1, 10))
        await setup.until_handled(9)
        setup.books.forget_after(subscription.name, 12, 4)
        await setup.send(10, 11, 12)
        await setup.until_handled(12)
        assert subscription.status().position == 36


async def test_an_unhandled_message_is_a_dead_letter_to_be_replayed(setup: Setup) -> None:
    setup.fails = lambda message: ValueError("poison") if message.position == 15 else None
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await eventually(lambda: len(setup.handled) == 11)
        assert setup.handled == [n for n in range(1, 13) if n != 5]
        assert (subscription.status().dead_letters, subscription.status().state) == (1, "following")
        [letter] = await setup.tracking.dead_letters(subscription.name)
        assert (letter.position, letter.reason) == (15, "ValueError: poison")
        assert message_of(letter) == setup.log[4]
        assert await subscription.replay_dead_letters() == 0
        setup.fails = lambda message: None
        assert await subscription.replay_dead_letters(only=18) == 0
        assert await subscription.replay_dead_letters(only=15) == 1
        assert setup.handled[-1] == 5
        assert subscription.status().dead_letters == 0


async def test_a_copy_with_a_dead_letter_is_made_anew_in_order(setup: Setup) -> None:
    setup.fails = lambda message: ValueError("poison") if message.position == 15 else None
    async with setup.running(setup.subscribe([setup.books.emptied()])) as subscription:
        await setup.send(*range(1, 13))
        await eventually(lambda: len(setup.handled) == 11)
        assert not await subscription.whole()
        assert await subscription.replay_dead_letters() == 0
        assert (len(setup.handled), await subscription.whole()) == (11, False)
        setup.fails = lambda message: None
        assert await subscription.replay_dead_letters() == 1
        assert await subscription.whole()
        await setup.until_handled(12)


async def test_an_effect_that_the_database_refuses_is_a_dead_letter(setup: Setup) -> None:
    effect = setup.books.effect
    setup.books.effect = lambda number: setup.books.broken() if number == 5 else effect(number)
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await eventually(lambda: len(setup.handled) == 11)
        [letter] = await setup.tracking.dead_letters(subscription.name)
    assert (letter.position, "zero" in letter.reason) == (15, True)


async def test_a_reason_that_no_database_takes_as_text_is_replaced(setup: Setup) -> None:
    reason = "\0 \ud800 " + "x" * 5000
    setup.fails = lambda message: ValueError(reason) if message.position == 15 else None
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await eventually(lambda: len(setup.handled) == 11)
        [letter] = await setup.tracking.dead_letters(subscription.name)
    assert letter.reason.startswith("ValueError: ? ? x")
    assert len(letter.reason) == MAX_REASON


async def test_the_reason_is_the_handlers_not_the_databases(setup: Setup) -> None:
    setup.fails = lambda message: ValueError("poison") if message.position == 15 else None
    add, left = setup.tracking.add_dead_letter, [2]

    async def sometimes(*args: Any, **kwargs: Any) -> int:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError("down")
        return int(await add(*args, **kwargs))

    setup.tracking.add_dead_letter = sometimes
    async with setup.running() as subscription:
        await setup.send(*range(1, 13))
        await eventually(lambda: len(setup.handled) == 11)
        assert [letter.reason for letter in await setup.tracking.dead_letters(subscription.name)] == [
            "ValueError: poison"
        ]


async def test_too_many_dead_letters_stop_until_they_are_replayed(setup: Setup) -> None:
    setup.fails = lambda message: ValueError("broken handler") if message.position > 12 else None
    subscription = setup.subscribe()
    await setup.send(*range(1, 13))
    for _ in range(2):  # a restart changes nothing
        async with setup.running(subscription):
            await eventually(lambda: subscription.status().state == "stopped")
            status = subscription.status()
            assert (status.dead_letters, setup.handled) == (3, [1, 2, 3, 4])
            assert "3 events are dead letters" in status.problem
    async with setup.running(subscription):
        await eventually(lambda: subscription.status().state == "stopped")
        setup.fails = lambda message: None
        assert await subscription.replay_dead_letters() == 3
        # It may go on as soon as fewer are left than stop it: dead letters come late, before or after the next.
        await eventually(lambda: sorted(setup.handled) == list(range(1, 13)), f"handled: {setup.handled}")
        assert (subscription.status().state, subscription.status().problem) == ("following", "")


async def test_the_owner_cannot_be_asked_for_a_while(setup: Setup) -> None:
    read, left = setup.read_events, [3]

    async def sometimes(after: int, limit: int) -> Sequence[PublicMessage]:
        left[0] -= 1
        if left[0] >= 0:
            raise Refusal(RefusalKind.UNAVAILABLE, "DOWN", "the owner restarts")
        return await read(after, limit)

    setup.read_events = sometimes  # type: ignore[method-assign]
    async with setup.running() as subscription:
        await setup.send(12)
        await setup.until_handled(12)
        assert subscription.status().repaired == 11


async def test_a_message_that_is_not_an_event_is_passed_over(setup: Setup) -> None:
    async with setup.running():
        await setup.send(1)
        await setup.bus.publish(Outgoing(f"public.{setup.app}", b"?", "strange", headers={"a": "b"}))
        await setup.send(2, 3)
        await setup.until_handled(3)


async def test_messages_without_effect_cost_no_commit(setup: Setup) -> None:
    setup.concerns = lambda message: message.position in (6, 15)
    name = f"{setup.app}>test"
    async with setup.running() as subscription:
        await setup.send(1)
        await eventually(lambda: subscription.status().position == 3)
        assert (await setup.tracking.position(name))[0] == 0, "passed over without a word to the database"
        await setup.send(2, 3, 4)
        await eventually(lambda: subscription.status().position == 12)
        assert (await setup.tracking.position(name))[0] >= 6, "what came of an event is there with its position"
    async with setup.running():  # what lies after the stored position is read again, and does nothing again
        await setup.send(5)
        await eventually(lambda: setup.handled == [2, 5])
    assert (await setup.tracking.position(name))[0] == 15


async def test_the_lag_is_what_the_broker_holds_and_nobody_has_handled(setup: Setup) -> None:
    subscription = setup.subscribe()
    assert await subscription.lag() == 0
    await setup.send(*range(1, 6))
    assert await subscription.lag() == 5
    async with setup.running(subscription):
        await setup.until_handled(5)
        assert await subscription.lag() == 0
        await setup.send(5, 5)  # of no effect, and not left over either

        async def passed() -> bool:
            return await subscription.lag() == 0

        await until(passed)


async def test_a_stream_made_anew_is_behind_by_all_of_it(setup: Setup) -> None:
    async with setup.running() as subscription:
        await setup.send(1, 2, 3)
        await setup.until_handled(3)
    await setup.bus.delete_stream(stream_of(setup.app))
    assert await subscription.lag() == 0, "of nothing nothing is left"
    await setup.make_stream()
    await setup.send(1, 2)
    assert await subscription.lag() == 2
