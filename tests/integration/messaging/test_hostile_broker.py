"""A broker that forgets, counts wrongly, hangs or throws us out: nothing is lost, nobody waits for ever."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from showfloor.kernel.tracking import BEGINNING
from showfloor.messaging import reader
from showfloor.messaging.bus import BusUnavailable, Outgoing, StreamSpec
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.reader import StreamReader
from showfloor.testing.nats import NatsServer
from showfloor.testing.waiting import PATIENCE, eventually, until

FOR_EVER = 3_600.0  # seconds


async def filled(server: NatsServer, count: int) -> tuple[NatsBus, StreamReader]:
    """Return a bus with a stream of so many messages, and a reader of it."""
    bus = await NatsBus.connect(server.url, name="hostile", ack_timeout=FOR_EVER)
    await bus.ensure_stream(StreamSpec(name="S", subjects=("s",), max_bytes=10**8))
    for n in range(1, count + 1):
        await bus.publish(Outgoing("s", b"%d" % n, str(n)))
    return bus, bus.reader("S", ["s"], BEGINNING)


async def consumers(bus: NatsBus) -> int:
    return (await bus._js.stream_info("S")).state.consumer_count


async def test_a_consumer_that_the_server_forgot_is_opened_again(nats_server: NatsServer) -> None:
    bus, following = await filled(nats_server, 4)
    assert [message.body for message in await following.page(2)] == [b"1", b"2"]
    assert not following._asked, "no request stands, so nobody tells us"
    await bus._js.delete_consumer("S", following._consumer)
    assert [message.body for message in await following.page(2)] == [b"3", b"4"]
    await bus.close()


async def test_a_page_is_not_held_back_for_messages_that_never_come(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "REQUEST", FOR_EVER)
    monkeypatch.setattr(reader, "place_of", lambda reply: (int(reply.split(".")[5]), int(reply.split(".")[6]), 1))
    bus, following = await filled(nats_server, 3)
    async with asyncio.timeout(PATIENCE):
        assert [message.body for message in await following.page(10)] == [b"1", b"2", b"3"]
    await bus.close()


async def test_no_consumer_is_left_behind_by_who_closes(nats_server: NatsServer) -> None:
    bus, following = await filled(nats_server, 1)
    other = bus.reader("S", ["s"], BEGINNING)
    await following.page(1)
    await other.page(1)
    assert await consumers(bus) == 2
    await following.close()
    await bus.close()
    again = await NatsBus.connect(nats_server.url, name="counting")

    async def none() -> bool:
        return await consumers(again) == 0

    await until(none)
    await again.close()


async def test_closing_waits_for_no_server_that_hangs(nats_server: NatsServer) -> None:
    bus, following = await filled(nats_server, 1)
    await following.page(1)
    assert nats_server._process is not None
    os.kill(nats_server._process.pid, signal.SIGSTOP)
    try:
        with suppress(TimeoutError):  # more than the system's buffers hold, so that it stays with us
            async with asyncio.timeout(0.5):
                while True:
                    await bus.tick("s", bytes(1024**2))
        async with asyncio.timeout(PATIENCE):
            await following.close()
            await bus.close()
    finally:
        os.kill(nats_server._process.pid, signal.SIGCONT)


async def test_a_reader_can_be_stopped_though_the_client_swallows_it(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus, following = await filled(nats_server, 1)
    await following.page(1)
    real, asking = bus._client.publish, asyncio.Event()

    async def swallowing(subject: str, *_: Any, **__: Any) -> None:
        asking.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(FOR_EVER)

    monkeypatch.setattr(bus._client, "publish", swallowing)
    for work in (following._ask(1), bus.tick("s", b"")):
        asking.clear()
        task = asyncio.ensure_future(work)
        await asking.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    monkeypatch.setattr(bus._client, "publish", real)
    await bus.close()


async def test_a_client_that_was_thrown_out_for_good_says_so(nats_server: NatsServer) -> None:
    bus, _ = await filled(nats_server, 0)
    assert bus.alive()
    nats_server.restart()
    await bus.stream_info("S")
    assert bus.alive(), "it came back"
    await bus._client._send_command(b"PUB s 99999999\r\n")  # a violation, like a password that was changed
    await bus._client._flush_pending()
    await eventually(lambda: not bus.alive())
    await bus.close()


async def test_another_password_shows_as_dead_and_an_outage_does_not(tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "nats")
    open_to_all = server._config.read_text()

    def let_in(password: str) -> None:
        server.kill()
        server._config.write_text(f'{open_to_all}authorization {{ user: "a", password: "{password}" }}\n')
        server.start()

    let_in("one")
    try:
        with pytest.raises(BusUnavailable, match="let us in: see user and password"):
            await NatsBus.connect(server.url, name="hostile", user="a", password="other", wait=5.0)
        bus = await NatsBus.connect(server.url, name="hostile", user="a", password="one")
        server.kill()
        await eventually(lambda: not bus.connected)
        assert bus.alive()
        let_in("two")
        await eventually(lambda: not bus.alive())
        let_in("one")
        await eventually(lambda: bus.connected)
        assert bus.alive()
        await bus.close()
    finally:
        server.stop()
