"""Reads of a board, which many share: as new as promised, and only for those who may see it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from showfloor.gateway.access.callers import KEPT_SECONDS
from showfloor.gateway.http.clients import Clients
from showfloor.testing.waiting import PATIENCE


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def comments(board: httpx.Response) -> int:
    assert board.status_code == 200, board.text
    return int(next(one["value"] for one in board.json()["core"] if one["metric"] == "comments"))


async def until(client: httpx.AsyncClient, path: str, status: int) -> None:
    """Fail unless the answer is `status` before what was verified would be looked up again, and from then on."""
    async with asyncio.timeout(KEPT_SECONDS / 2):
        while (await client.get(path)).status_code != status:
            await asyncio.sleep(0.02)
    assert {(await client.get(path)).status_code for _ in range(3)} == {status}


async def signed_in(gateway: Any, user_id: str) -> httpx.AsyncClient:
    code = (await (await gateway.operator()).post("/v1/operator/sign-in-links", json={"user_id": user_id})).json()[
        "code"
    ]
    signed = await (await gateway.client()).post("/v1/sign-in", json={"code": code})
    return await gateway.client(signed.json()["token"])


async def test_many_viewers_see_each_change_and_cost_few_questions(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Clients.ask

    async def counted(self: Any, rpc: str, *more: Any) -> Any:
        asked.append(rpc)
        return await ask(self, rpc, *more)

    owner, first = await gateway.owner()
    made = await owner.post(
        "/v1/sessions", json={"account_id": first["account_id"], "title": "Friday"}, headers=keyed()
    )
    session_id = made.json()["session"]["session_id"]
    session, watch = f"/v1/sessions/{session_id}", f"/v1/watch/{session_id}"
    everybody = [owner, await gateway.client(), await gateway.client()]
    assert {(await one.get(watch)).status_code for one in everybody} == {404}
    assert (await owner.post(f"{session}/live", json={}, headers=keyed())).status_code == 200
    everybody.append(await gateway.join(session_id))
    monkeypatch.setattr(Clients, "ask", counted)
    for number in range(10):
        title = f"Friday {number}"
        changed = await owner.patch(session, json={"title": title}, headers=keyed())
        assert changed.status_code == 200, changed.text
        answers = await asyncio.gather(*(one.get(watch) for one in everybody * 10))
        assert {one.json()["session"]["title"] for one in answers} == {title}
    assert asked.count("WatchSession") < 200  # of 400


async def test_a_board_is_as_new_as_promised_and_seen_by_nobody_else(gateway: Any) -> None:
    owner, first = await gateway.owner()
    made = await owner.post(
        "/v1/sessions", json={"account_id": first["account_id"], "title": "Friday"}, headers=keyed()
    )
    session = f"/v1/sessions/{made.json()['session']['session_id']}"
    board = f"{session}/board"
    assert (await owner.post(f"{session}/live", json={}, headers=keyed())).status_code == 200
    for number in range(1, 6):
        comment = {"text": "How large is it?", "viewer": {"viewer_ref": f"v{number}"}}
        said = await owner.post(f"{session}/comments", json=comment, headers=keyed())
        position = said.json()["position"]
        assert comments(await owner.get(board, params={"min_position": position})) == number
        await owner.get(board)  # keeps an answer that the next round must not get
    async with asyncio.timeout(PATIENCE):
        while comments(await owner.get(board)) != 5:
            await asyncio.sleep(0.02)
    refused = await owner.request("GET", board, content=b"{}", headers={"Content-Type": "application/json"})
    assert refused.status_code == 400

    operator = await gateway.operator()
    helper = (await operator.post("/v1/users", json={"name": "H", "email": "h@example.com"}, headers=keyed())).json()
    at = f"/v1/accounts/{first['account_id']}/members/{helper['user_id']}"
    client = await signed_in(gateway, helper["user_id"])
    assert (await client.get(board)).status_code == 404
    assert (await operator.put(at, json={"role": "analyst"}, headers=keyed())).status_code == 200
    await until(client, board, 200)
    assert (await operator.delete(at, headers=keyed())).status_code == 200
    await until(client, board, 404)
    assert (await client.post("/v1/sign-out", json={})).status_code == 200
    await until(client, board, 401)
    assert (await (await gateway.client()).get(board)).status_code == 401
    assert (await owner.get(board)).status_code == 200
