"""What every bus promises."""

import asyncio
from contextlib import suppress

import pytest

from showfloor.kernel.tracking import BEGINNING, StreamPosition
from showfloor.messaging.bus import Bus, BusUnavailable, Delivered, Outgoing, StreamInfo, StreamSpec, WrongSequence
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually


def bodies(came: list[Delivered]) -> list[str]:
    return [message.body.decode() for message in came]


async def make(bus: Bus, app: str, **limits: object) -> StreamInfo:
    spec = {"name": app, "subjects": (f"{app}.*",), "max_bytes": 10_000_000} | limits
    return await bus.ensure_stream(StreamSpec(**spec))  # type: ignore[arg-type]


async def put(bus: Bus, app: str, *bodies: str, word: str = "a") -> None:
    await bus.publish_page([Outgoing(f"{app}.{word}", body.encode(), f"{word}{body}") for body in bodies])


def numbers(first: int, last: int) -> list[str]:
    return [str(n) for n in range(first, last + 1)]


async def test_messages_come_in_order_as_they_were_stored(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    ack = await bus.publish(Outgoing(f"{app}.a", b"1", "one", headers={"Some": "thing", "Name": "Größe 🎁"}))
    await put(bus, app, *numbers(2, 50))
    async with reading(bus, app, [f"{app}.*"]) as came:
        await put(bus, app, *numbers(51, 60))
        await eventually(lambda: len(came) == 60)
    assert bodies(came) == numbers(1, 60)
    assert ack.sequence == 1
    assert not ack.duplicate
    first = came[0]
    assert first.subject == f"{app}.a"
    assert first.headers["Some"] == "thing"
    assert first.headers["Name"] == "Größe 🎁"
    assert first.headers["Nats-Msg-Id"] == "one"
    assert [message.stream_position for message in came] == [StreamPosition(info.created, n) for n in range(1, 61)]


async def test_a_page_is_as_large_as_asked_and_the_next_one_follows_it(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    await put(bus, app, *numbers(1, 25))
    reader = bus.reader(app, [f"{app}.*"], BEGINNING)
    assert reader.stream_position == BEGINNING
    pages = [bodies(await reader.page(limit)) for limit in (10, 10, 3, 10)]
    assert pages == [numbers(1, 10), numbers(11, 20), numbers(21, 23), numbers(24, 25)]
    assert reader.stream_position == StreamPosition(info.created, 25)
    waiting = asyncio.ensure_future(reader.page(2))
    await put(bus, app, "26")
    assert bodies(await waiting) == ["26"]
    await reader.close()
    await reader.close()


async def test_an_abandoned_page_comes_with_the_next_question(bus: Bus, app: str) -> None:
    await make(bus, app)
    reader = bus.reader(app, [f"{app}.*"], BEGINNING)
    came: list[Delivered] = []
    for n in range(1, 6):
        waiting = asyncio.ensure_future(reader.page(10))
        await asyncio.sleep(0.002 * n)  # wherever it stands: opening, asking, waiting, or done
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            came += await waiting
        await put(bus, app, str(n))
    while len(came) < 5:
        came += await reader.page(10)
    assert bodies(came) == numbers(1, 5)
    await reader.close()


async def test_what_was_read_and_not_kept_is_read_again(bus: Bus, app: str) -> None:
    """The place is the caller's to keep: after a reader that died in the middle another begins where it began."""
    await make(bus, app)
    await put(bus, app, *numbers(1, 20))
    first = bus.reader(app, [f"{app}.*"], BEGINNING)
    await first.page(5)
    kept = first.stream_position
    await first.page(5)
    await first.close()
    again = bus.reader(app, [f"{app}.*"], kept)
    assert bodies(await again.page(20)) == numbers(6, 20)
    await again.close()


async def test_the_same_id_is_stored_once(bus: Bus, app: str) -> None:
    await make(bus, app)
    first = await bus.publish(Outgoing(f"{app}.a", b"1", "x"))
    again = await bus.publish(Outgoing(f"{app}.a", b"1", "x"))
    assert (again.sequence, again.duplicate) == (first.sequence, True)
    info = await bus.stream_info(app)
    assert info is not None
    assert (info.first_sequence, info.last_sequence, info.messages) == (1, 1, 1)


async def test_a_message_that_must_follow_another_stands_nowhere_else(bus: Bus, app: str) -> None:
    await make(bus, app)
    await bus.publish(Outgoing(f"{app}.a", b"1", "1", after=0))
    with pytest.raises(WrongSequence):
        await bus.publish(Outgoing(f"{app}.a", b"3", "3", after=2))
    with pytest.raises(WrongSequence):
        await bus.publish(Outgoing(f"{app}.a", b"1", "1", after=0))  # even though it is stored already
    acks = await bus.publish_page([Outgoing(f"{app}.a", b"", str(n), {}, n - 1) for n in range(2, 5)])
    assert [(ack.sequence, ack.duplicate) for ack in acks] == [(2, False), (3, False), (4, False)]


async def test_reading_starts_after_the_mark(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    await put(bus, app, *numbers(1, 10))
    async with reading(bus, app, [f"{app}.*"], StreamPosition(info.created, 7)) as came:
        await eventually(lambda: len(came) == 3)
    assert bodies(came) == ["8", "9", "10"]


@pytest.mark.parametrize("known", [True, False])
async def test_a_mark_of_another_life_means_the_beginning(bus: Bus, app: str, known: bool) -> None:
    old = await make(bus, app)
    await put(bus, app, *numbers(1, 10))
    await bus.delete_stream(app)
    new = await make(bus, app)
    assert new.created != old.created
    await put(bus, app, "1", "2")
    # The second stream_position lies beyond the end: a stream restored from an older copy.
    start = StreamPosition(old.created, 1) if known else StreamPosition(new.created, 9)
    async with reading(bus, app, [f"{app}.*"], start) as came:
        await eventually(lambda: len(came) == 2)


async def test_a_stream_made_again_is_read_from_its_first_message(bus: Bus, app: str) -> None:
    await make(bus, app)
    await put(bus, app, "1", "2", "3")
    async with reading(bus, app, [f"{app}.*"]) as came:
        await eventually(lambda: len(came) == 3)
        await bus.delete_stream(app)
        new = await make(bus, app)
        await put(bus, app, *numbers(4, 9))
        await eventually(lambda: len(came) == 9)
    assert bodies(came) == numbers(1, 9)
    assert came[3].stream_position == StreamPosition(new.created, 1)


async def test_a_page_never_joins_two_lives_of_a_stream(bus: Bus, app: str) -> None:
    await make(bus, app)
    await put(bus, app, "1", "2", "3")
    reader = bus.reader(app, [f"{app}.*"], BEGINNING)
    assert bodies(await reader.page(2)) == ["1", "2"]  # the third may be on its way already
    await bus.delete_stream(app)
    await make(bus, app)
    await put(bus, app, *numbers(4, 6))
    came: list[Delivered] = []
    while bodies(came)[-3:] != numbers(4, 6):
        page = await reader.page(10)
        assert len({message.stream_position.created for message in page}) == 1
        came += page
    assert bodies(came) in (numbers(4, 6), numbers(3, 6))
    await reader.close()


async def test_reading_waits_for_a_stream_that_does_not_exist_yet(bus: Bus, app: str) -> None:
    async with reading(bus, app, [f"{app}.*"]) as came:
        await asyncio.sleep(0.05)
        await make(bus, app)
        await put(bus, app, "1")
        await eventually(lambda: bodies(came) == ["1"])


async def test_only_the_asked_subjects_come(bus: Bus, app: str) -> None:
    await make(bus, app)
    for word in ("a", "b", "c"):
        await put(bus, app, "1", "2", word=word)
    async with reading(bus, app, [f"{app}.a", f"{app}.c"]) as came:
        await put(bus, app, "3", word="c")
        await eventually(lambda: len(came) == 5)
    assert [(m.subject[-1], m.body) for m in came] == [
        ("a", b"1"),
        ("a", b"2"),
        ("c", b"1"),
        ("c", b"2"),
        ("c", b"3"),
    ]


async def test_a_stream_ensured_again_keeps_its_messages(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    await put(bus, app, "1")
    again = await make(bus, app, max_bytes=20_000_000)
    assert (again.created, again.messages) == (info.created, 1)


async def test_a_full_stream_forgets_the_oldest(bus: Bus, app: str) -> None:
    await make(bus, app, max_bytes=10_000)
    for n in range(20):
        await bus.publish(Outgoing(f"{app}.a", b"x" * 1000, str(n)))
    info = await bus.stream_info(app)
    assert info is not None
    assert info.last_sequence == 20
    assert 1 < info.first_sequence <= 20
    assert info.bytes <= 10_000


async def test_a_full_stream_that_keeps_all_refuses_until_trimmed(bus: Bus, app: str) -> None:
    await make(bus, app, max_bytes=5_000, refuse_when_full=True)
    with pytest.raises(BusUnavailable):
        for n in range(20):
            await bus.publish(Outgoing(f"{app}.a", b"x" * 1000, str(n)))
    info = await bus.stream_info(app)
    assert info is not None
    assert info.first_sequence == 1
    await bus.trim(app, 2)
    ack = await bus.publish(Outgoing(f"{app}.a", b"x" * 1000, "late"))
    assert ack.sequence == info.last_sequence + 1
    trimmed = await bus.stream_info(app)
    assert trimmed is not None
    assert trimmed.first_sequence == 3


async def test_the_last_message_of_a_subject(bus: Bus, app: str) -> None:
    assert await bus.stream_info(app) is None
    assert await bus.last_message(app, f"{app}.a") is None
    info = await make(bus, app)
    assert (info.first_sequence, info.last_sequence) == (1, 0)
    await put(bus, app, "1", "2", word="a")
    await put(bus, app, "3", word="b")
    last = await bus.last_message(app, f"{app}.a")
    assert last is not None
    assert (last.body, last.stream_position, last.headers["Nats-Msg-Id"]) == (
        b"2",
        StreamPosition(info.created, 2),
        "a2",
    )
    newest = await bus.last_message(app, f"{app}.*")
    assert newest is not None
    assert newest.body == b"3"
    assert await bus.last_message(app, f"{app}.c") is None
    await bus.delete_stream(app)
    await bus.delete_stream(app)


async def test_a_subject_that_no_stream_keeps_is_not_confirmed(bus: Bus, app: str) -> None:
    with pytest.raises(BusUnavailable):
        await bus.publish(Outgoing(f"{app}.a", b"", "1"))


async def test_ticks_reach_whoever_listens_and_nobody_else(bus: Bus, app: str) -> None:
    exact: list[tuple[str, bytes]] = []
    pattern: list[tuple[str, bytes]] = []
    one = await bus.on_tick(f"{app}.x", lambda subject, body: exact.append((subject, body)))
    two = await bus.on_tick(f"{app}.*", lambda subject, body: pattern.append((subject, body)))
    await bus.tick(f"{app}.x", b"1")
    await bus.tick(f"{app}.y", b"2")
    await eventually(lambda: len(pattern) == 2)
    assert exact == [(f"{app}.x", b"1")]
    assert pattern == [(f"{app}.x", b"1"), (f"{app}.y", b"2")]
    await one.close()
    await one.close()
    await bus.tick(f"{app}.x", b"3")
    await eventually(lambda: len(pattern) == 3)
    assert len(exact) == 1
    await two.close()


async def test_a_bus_that_answers_is_connected(bus: Bus) -> None:
    assert bus.connected
