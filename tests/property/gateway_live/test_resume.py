"""Whatever happens to ticks and connections, a reader sees every line once, in order."""

import asyncio
import json

import pytest
from fake_session import Callers, FakeSession
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.gateway.http.transcode import encode
from showfloor.gateway.live.channel import Channel
from showfloor.gateway.live.client import Client, Subscriber
from showfloor.gateway.live.fair_queue import FairQueue
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.frames import Lines
from showfloor.gateway.live.ring import Ring
from showfloor.gateway.live.topics import Topic, positions

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 4)),
        st.tuples(st.just("lose"), st.integers(1, 3)),
        st.tuples(st.just("again"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("read"), st.integers(1, 3)),
        st.tuples(st.just("leave"), st.just(0)),
        st.tuples(st.just("forget"), st.just(0)),
        st.tuples(st.just("pause"), st.just(0)),
    ),
    max_size=40,
)


def lines_in(part: bytes) -> tuple[list[int], str]:
    """Return the positions in a part of a stream, and its last id."""
    seen: list[int] = []
    last = ""
    for block in part.decode().split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in block.split("\n") if line)
        last = fields.get("id", last)
        if fields.get("event") == "activity":
            seen += [one["position"] for one in json.loads(fields["data"])["activities"]]
    return seen, last


class Reader:
    """A client that reconnects with its last id."""

    def __init__(self, session: FakeSession) -> None:
        self.session, self.seen, self.last_id = session, list[int](), ""
        self.client: Client | None = None

    def connect(self, channel: Channel) -> None:
        topics = [Topic("activity", self.session.session_id)]
        actor = None
        self.client = Client(Subscriber("user:1", actor, "token"), topics, FairQueue())  # type: ignore[arg-type]
        channel.listeners.add(self.client)
        after = positions(self.last_id, 1)
        self.take(self.client.place({self.session.session_id: channel}, after))

    def take(self, part: bytes) -> None:
        seen, last = lines_in(part)
        self.seen += seen
        self.last_id = last or self.last_id

    async def read(self, channel: Channel) -> None:
        if self.client is None:
            self.connect(channel)
        assert self.client is not None
        part = await self.client.take()
        self.take(part)
        if self.client.ended:
            self.client = None


async def opened(session: FakeSession, ring: int) -> Channel:
    channel = Channel(session.session_id, Feeds(session.ask, Callers(session).internal_token), encode)
    await channel.open()
    channel.ring = Ring(channel.ring.base, max_frames=ring)
    return channel


async def play(steps: list[tuple[str, int]], ring: int, page: int) -> tuple[list[int], list[int]]:
    session = FakeSession(page=page)
    session.write()
    channel = await opened(session, ring)
    reader = Reader(session)
    reader.connect(channel)
    tick = b""
    for what, count in steps:
        match what:
            case "say":
                tick = session.tick([session.write(gap=1 + count % 2) for _ in range(count)])
                channel.on_tick("live.x.activity", tick)
            case "lose":
                session.tick([session.write() for _ in range(count)])
            case "again" if tick:
                channel.on_tick("live.x.activity", tick)
            case "restart":
                session.told = None
            case "read":
                for _ in range(count):
                    await reader.read(channel)
            case "leave":
                reader.client = None
            case "forget":
                reader.client = None
                channel.close()
                channel = await opened(session, ring)
            case _:
                for _ in range(5):
                    await asyncio.sleep(0)
    channel.mend(0)
    for _ in range(400):
        await asyncio.sleep(0)
        await reader.read(channel)
    channel.close()
    return reader.seen, [line.position for line in session.log[1:]]


@pytest.mark.requirement("R21")
@settings(max_examples=150, deadline=None)
@given(steps=STEPS, ring=st.integers(1, 6), page=st.integers(1, 5))
def test_no_line_is_missed_or_repeated(steps: list[tuple[str, int]], ring: int, page: int) -> None:
    seen, said = asyncio.run(play(steps, ring, page))
    assert seen == said


@given(sizes=st.lists(st.integers(1, 4), max_size=30), limit=st.integers(1, 8), after=st.integers(0, 90))
def test_a_ring_keeps_everything_after_its_base(sizes: list[int], limit: int, after: int) -> None:
    session, ring = FakeSession(), Ring(0, max_frames=limit)
    for size in sizes:
        lines = [session.write() for _ in range(size)]
        ring.append(Lines(ListActivityResponse(activities=lines), encode))
    kept: list[int] = []
    number = ring.number_after(max(after, ring.base))
    position = max(after, ring.base)
    while (lines := ring.get(number)) is not None:
        kept += lines_in(lines.frame_after(position, comments_only=False))[0]
        number += 1
    assert kept == [line.position for line in session.log if line.position > position]
    assert ring.next - ring.oldest <= limit


async def test_a_tick_that_is_none_is_as_good_as_lost() -> None:
    channel = await opened(FakeSession(page=5), ring=5)
    channel.on_tick("live.x.board", GetBoardResponse().SerializeToString())
    good = channel.newest("board")
    for kind in ("board", "watch", "activity", "other"):
        channel.on_tick(f"live.x.{kind}", b"\xff\xff")
    assert good is not None and channel.newest("board") is good
    assert channel.newest("watch") is None
