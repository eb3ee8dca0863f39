"""What every bus promises."""

import asyncio

import pytest

from showfloor.messaging.bus import (
    BEGINNING,
    Bus,
    BusUnavailable,
    Delivered,
    Mark,
    Outgoing,
    StreamInfo,
    StreamSpec,
    WrongSequence,
)
from showfloor.testing.waiting import eventually


class Reader:
    """Remembers what came; may be told to fail or to wait."""

    def __init__(self) -> None:
        self.got: list[Delivered] = []
        self.fail = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.running = 0

    async def __call__(self, message: Delivered) -> None:
        self.running += 1
        assert self.running == 1, "two callbacks at once"
        await self.gate.wait()
        self.running -= 1
        if self.fail:
            self.fail -= 1
            raise RuntimeError("told to fail")
        self.got.append(message)

    @property
    def bodies(self) -> list[str]:
        return [message.body.decode() for message in self.got]


async def make(bus: Bus, app: str, **limits: object) -> StreamInfo:
    spec = {"name": app, "subjects": (f"{app}.*",), "max_bytes": 10_000_000} | limits
    return await bus.ensure_stream(StreamSpec(**spec))  # type: ignore[arg-type]


async def put(bus: Bus, app: str, *bodies: str, word: str = "a") -> None:
    await bus.publish_page([Outgoing(f"{app}.{word}", body.encode(), f"{word}{body}") for body in bodies])


def numbers(first: int, last: int) -> list[str]:
    return [str(n) for n in range(first, last + 1)]


