"""What the embedded broker lets each service's user do: enough for its work, and nothing else's."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import msgspec
import nats
import pytest

from showfloor.cli.services import services
from showfloor.embedded.child import spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.nats import Nats, inbox_of
from showfloor.embedded.probes import http_probe
from showfloor.embedded.topology import build, public_stream
from showfloor.gateway.watch import subscribe
from showfloor.messaging.bus import Outgoing, StreamSpec
from showfloor.messaging.nats_bus import ERRORS, NatsBus
from showfloor.messaging.public import stream_of, subject_of
from showfloor.messaging.signals import STREAM, SignalPage, SignalStream
from showfloor.service import directory
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

PUBLIC = StreamSpec(name=stream_of("session"), subjects=(subject_of("session"),), max_bytes=64 * 1024**2)
BIG, MANY = b"x" * 500_000, 40  # more than one page holds


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nats]:
    """The broker as `showfloor up` starts it, without anybody else."""
    folder = DataFolder(tmp_path_factory.mktemp("broker"))
    folder.prepare()
    server = build(folder, services()).nats
    server.prepare()
    running = spawn(server.command(), folder.log("nats"))

    async def up() -> None:
        while await http_probe(server.monitor_port, "/healthz") is not None:
            assert running.poll() is None, folder.log("nats").read_text()
            await asyncio.sleep(0.02)

    asyncio.run(up())
    yield server
    running.kill()
    running.wait()


def password(broker: Nats, user: str) -> str:
    return broker.password_file(user).read_text().strip()


async def connected(broker: Nats, user: str) -> NatsBus:
    return await NatsBus.connect(broker.url, name="test", user=user, password=password(broker, user), attempts=2)


@pytest.fixture
async def session(broker: Nats) -> AsyncIterator[NatsBus]:
    bus = await connected(broker, "session")
    yield bus
    await bus.close()


@pytest.fixture
async def gateway(broker: Nats) -> AsyncIterator[NatsBus]:
    bus = await connected(broker, "gateway")
    yield bus
    await bus.close()


def test_broker_users_are_the_services_and_whom_they_follow() -> None:
    assert public_stream("session") == stream_of("session")
    brokers = {service.name: service.broker for service in services() if service.broker}
    assert {name: list(broker.follows) for name, broker in brokers.items()} == {
        "session": [directory.UPSTREAM, "events"],
        "events": [directory.UPSTREAM, "session"],
        "gateway": [subscribe.UPSTREAM],
    }
    kept = {name: list(broker.keeps) for name, broker in brokers.items()}
    assert kept == {"session": [STREAM], "events": [], "gateway": []}


def errors() -> float:
    """Return how often the broker said no to a client of this process."""
    return sum(sample.value for metric in ERRORS.collect() for sample in metric.samples)


async def test_users_can_do_all_that_their_services_do(session: NatsBus, gateway: NatsBus) -> None:
    before = errors()
    for spec in (PUBLIC, msgspec.structs.replace(PUBLIC, max_age=86_400)):  # made, then changed
        await session.ensure_stream(spec)
    async with reading(gateway, PUBLIC.name, [subject_of("session")]) as taken:
        await session.publish_page([Outgoing(subject_of("session"), BIG, msg_id=str(n)) for n in range(MANY)])
        await eventually(lambda: len(taken) == MANY, "all messages, in more than one page")
    last = await session.last_message(PUBLIC.name, subject_of("session"))
    assert last is not None and last.stream_position.sequence == MANY
    await session.trim(PUBLIC.name, MANY)
    await session.delete_stream(PUBLIC.name)
    assert errors() == before


async def test_the_signal_lane_works_for_the_service_that_folds(session: NatsBus) -> None:
    before, signal_stream, pages = errors(), SignalStream(session, max_bytes=64 * 1024**2), []
    await signal_stream.ensure()

    async def take(page: SignalPage) -> None:
        pages.append(page)

    following = await signal_stream.follow({}, take)
    await signal_stream.append("a", "1", b"batch")
    await eventually(lambda: pages, "the batch")
    await signal_stream.trim(following.stream_position)
    await following.close()
    assert errors() == before


async def test_ticks_reach_the_gateway_from_the_moment_it_listens(session: NatsBus, gateway: NatsBus) -> None:
    heard: list[str] = []
    for number in range(50):
        following = await gateway.on_tick(f"live.{number}.*", lambda subject, _: heard.append(subject))
        await session.tick(f"live.{number}.board", b"")
        await eventually(lambda number=number: len(heard) > number, f"tick {number}")
        await following.close()


async def denied(broker: Nats, user: str, *, publish: str = "", subscribe: str = "") -> bool:
    """Return whether the broker says no. It answers in order: what it says comes before its answer to a question."""
    said: list[str] = []

    async def note(error: Exception) -> None:
        said.append(str(error).lower())

    prefix = inbox_of(user)
    client = await nats.connect(
        broker.url, user=user, password=password(broker, user), error_cb=note, inbox_prefix=prefix
    )
    try:
        if publish:
            await client.publish(publish, b"", reply=client.new_inbox())
        else:
            await client.subscribe(subscribe)
        own = {"session": "PUBLIC_SESSION", "gateway": "PUBLIC_GATEWAY"}[user]
        await client.request(f"$JS.API.STREAM.INFO.{own}", timeout=30)
    finally:
        await client.close()
    return any("permissions violation" in words for words in said)


@pytest.mark.parametrize("user", ["session", "gateway"])
async def test_nobody_hears_what_was_meant_for_another(broker: Nats, user: str) -> None:
    other = {"session": "gateway", "gateway": "session"}[user]
    for subject in (f"{inbox_of(other)}.>", f"{inbox_of(other)}.x.y", "_INBOX.>", "_INBOX.x", "*.>", "*.x.*"):
        assert await denied(broker, user, subscribe=subject), subject
    assert not await denied(broker, user, subscribe=f"{inbox_of(user)}.x.y")


JETSTREAM = {
    "gateway": [
        "INFO",  # how much of everything there is
        *("CONSUMER.CREATE.SIGNALS", "CONSUMER.CREATE.SIGNALS.x", "CONSUMER.DURABLE.CREATE.SIGNALS.x"),
        *("CONSUMER.MSG.NEXT.SIGNALS.x", "CONSUMER.DELETE.SIGNALS.x", "CONSUMER.NAMES.SIGNALS"),
        *("STREAM.INFO.SIGNALS", "STREAM.MSG.GET.SIGNALS", "DIRECT.GET.SIGNALS", "STREAM.MSG.GET.PUBLIC_SESSION"),
        *(f"STREAM.{verb}.PUBLIC_SESSION" for verb in ("CREATE", "UPDATE", "PURGE", "DELETE", "MSG.DELETE")),
        *("CONSUMER.CREATE.PUBLIC_GATEWAY", "STREAM.MSG.DELETE.PUBLIC_GATEWAY"),
    ],
    "session": [
        "INFO",
        *("CONSUMER.CREATE.PUBLIC_SESSION", "STREAM.MSG.GET.PUBLIC_GATEWAY", "STREAM.MSG.DELETE.PUBLIC_GATEWAY"),
        *(f"STREAM.{verb}.PUBLIC_GATEWAY" for verb in ("CREATE", "UPDATE", "PURGE", "DELETE")),
        *("STREAM.DELETE.SIGNALS", "STREAM.MSG.DELETE.SIGNALS", "STREAM.NAMES", "STREAM.LIST"),
    ],
}


@pytest.mark.parametrize("user", JETSTREAM)
async def test_an_owner_manages_its_stream_and_followers_read_it(broker: Nats, user: str) -> None:
    for call in JETSTREAM[user]:
        assert await denied(broker, user, publish=f"$JS.API.{call}"), call
    foreign = {"session": "PUBLIC_SESSION", "gateway": "SIGNALS"}[user]
    for subject in (f"$JS.ACK.{foreign}.c.1.1.1.1.0", f"$JS.FC.{foreign}.c.1", f"{inbox_of('session')}.x.y"):
        assert await denied(broker, user, publish=subject), subject
