"""From sign-in over REST to a frame of the stream, on real servers."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx

from showfloor.testing.waiting import PATIENCE


def keyed(key: str = "") -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


async def go_live(client: httpx.AsyncClient, account_id: str) -> str:
    made = await client.post("/v1/sessions", json={"account_id": account_id, "title": "Friday"}, headers=keyed())
    assert made.status_code == 200, made.text
    session_id = made.json()["session"]["session_id"]
    live = await client.post(f"/v1/sessions/{session_id}/live", json={}, headers=keyed())
    assert live.status_code == 200, live.text
    return str(session_id)


async def frames(stream: httpx.Response) -> Any:
    event: dict[str, str] = {}
    async for line in stream.aiter_lines():
        name, _, value = line.partition(":")
        if line and name:
            event[name] = value.strip()
        elif not line and event:
            yield event
            event = {}


async def test_a_comment_over_rest_comes_back_on_the_stream(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await go_live(client, first["account_id"])
    topics = f"board:{session_id},activity:{session_id}"
    seen: dict[str, Any] = {}
    async with asyncio.timeout(PATIENCE), client.stream("GET", "/v1/stream", params={"topics": topics}) as stream:
        assert stream.status_code == 200
        assert stream.headers["x-accel-buffering"] == "no"
        async for frame in frames(stream):
            if frame.get("event") == "hello":
                anyone = await gateway.client()
                joined = await anyone.post(
                    f"/v1/watch/{session_id}/join", json={"display_name": "Bo", "channel": "feed"}
                )
                assert joined.status_code == 200, joined.text
                viewer = await gateway.client(joined.json()["viewer_token"])
                said = await viewer.post(f"/v1/watch/{session_id}/comments", json={"text": "hi"}, headers=keyed())
                assert said.status_code == 200, said.text
            if "event" in frame:
                seen[frame["event"]] = json.loads(frame["data"])
            if "activity" in seen and any(
                one["metric"] == "views" and one.get("value") == 1 for one in seen["board"]["core"]
            ):
                break
    assert seen["activity"]["activities"][0]["summary"] == "hi"
    assert seen["activity"]["activities"][0]["viewer_name"] == "Bo"
    assert (await (await gateway.client()).get("/v1/watch")).json()["sessions"][0]["session_id"] == session_id
