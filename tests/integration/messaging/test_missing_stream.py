"""A stream that does not exist yet: its reader tries again and again, and the log is told once."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from showfloor.kernel.tracking import BEGINNING
from showfloor.messaging import reader
from showfloor.messaging.bus import Outgoing, StreamSpec
from showfloor.messaging.nats_bus import NatsBus
from showfloor.observability.tasks import stop
from showfloor.testing.waiting import eventually

STREAM = "PUBLIC_LATER"


def tries() -> float:
    (metric,) = reader.REOPENED.collect()
    return sum(
        one.value for one in metric.samples if one.labels.get("stream") == STREAM and one.name.endswith("_total")
    )


async def test_the_log_is_told_once_that_a_stream_is_not_there(
    nats_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "RETRY_PAUSE", 0.01)
    monkeypatch.setattr(reader, "MAX_RETRY_PAUSE", 0.01)
    bus = await NatsBus.connect(nats_server.url, name="later")
    reading, before = bus.reader(STREAM, ["public.later"], BEGINNING), tries()
    with capture_logs() as logged:
        page = asyncio.create_task(reading.page(10))
        await eventually(lambda: tries() >= before + 4)
        await bus.ensure_stream(StreamSpec(name=STREAM, subjects=("public.later",), max_bytes=10**6))
        await bus.publish_page([Outgoing("public.later", b"1", "1", {})])
        (found,) = await page
        page = asyncio.create_task(reading.page(10))
        await bus.delete_stream(STREAM)
        gone = tries()
        await eventually(lambda: tries() >= gone + 4)
        await stop(page)
    await reading.close()
    await bus.close()
    assert found.body == b"1"
    said = [one["why"] for one in logged if one["event"] == "consumer opens again"]
    assert len(said) == len([why for at, why in enumerate(said) if not at or why != said[at - 1]]), said
    assert sum("does not exist" in why for why in said) == 2, "once before it was there, and once after"