async def test_messages_come_in_order_as_they_were_stored(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    ack = await bus.publish(f"{app}.a", b"1", msg_id="one", headers={"Some": "thing", "Name": "Größe 🎁"})
    await put(bus, app, *numbers(2, 50))
    reader = Reader()
    following = await bus.ordered(app, [f"{app}.*"], BEGINNING, reader)
    await put(bus, app, *numbers(51, 60))
    await eventually(lambda: len(reader.got) == 60)
    assert reader.bodies == numbers(1, 60)
    assert ack.sequence == 1
    assert not ack.duplicate
    first = reader.got[0]
    assert first.subject == f"{app}.a"
    assert first.headers["Some"] == "thing"
    assert first.headers["Name"] == "Größe 🎁"
    assert first.headers["Nats-Msg-Id"] == "one"
    assert [message.mark for message in reader.got] == [Mark(info.created, n) for n in range(1, 61)]
    await eventually(lambda: following.mark == Mark(info.created, 60))
    await following.close()
    await following.close()


async def test_the_same_id_is_stored_once(bus: Bus, app: str) -> None:
    await make(bus, app)
    first = await bus.publish(f"{app}.a", b"1", msg_id="x")
    again = await bus.publish(f"{app}.a", b"1", msg_id="x")
    assert (again.sequence, again.duplicate) == (first.sequence, True)
    info = await bus.stream_info(app)
    assert info is not None
    assert (info.first_sequence, info.last_sequence, info.messages) == (1, 1, 1)


async def test_a_message_that_must_follow_another_is_stored_nowhere_else(bus: Bus, app: str) -> None:
    await make(bus, app)
    await bus.publish(f"{app}.a", b"1", msg_id="1", after=0)
    with pytest.raises(WrongSequence):
        await bus.publish(f"{app}.a", b"3", msg_id="3", after=2)
    with pytest.raises(WrongSequence):
        await bus.publish(f"{app}.a", b"1", msg_id="1", after=0)  # even though it is stored already
    acks = await bus.publish_page([Outgoing(f"{app}.a", b"", str(n), {}, n - 1) for n in range(2, 5)])
    assert [(ack.sequence, ack.duplicate) for ack in acks] == [(2, False), (3, False), (4, False)]


async def test_following_starts_after_the_mark(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    await put(bus, app, *numbers(1, 10))
    reader = Reader()
    following = await bus.ordered(app, [f"{app}.*"], Mark(info.created, 7), reader)
    await eventually(lambda: len(reader.got) == 3)
    assert reader.bodies == ["8", "9", "10"]
    await following.close()


@pytest.mark.parametrize("known", [True, False])
async def test_a_mark_of_another_life_means_the_beginning(bus: Bus, app: str, known: bool) -> None:
    old = await make(bus, app)
    await put(bus, app, *numbers(1, 10))
    await bus.delete_stream(app)
    new = await make(bus, app)
    assert new.created != old.created
    await put(bus, app, "1", "2")
    reader = Reader()
    # The second mark lies beyond the end: a stream restored from an older copy.
    start = Mark(old.created, 1) if known else Mark(new.created, 9)
    following = await bus.ordered(app, [f"{app}.*"], start, reader)
    await eventually(lambda: len(reader.got) == 2)
    await following.close()


async def test_a_stream_deleted_and_made_again_is_read_from_its_first_message(bus: Bus, app: str) -> None:
    await make(bus, app)
    await put(bus, app, "1", "2", "3")
    reader = Reader()
    following = await bus.ordered(app, [f"{app}.*"], BEGINNING, reader)
    await eventually(lambda: len(reader.got) == 3)
    await bus.delete_stream(app)
    new = await make(bus, app)
    await put(bus, app, *numbers(4, 9))
    await eventually(lambda: len(reader.got) == 9)
    assert reader.bodies == numbers(1, 9)
    assert reader.got[3].mark == Mark(new.created, 1)
    await following.close()


async def test_following_waits_for_a_stream_that_does_not_exist_yet(bus: Bus, app: str) -> None:
    reader = Reader()
    following = await bus.ordered(app, [f"{app}.*"], BEGINNING, reader)
    await asyncio.sleep(0.05)
    await make(bus, app)
    await put(bus, app, "1")
    await eventually(lambda: reader.bodies == ["1"])
    await following.close()


async def test_only_the_asked_subjects_come(bus: Bus, app: str) -> None:
    await make(bus, app)
    for word in ("a", "b", "c"):
        await put(bus, app, "1", "2", word=word)
    reader = Reader()
    following = await bus.ordered(app, [f"{app}.a", f"{app}.c"], BEGINNING, reader)
    await put(bus, app, "3", word="c")
    await eventually(lambda: len(reader.got) == 5)
    assert [(m.subject[-1], m.body) for m in reader.got] == [
        ("a", b"1"),
        ("a", b"2"),
        ("c", b"1"),
        ("c", b"2"),
        ("c", b"3"),
    ]
    await following.close()


async def test_a_message_whose_callback_fails_comes_again_before_any_other(bus: Bus, app: str) -> None:
    await make(bus, app)
    reader = Reader()
    reader.fail = 2
    following = await bus.ordered(app, [f"{app}.*"], BEGINNING, reader)
    await put(bus, app, *numbers(1, 20))
    await eventually(lambda: len(reader.got) >= 20)
    assert reader.bodies == numbers(1, 20)
    await following.close()


async def test_closing_lets_the_running_callback_finish_and_stops(bus: Bus, app: str) -> None:
    await make(bus, app)
    await put(bus, app, *numbers(1, 5))
    reader = Reader()
    reader.gate.clear()
    following = await bus.ordered(app, [f"{app}.*"], BEGINNING, reader)
    await eventually(lambda: reader.running == 1)
    closing = asyncio.ensure_future(following.close())
    await asyncio.sleep(0.02)
    assert not closing.done()
    reader.gate.set()
    await closing
    assert reader.bodies == ["1"]
    assert following.mark.sequence == 1
    await put(bus, app, "6")
    await asyncio.sleep(0.05)
    assert reader.bodies == ["1"]


async def test_ensuring_a_stream_again_changes_its_limits_and_keeps_its_messages(bus: Bus, app: str) -> None:
    info = await make(bus, app)
    await put(bus, app, "1")
    again = await make(bus, app, max_bytes=20_000_000)
    assert (again.created, again.messages) == (info.created, 1)


async def test_a_full_stream_forgets_the_oldest(bus: Bus, app: str) -> None:
    await make(bus, app, max_bytes=10_000)
    for n in range(20):
        await bus.publish(f"{app}.a", b"x" * 1000, msg_id=str(n))
    info = await bus.stream_info(app)
    assert info is not None
    assert info.last_sequence == 20
    assert 1 < info.first_sequence <= 20
    assert info.bytes <= 10_000


async def test_a_full_stream_that_must_not_forget_refuses_until_trimmed(bus: Bus, app: str) -> None:
    await make(bus, app, max_bytes=5_000, refuse_when_full=True)
    with pytest.raises(BusUnavailable):
        for n in range(20):
            await bus.publish(f"{app}.a", b"x" * 1000, msg_id=str(n))
    info = await bus.stream_info(app)
    assert info is not None
    assert info.first_sequence == 1
    await bus.trim(app, 2)
    ack = await bus.publish(f"{app}.a", b"x" * 1000, msg_id="late")
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
    assert (last.body, last.mark, last.headers["Nats-Msg-Id"]) == (b"2", Mark(info.created, 2), "a2")
    newest = await bus.last_message(app, f"{app}.*")
    assert newest is not None
    assert newest.body == b"3"
    assert await bus.last_message(app, f"{app}.c") is None
    await bus.delete_stream(app)
    await bus.delete_stream(app)


async def test_a_subject_that_no_stream_keeps_is_not_confirmed(bus: Bus, app: str) -> None:
    with pytest.raises(BusUnavailable):
        await bus.publish(f"{app}.a", b"", msg_id="1")


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


async def test_health(bus: Bus) -> None:
    assert bus.connected
    assert await bus.ping() >= 0
