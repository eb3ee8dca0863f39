"""What viewers do, through the whole gateway and the real session service behind it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from showfloor.testing.waiting import PATIENCE


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def lives(gateway: Any, wanted: int) -> list[Any]:
    anyone = await gateway.client()
    async with asyncio.timeout(PATIENCE):
        while True:
            found: list[Any] = (await anyone.get("/v1/watch")).json()["sessions"]
            if len(found) == wanted:
                return found
            await asyncio.sleep(0.02)


async def positions(client: httpx.AsyncClient, topics: str, last_id: str, wanted: int) -> tuple[list[int], str]:
    """Read a stream until so many lines have come; return their positions and the last id."""
    seen: list[int] = []
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with (
        asyncio.timeout(PATIENCE),
        client.stream("GET", "/v1/stream", params={"topics": topics}, headers=headers) as stream,
    ):
        assert stream.status_code == 200
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            last_id = value if name == "id" else last_id
            if name == "data" and '"activities"' in value:
                seen += [one["position"] for one in json.loads(value)["activities"]]
            if not line and len(seen) >= wanted and last_id:
                break
    return seen, last_id


async def test_the_list_shows_what_is_on_air_and_nothing_else(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    (live,) = await lives(gateway, 1)
    assert live["session_id"] == session_id and live["title"] == "Friday" and live["state"] == "live"
    await client.post(f"/v1/sessions/{session_id}/end", json={}, headers=keyed())
    await lives(gateway, 0)
    refused = await (await gateway.client()).post(f"/v1/watch/{session_id}/join", json={})
    assert refused.status_code in (404, 409)


async def test_signals_are_stored_and_counted(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    viewers = await asyncio.gather(
        *(gateway.join(session_id, channel="search", traits={"region": "DE", "gender": "female"}) for _ in range(5))
    )
    product = await gateway.product_in_bag(client, session_id)
    at = f"/v1/watch/{session_id}"
    answers = await asyncio.gather(
        *(viewer.post(f"{at}/likes", json={"count": 3}) for viewer in viewers),
        *(viewer.post(f"{at}/shares", json={}) for viewer in viewers),
        *(viewer.post(f"{at}/clicks", json={"product_id": product}) for viewer in viewers),
        *(viewer.post(f"{at}/impressions", json={"product_ids": [product]}) for viewer in viewers),
    )
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert (await viewers[0].post(f"{at}/likes", json={"count": 51})).status_code == 400
    foreign = str(uuid4())
    for what, body in (("clicks", {"product_id": foreign}), ("impressions", {"product_ids": [foreign]})):
        refused = await viewers[0].post(f"{at}/{what}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "NOT_IN_BAG")
    again = await viewers[0].post(f"{at}/impressions", json={"product_ids": [product, foreign]})
    assert (again.status_code, again.json()) == (200, {"not_in_bag": [foreign]})
    async with asyncio.timeout(PATIENCE):
        while True:
            core = (await client.get(f"/v1/sessions/{session_id}/board")).json()["core"]
            values = {one["metric"]: one.get("value") for one in core}
            if (values["likes"], values["views"], values["product_clicks"]) == (15, 5, 5):
                assert values["viewers_now"] == 5
                break
            await asyncio.sleep(0.05)
    elsewhere = await viewers[0].post(f"/v1/watch/{uuid4()}/likes", json={})
    assert elsewhere.status_code in (403, 404)
    assert (await viewers[0].get(f"/v1/sessions/{session_id}/board")).status_code == 403


async def test_who_joins_a_replay_looks_on_and_changes_no_number(gateway: Any) -> None:
    client, first = await gateway.owner()
    start = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    body = {"account_id": first["account_id"], "title": "Again", "recording": {"start_time": start}}
    made = await client.post("/v1/sessions", json=body, headers=keyed())
    session_id = made.json()["session"]["session_id"]
    assert (await client.post(f"/v1/sessions/{session_id}/live", json={}, headers=keyed())).status_code == 200
    viewer, at = await gateway.join(session_id, display_name="Bo"), f"/v1/watch/{session_id}"
    assert (await viewer.post(f"{at}/likes", json={"count": 3})).status_code == 200
    said = await viewer.post(f"{at}/comments", json={"text": "hello"}, headers=keyed())
    assert (said.status_code, said.json()["code"]) == (409, "SESSION_NOT_LIVE")
    await asyncio.sleep(1)  # longer than signals take to be counted
    core = (await client.get(f"/v1/sessions/{session_id}/board")).json()["core"]
    values = {one["metric"]: one.get("value") for one in core}
    assert not values["views"] and not values["likes"] and not values["comments"]


@pytest.mark.requirement("R21")
async def test_a_stream_resumes_where_it_broke_off(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    viewer = await gateway.join(session_id, display_name="Bo")
    topics = f"activity:{session_id}"

    async def say(count: int) -> None:
        for number in range(count):
            said = await viewer.post(f"/v1/watch/{session_id}/comments", json={"text": f"{number}"}, headers=keyed())
            assert said.status_code == 200, said.text

    _, last_id = await positions(client, topics, "", 0)
    await say(3)
    before, last_id = await positions(client, topics, last_id, 3)
    talking = asyncio.create_task(say(5))
    during, last_id = await positions(client, topics, last_id, 5)
    await talking
    of_viewer, _ = await positions(viewer, f"{topics},watch:{session_id}", str(before[0] - 1), 8)
    log = (await client.get(f"/v1/sessions/{session_id}/activity")).json()["activities"]
    assert before + during == of_viewer == [one["position"] for one in log]


async def test_only_the_hosts_stream_shows_practice(gateway: Any) -> None:
    client, first = await gateway.owner()
    made = await client.post(
        "/v1/sessions", json={"account_id": first["account_id"], "title": "Friday"}, headers=keyed()
    )
    at = f"/v1/sessions/{made.json()['session']['session_id']}"
    session_id = at.rpartition("/")[2]
    await client.post(f"{at}/practice", json={}, headers=keyed())
    _, last_id = await positions(client, f"activity:{session_id}", "", 0)
    spoken = await client.post(f"{at}/replies", json={"text": "testing"}, headers=keyed())
    assert spoken.status_code == 200, spoken.text
    practised, _ = await positions(client, f"activity:{session_id}", last_id, 1)
    assert practised == [spoken.json()["position"]]
    await client.post(f"{at}/live", json={}, headers=keyed())
    viewer = await gateway.join(session_id, display_name="Bo")
    said = await viewer.post(f"/v1/watch/{session_id}/comments", json={"text": "hi"}, headers=keyed())
    heard, _ = await positions(viewer, f"activity:{session_id}", last_id, 1)
    assert heard == [said.json()["position"]]
