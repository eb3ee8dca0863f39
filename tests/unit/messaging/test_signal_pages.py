"""Following signals: when it ends by itself, that shows."""

import pytest
from structlog.testing import capture_logs

from showfloor.messaging import signals
from showfloor.messaging.signals import SignalPage, SignalStream
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.waiting import eventually


async def test_what_ends_by_itself_is_no_longer_alive_and_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    signal_stream = SignalStream(MemoryBus())
    await signal_stream.ensure()

    async def fold(_page: SignalPage) -> None: ...

    def defect(_delivered: object) -> None:
        raise LookupError("a message that nobody expects")

    pages = await signal_stream.follow({}, fold)
    assert pages.alive()
    monkeypatch.setattr(signals, "message_of", defect)
    with capture_logs() as logged:
        await signal_stream.append("session", "batch", b"body")
        await eventually(lambda: not pages.alive())
    assert "a message that nobody expects" in str(logged)
    await pages.close()


async def test_what_was_closed_has_not_ended_by_itself() -> None:
    signal_stream = SignalStream(MemoryBus())
    await signal_stream.ensure()

    async def fold(_page: SignalPage) -> None: ...

    pages = await signal_stream.follow({}, fold)
    await pages.close()
    assert pages.alive()
