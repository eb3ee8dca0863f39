"""The live stream is read frame by frame."""

import httpx

from showfloor.cli.readiness import frames
from showfloor.cli.terminal import age

STREAM = b': heartbeat\n\nid: 7\nevent: activity\ndata: {"a":\ndata: 1}\n\nretry: 1\n\ndata: last\n\ndata: cut off'


async def test_frames_are_whole_and_comments_are_not_frames() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=STREAM))
    async with httpx.AsyncClient(transport=transport) as client, client.stream("GET", "http://x") as response:
        assert [data async for data in frames(response)] == ['{"a":\n1}', "last"]


def test_ages_are_for_people() -> None:
    assert [age(seconds) for seconds in (5, 600, 10_800, 259_200)] == ["5 s", "10 min", "3 h", "3 d"]
