"""Two gateways on one database, limits, downloads, and the end of a process."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from showfloor.gateway.access.callers import KEPT_SECONDS
from showfloor.gateway.app import SLOW
from showfloor.observability.metrics import counter, exposition
from showfloor.testing.waiting import PATIENCE


def keyed(key: str = "") -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


async def test_another_replica_repeats_the_answer_and_knows_a_sign_out(gateway: Any, tmp_path: Path) -> None:
    client, first = await gateway.owner()
    body = {"account_id": first["account_id"], "title": "Once"}
    made = await client.post("/v1/sessions", json=body, headers=keyed("r-1"))
    async with gateway.beside() as other:
        there = await other.client(client.headers["authorization"].removeprefix("Bearer "))
        again = await there.post("/v1/sessions", json=body, headers=keyed("r-1"))
        assert (again.content, again.headers["idempotent-replayed"]) == (made.content, "true")
        await client.post("/v1/sign-out")
        async with asyncio.timeout(KEPT_SECONDS / 2):  # before it would be looked up again
            while (await there.get("/v1/me")).status_code == 200:
                await asyncio.sleep(0.02)


async def test_a_gateway_without_a_web_port_lets_nobody_in(gateway: Any) -> None:
    listening = {one.laddr.port for one in psutil.Process().net_connections("tcp") if one.status == "LISTEN"}
    async with gateway.beside(web=False) as shut:
        now = [one.laddr.port for one in psutil.Process().net_connections("tcp") if one.status == "LISTEN"]
        added = [port for port in now if port not in listening]
        assert shut.url.endswith(":0") and len(added) == 1, "only its gRPC server listens"
        client = await shut.client()
        with pytest.raises(httpx.TransportError):
            await client.get(f"http://127.0.0.1:{added[0]}/v1/watch")


async def test_a_starting_gateway_forgets_expired_sign_ins(gateway: Any) -> None:
    client, _ = await gateway.owner()
    with psycopg.connect(gateway.config.database_url, autocommit=True) as database:
        database.execute(
            "INSERT INTO sign_in (token_hash, sign_in_id, user_id, expires_at)"
            " VALUES ('old', uuidv7(), uuidv7(), now() - interval '1 minute')"
        )
        async with gateway.beside(), asyncio.timeout(PATIENCE):
            while database.execute("SELECT FROM sign_in WHERE token_hash = 'old'").fetchone() is not None:
                await asyncio.sleep(0.02)
    assert (await client.get("/v1/me")).status_code == 200


async def test_too_many_requests(gateway: Any) -> None:
    async with gateway.beside(anonymous_rate=2.0) as strict:
        anyone = await strict.client()
        answers = [await anyone.get("/v1/watch") for _ in range(8)]
        assert answers[0].status_code == 200
        assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "RATE_LIMITED")
        assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.requirement("R114")
async def test_comments_are_downloaded(gateway: Any) -> None:
    client, first = await gateway.owner()
    body = {"account_id": first["account_id"], "title": "Talk"}
    session_id = (await client.post("/v1/sessions", json=body, headers=keyed())).json()["session"]["session_id"]
    path = f"/v1/sessions/{session_id}"
    await client.post(f"{path}/live", json={}, headers=keyed())
    said = await client.post(f"{path}/replies", json={"text": "=HYPERLINK(1)"}, headers=keyed())
    position = said.json()["position"]
    await client.get(f"{path}/comments", params={"min_position": position})
    table = await client.get(f"{path}/comments.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in table.headers["content-disposition"]
    assert "'=HYPERLINK(1)" in table.text
    assert (await client.get(f"{path}/comments.json")).json()["comments"][0]["text"] == "=HYPERLINK(1)"
    assert (await client.get(f"/v1/sessions/{uuid4()}/comments.csv")).status_code == 404


async def test_a_stopping_gateway_tells_streams_and_finishes_requests(gateway: Any) -> None:
    client, first = await gateway.owner()
    body = {"account_id": first["account_id"], "title": "Last"}
    session_id = (await client.post("/v1/sessions", json=body, headers=keyed())).json()["session"]["session_id"]
    token = client.headers["authorization"].removeprefix("Bearer ")
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(gateway.beside())
        there = await gateway.client(token)  # which outlives that gateway
        topics = {"topics": f"board:{session_id},activity:{session_id}"}
        async with there.stream("GET", f"{other.url}/v1/stream", params=topics) as stream:
            lines = stream.aiter_lines()
            await anext(lines)
            reading = asyncio.create_task(_all(lines))
            await stack.aclose()
            assert "event: bye" in await reading


async def test_streams_are_counted_and_logged_when_they_end(gateway: Any, capsys: pytest.CaptureFixture[str]) -> None:
    client, first = await gateway.owner()
    topics = {"topics": f"board:{await gateway.go_live(client, first['account_id'])}"}
    before = {status: counted(status) for status in (200, 403)}
    async with client.stream("GET", "/v1/stream", params=topics, headers={"X-Request-Id": "first"}) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await asyncio.sleep(SLOW)
        assert counted(200) == before[200] and "/v1/stream" not in capsys.readouterr().out
    viewer = await gateway.join(topics["topics"].removeprefix("board:"))
    assert (await viewer.get("/v1/stream", params=topics)).status_code == 403
    async with asyncio.timeout(PATIENCE):
        while counted(200) == before[200]:
            await asyncio.sleep(0.02)
    told = [line for line in capsys.readouterr().out.splitlines() if "/v1/stream" in line]
    assert len(told) == 2 and sum("request_id=first" in line and "status=200" in line for line in told) == 1
    assert {status: counted(status) - before[status] for status in before} == {200: 1, 403: 1}
    text = exposition().decode()
    assert 'showfloor_http_seconds_count{route="stream"}' not in text and "showfloor_http_seconds_count{" in text


def counted(status: int) -> float:
    return float(counter("http_requests_total", "", ("route", "status")).labels("stream", str(status))._value.get())


async def _all(lines: Any) -> list[str]:
    return [line async for line in lines]
