"""Who is in the room, through the whole gateway: by the streams that stand, and by nobody's word for somebody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from board_numbers import numbers

from showfloor.gateway.live.sse import OPEN
from showfloor.testing.waiting import eventually, until

GONE_AFTER = timedelta(seconds=80)  # more than the 75 of the registry


class Clock:
    """The clock of gateway and session service, which may be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gateway(run_gateway: Any, clock: Clock) -> AsyncIterator[Any]:
    """A gateway that gives each stream its turn every fifth of a second."""
    async with run_gateway(clock, beat_s=0.2) as gateway:
        yield gateway


async def watching(stack: AsyncExitStack, viewer: httpx.AsyncClient, session_id: str) -> httpx.Response:
    """Open a viewer's stream, and read on until it is closed."""
    stream = await stack.enter_async_context(
        viewer.stream("GET", "/v1/stream", params={"topics": f"watch:{session_id}"})
    )
    assert stream.status_code == 200

    async def read() -> None:
        async for _ in stream.aiter_raw():
            pass

    task = asyncio.create_task(read())
    stack.callback(task.cancel)
    return stream


@pytest.mark.requirement("R14", "R125")
async def test_a_viewer_whose_connection_broke_is_gone(gateway: Any, clock: Clock) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    viewers = [await gateway.join(session_id) for _ in range(7)]
    async with AsyncExitStack() as stack:
        for viewer in viewers[:2]:
            await watching(stack, viewer, session_id)
        async with AsyncExitStack() as broken:
            for viewer in viewers[2:5]:
                await watching(broken, viewer, session_id)
            await numbers(client, session_id, viewers_now=7, pcu=7, unique_viewers=7)
            standing = OPEN._value.get()
        await eventually(lambda: OPEN._value.get() == standing - 3)  # the gateway has noticed
        clock.ahead += GONE_AFTER  # three connections broke without a word, two viewers never had one
        await numbers(client, session_id, viewers_now=2, pcu=7)
        clock.ahead += GONE_AFTER
        await numbers(client, session_id, viewers_now=2)
        standing = OPEN._value.get()
    await eventually(lambda: OPEN._value.get() == standing - 2)
    clock.ahead += GONE_AFTER
    after = await numbers(client, session_id, viewers_now=0, pcu=7, unique_viewers=7, views=7)
    assert after["watch_time"] < 7 * 80  # nobody was seen through the time that the clock left out


async def test_who_leaves_sixty_times_takes_nobody_along(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    viewers = await asyncio.gather(*(gateway.join(session_id) for _ in range(6)))
    before = await numbers(client, session_id, viewers_now=6)
    for _ in range(60):
        assert (await viewers[0].post(f"/v1/watch/{session_id}/leave", json={})).status_code == 200
    after = await numbers(client, session_id, viewers_now=5, pcu=6, views=6, unique_viewers=6)
    assert after["watch_time"] >= before["watch_time"]


async def test_a_page_without_a_stream_says_that_it_is_still_there(gateway: Any, clock: Clock) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    with_a_word, without = await gateway.join(session_id), await gateway.join(session_id)
    await numbers(client, session_id, viewers_now=2)
    for _ in range(4):
        clock.ahead += timedelta(seconds=60)  # as often as a hidden tab may
        told = await with_a_word.post(f"/v1/watch/{session_id}/presence", json={})
        assert told.status_code == 200, told.text

    async def watched() -> float:
        return (await numbers(client, session_id, viewers_now=1, unique_viewers=2))["watch_time"]

    async def all_told() -> bool:
        return await watched() >= 240

    await until(all_told, "the last sign of life is counted")
    assert await watched() < 300
    assert (await without.post(f"/v1/watch/{session_id}/leave", json={})).status_code == 200
    await numbers(client, session_id, viewers_now=1)
