"""The twin's own tricks: it loses, repeats, reorders, wipes and goes down on command."""

import pytest

from showfloor.messaging.bus import BusUnavailable, Outgoing, StreamSpec
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.reading import reading
from showfloor.testing.waiting import eventually

SPEC = StreamSpec(name="S", subjects=("s.*",), max_bytes=10_000)


async def test_disturbances() -> None:
    held: list[Outgoing] = []

    def disturb(message: Outgoing) -> list[Outgoing]:
        match message.body:
            case b"lose":
                return []
            case b"twice":
                return [message, message]
            case b"hold":
                held.append(message)
                return []
        released, held[:] = list(held), []
        return [message, *released]

    bus = MemoryBus(disturb)
    await bus.ensure_stream(SPEC)
    async with reading(bus, "S", of=lambda delivered: delivered.body) as got:
        for n, body in enumerate([b"1", b"lose", b"twice", b"hold", b"5"]):
            await bus.publish(Outgoing("s.a", body, str(n)))
        await eventually(lambda: len(got) == 5)
        assert got == [b"1", b"twice", b"twice", b"5", b"hold"]
        await bus.wipe("S")
        await bus.publish(Outgoing("s.a", b"6", "0"))
        await eventually(lambda: got[-1] == b"6")


async def test_down() -> None:
    bus = MemoryBus()
    await bus.ensure_stream(SPEC)
    bus.down = True
    assert not bus.connected
    for call in (bus.publish(Outgoing("s.a", b"", "1")), bus.stream_info("S")):
        with pytest.raises(BusUnavailable):
            await call
