"""Streams over real HTTP with ticks over real NATS."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fake_session import Browser, Callers, FakeBatcher, FakeSession, serving

from showfloor.api.common.v1.common_pb2 import Reading
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.gateway.http.transcode import encode
from showfloor.gateway.live import client as clients
from showfloor.gateway.live import sse
from showfloor.gateway.live import topics as live_topics
from showfloor.gateway.live.feeds import Feeds
from showfloor.gateway.live.hub import Hub
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.sse import Streams
from showfloor.gateway.live.topics import Authorizer
from showfloor.kernel.refusal import RefusalKind
from showfloor.messaging.nats_bus import NatsBus
from showfloor.testing.waiting import PATIENCE, eventually


@dataclass
class Rig:
    session: FakeSession
    callers: Callers
    bus: NatsBus
    streams: Streams
    http: httpx.AsyncClient
    batcher: FakeBatcher

    def browser(self, kinds: str = "activity", token: str = "host") -> Browser:
        return Browser(self.http, ",".join(f"{kind}:{self.session.session_id}" for kind in kinds.split()), token)

    async def tell(self, what: str, body: bytes) -> None:
        await self.bus.tick(f"live.{self.session.session_id}.{what}", body)

    async def say(self, kind: str = "comment") -> int:
        line = self.session.write(kind)
        await self.tell("activity", self.session.tick([line]))
        return line.position


@asynccontextmanager
async def rigged(nats_url: str) -> AsyncIterator[Rig]:
    session = FakeSession()
    callers = Callers(session)
    bus = await NatsBus.connect(nats_url, name="test")
    hub = Hub(bus, Feeds(session.ask, callers.internal_token), encode)
    batcher = FakeBatcher()
    streams = Streams(hub, callers, Authorizer(session.ask, callers.membership), Beats(batcher, 0.2), 1_000)
    hub.start()
    streams.start()
    try:
        limits = httpx.Limits(max_connections=None)
        async with (
            serving(streams, callers) as address,
            httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as http,
        ):
            try:
                yield Rig(session, callers, bus, streams, http, batcher)
            finally:
                await streams.drain()
    finally:
        await hub.close()
        await bus.close()


@pytest.fixture
async def rig(nats_url: str) -> AsyncIterator[Rig]:
    async with rigged(nats_url) as made:
        yield made


async def test_a_stream_starts_with_hello_and_what_is_newest(rig: Rig) -> None:
    for _ in range(3):
        rig.session.write()
    browser = await rig.browser("board activity watch").open()
    await browser.until(lambda: browser.named("board") and browser.named("watch"))
    hello = browser.events[0]
    assert hello.name == "hello" and hello.id == "3" and hello.data["positions"] == {rig.session.session_id: 3}
    assert browser.headers["content-type"].startswith("text/event-stream")
    assert browser.headers["cache-control"] == "no-store" and browser.headers["x-accel-buffering"] == "no"
    assert browser.named("board")[0].data["session"]["title"] == "Evening"
    assert browser.named("watch")[0].data["session"]["state"] == "live"
    position = await rig.say()
    await rig.tell("board", rig.session.board_tick())
    await browser.until(lambda: browser.positions() and len(browser.named("board")) == 2)
    assert browser.positions() == [position] and browser.last_id == str(position)
    await browser.close()


async def test_200_clients_get_the_same_bytes_of_one_subscription(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    browsers = [rig.browser("board activity", "host") for _ in range(200)]
    with monkeypatch.context() as one_key_for_all:
        one_key_for_all.setattr(sse, "MAX_PER_KEY", 500)
        await asyncio.gather(*(browser.open() for browser in browsers))
    await asyncio.gather(*(browser.until(lambda b=browser: b.named("board")) for browser in browsers))
    assert rig.session.asked.count("GetBoard") == 1
    said = [await rig.say() for _ in range(20)]
    await rig.tell("board", rig.session.board_tick())
    await asyncio.gather(
        *(
            browser.until(lambda b=browser: len(b.positions()) == 20 and len(b.named("board")) == 2, 20)
            for browser in browsers
        )
    )
    assert all(browser.positions() == said for browser in browsers)
    blocks = [
        sorted(block for block in bytes(one.raw).split(b"\n\n") if b"event: activity" in block) for one in browsers
    ]
    assert blocks[0] and all(one == blocks[0] for one in blocks)
    await asyncio.gather(*(browser.close() for browser in browsers))


@pytest.mark.requirement("R21")
async def test_reconnecting_at_any_moment_misses_and_repeats_nothing(rig: Rig) -> None:
    chance = random.Random(7)
    browser = await rig.browser().open()
    said: list[int] = []
    for number in range(150):
        if chance.random() < 0.15:
            line = rig.session.write()  # its tick is lost
            rig.session.tick([line])
            said.append(line.position)
        else:
            said.append(await rig.say())
        if chance.random() < 0.1:
            await browser.close()
            await browser.open()
        if number % 10 == 0:
            await asyncio.sleep(0.01)
    said.append(await rig.say())  # tells that something was lost before it
    await browser.until(lambda: len(browser.positions()) >= len(said), 15)
    assert browser.positions() == said
    await browser.close()


async def test_a_tick_that_was_lost_last_is_noticed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.gateway.live.channel.QUIET_FEED", 0.2)
    browser = await rig.browser().open()
    lost = rig.session.write().position
    await browser.until(lambda: browser.positions() == [lost])
    await browser.close()


async def test_an_old_id_is_served_from_the_log_in_pages(rig: Rig) -> None:
    rig.session.page = 7
    said = [rig.session.write().position for _ in range(40)]
    browser = rig.browser()
    browser.last_id = "3"
    await browser.open()
    await browser.until(lambda: len(browser.positions()) == 37)
    said.append(await rig.say())
    await browser.until(lambda: len(browser.positions()) == 38)
    assert browser.positions() == said[3:]
    await browser.close()


@pytest.mark.requirement("R14")
async def test_a_viewers_stream_is_a_sign_of_life_a_hosts_is_none(rig: Rig) -> None:
    host = await rig.browser("board watch").open()
    viewers = [await rig.browser("watch", "viewer").open(), await rig.browser("activity", "viewer").open()]
    await host.until(lambda: len(rig.batcher.told) >= 3)
    assert set(rig.batcher.told) == {(rig.session.session_id, 1)}  # one viewer with two windows
    for viewer in viewers:
        await viewer.close()  # without a word
    await host.until(lambda: not rig.streams._beats._rooms)
    await host.close()


async def test_viewers_hear_comments_only_of_their_own_live(rig: Rig) -> None:
    browser = await rig.browser("activity watch", "viewer").open()
    await rig.say("order")
    comment = await rig.say("comment")
    await browser.until(browser.positions)
    assert browser.positions() == [comment]
    await browser.close()
    for topics in (f"board:{rig.session.session_id}", f"watch:{uuid4()}"):
        refused = await Browser(rig.http, topics, "viewer").open()
        assert refused.status == 403 and refused.problem["code"] == "PERMISSION"
    by_address = await rig.http.get("/v1/stream", params={"topics": "watch:x", "viewer_token": "host"})
    assert by_address.status_code == 400
    topics = f"activity:{rig.session.session_id}"
    by_address = await rig.http.get("/v1/stream", params={"topics": topics, "viewer_token": "host"})
    assert by_address.status_code == 400 and by_address.json()["field"] == "viewer_token"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"topics": "chat:1"}, 400),
        ({"topics": "board:1"}, 400),
        ({"topics": ",".join(f"board:{uuid4()}" for _ in range(33))}, 400),
        ({"topics": f"board:{uuid4()}"}, 404),
        ({"topics": f"activity:{uuid4()}", "last_event_id": "x"}, 400),
        ({"topics": f"board:{uuid4()}", "what": "1"}, 400),
    ],
)
async def test_what_cannot_be_told_is_refused_as_a_problem(rig: Rig, params: dict[str, str], status: int) -> None:
    answer = await rig.http.get("/v1/stream", params=params, headers={"Authorization": "Bearer host"})
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert (await rig.http.get("/v1/stream", params={"topics": f"board:{rig.session.session_id}"})).status_code == 401


async def test_streams_of_one_caller_are_limited(rig: Rig) -> None:
    browsers = [await rig.browser().open() for _ in range(sse.MAX_PER_KEY)]
    refused = await rig.browser().open()
    assert refused.status == 429
    await browsers[0].close()
    async with asyncio.timeout(PATIENCE):
        while (again := await rig.browser().open()).status == 429:  # until the server has noticed
            await asyncio.sleep(0.02)
    assert again.status == 200
    for browser in [*browsers[1:], again]:
        await browser.close()


async def test_heartbeats_come_when_nothing_else_does(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "HEARTBEAT_EVERY", 1.0)
    browser = await rig.browser().open()
    await browser.until(lambda: len(browser.named("heartbeat")) >= 2)
    assert b": heartbeat\n" in browser.raw
    await browser.close()


async def test_signing_out_ends_the_stream_at_once(rig: Rig) -> None:
    browser = await rig.browser().open()
    rig.streams.revoked(rig.callers.sign_in_id)
    await asyncio.wait_for(browser.ended.wait(), PATIENCE)
    assert browser.events[-1].name == "end"


async def test_a_role_that_was_taken_away_ends_the_stream(rig: Rig) -> None:
    browser = await rig.browser().open()
    rig.session.down = True
    rig.streams.changed()  # an outage proves nothing
    await asyncio.sleep(0.1)
    assert not browser.ended.is_set()
    rig.session.down, rig.callers.demoted = False, True
    rig.streams.changed()
    await asyncio.wait_for(browser.ended.wait(), PATIENCE)
    assert browser.events[-1].name == "end"


async def test_a_change_of_roles_concerns_no_viewer(rig: Rig) -> None:
    viewer = await rig.browser("activity watch", "viewer").open()
    host = await rig.browser().open()
    asked = rig.session.asked.count("WatchSession")
    rig.callers.signed_out = True  # so that whoever is asked about is out
    rig.streams.changed()
    await asyncio.wait_for(host.ended.wait(), PATIENCE)
    assert not viewer.ended.is_set() and rig.session.asked.count("WatchSession") == asked
    await viewer.close()


async def test_after_a_change_of_roles_few_are_asked_about_at_a_time(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "ASKED_AT_ONCE", 2)
    monkeypatch.setattr(sse, "ASKED_EVERY", 3_600.0)
    browsers = [await rig.browser().open() for _ in range(5)]
    rig.callers.signed_out = True
    for _ in range(3):  # more changes ask about nobody twice, and nobody sooner
        rig.streams.changed()
    await eventually(lambda: sum(browser.ended.is_set() for browser in browsers) == 2)
    rig.streams._ask_anew()  # as it does itself after the pause
    await eventually(lambda: sum(browser.ended.is_set() for browser in browsers) == 4)
    rig.streams._ask_anew()
    for browser in browsers:
        await asyncio.wait_for(browser.ended.wait(), PATIENCE)


@pytest.mark.parametrize("kind", RefusalKind)
async def test_only_a_no_ends_a_stream(rig: Rig, monkeypatch: pytest.MonkeyPatch, kind: RefusalKind) -> None:
    monkeypatch.setattr(sse, "CHECK_EVERY", 0.1)
    monkeypatch.setattr(live_topics, "KNOWN_SECONDS", 0.0)
    browsers = [await rig.browser("activity", token).open() for token in ("viewer", "host")]
    rig.session.refuses = kind
    asked = len(rig.session.asked)
    await browsers[0].until(lambda: len(rig.session.asked) >= asked + 2)
    await asyncio.sleep(0.1)
    ends = kind in (
        RefusalKind.DENIED,
        RefusalKind.NOT_FOUND,
        RefusalKind.UNAUTHENTICATED,
        RefusalKind.WRONG_STATE,
    )
    assert [browser.ended.is_set() for browser in browsers] == [ends, ends]
    rig.session.refuses = None
    if not ends:
        line = await rig.say()
        await browsers[0].until(lambda: line in browsers[0].positions() and line in browsers[1].positions())
    for browser in browsers:
        await browser.close()


async def test_what_one_caller_was_told_opens_no_stream_to_another(rig: Rig) -> None:
    browser = await rig.browser("board activity").open()
    assert rig.session.asked.count("GetSession") == 1
    for kinds in ("board", "activity", "activity watch"):
        refused = await rig.browser(kinds, "other").open()
        assert refused.status == 404 and refused.problem["code"] == "SESSION_NOT_FOUND"
    again = await rig.browser("board activity").open()
    assert rig.session.asked.count("GetSession") == 1
    for one in (browser, again):
        await one.close()


async def test_checks_of_many_viewers_cost_one_question_a_second(rig: Rig) -> None:
    for token in ("viewer", "host", "other"):
        browsers = [await rig.browser("watch", token).open() for _ in range(5)]
        for one in browsers:
            await one.close()
    assert rig.session.asked.count("WatchSession") <= 4  # one of them for the snapshot


async def test_a_server_that_stops_says_good_bye(rig: Rig) -> None:
    browsers = [await rig.browser().open() for _ in range(5)]
    await rig.streams.drain()
    for browser in browsers:
        await asyncio.wait_for(browser.ended.wait(), PATIENCE)
        assert browser.events[-1].name == "bye" and int(browser.events[-1].retry) >= 500
    assert (await rig.browser().open()).status == 503


async def test_a_slow_client_skips_boards_and_never_lines(rig: Rig) -> None:
    host, port = rig.http.base_url.host, rig.http.base_url.port
    reader, writer = await asyncio.open_connection(host, port, limit=2**12)
    topics = f"board:{rig.session.session_id},activity:{rig.session.session_id}"
    writer.write(f"GET /v1/stream?topics={topics} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer host\r\n\r\n".encode())
    await reader.readuntil(b"event: board")
    said, boards = [], 4_000
    for number in range(boards):  # far more than sockets and buffers hold
        if number % 100 == 0:
            said.append(await rig.say())
            await asyncio.sleep(0.01)
        await rig.tell("board", _large_board(rig.session))
    whole = bytearray()
    newest = f'"version":{rig.session.board},'.encode()
    while newest not in whole or f'"position":{said[-1]},"kind"'.encode() not in whole:
        whole += await asyncio.wait_for(reader.read(2**16), PATIENCE)
    told = [int(part.split(b",")[0]) for part in bytes(whole).split(b'"position":')[1:] if b'"kind"' in part[:30]]
    assert [position for position in told if position in said] == said
    assert whole.count(b"event: board") < boards / 2
    writer.close()


def _large_board(session: FakeSession) -> Any:
    board = GetBoardResponse.FromString(session.board_tick())
    board.core.extend(Reading(metric=f"metric_{number}", missing="not_yet") for number in range(60))
    return board.SerializeToString()
