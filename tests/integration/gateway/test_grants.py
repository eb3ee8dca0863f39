"""A grant through the whole system: what it opens, what it does not, when it ends, and what its owner reads of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.requirement("D5")


async def send(client: httpx.AsyncClient, method: str, path: str, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": uuid4().hex}
    return await client.request(method, f"/v1{path}", json=body or None, headers=headers)


async def made(client: httpx.AsyncClient, method: str, path: str, **body: Any) -> dict[str, Any]:
    answer = await send(client, method, path, **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class Evening:
    """A LIVE of an owner's account with a comment, another account of theirs, and somebody who has nothing to do
    with them."""

    async def begin(self, gateway: Any) -> "Evening":
        self.gateway, self.operator = gateway, await gateway.operator()
        self.owner, first = await gateway.owner()
        self.owner_id, self.account, self.shop = first["user_id"], first["account_id"], first["shop_id"]
        guest = {"name": "Guest", "email": f"{uuid4().hex}@example.com"}
        self.guest_id = (await made(self.operator, "POST", "/users", **guest))["user_id"]
        self.guest = await self.user(self.guest_id)
        other = await made(self.owner, "POST", "/accounts", name="Other", shop_id=self.shop)
        self.session, self.comment = await self.live(self.account)
        self.elsewhere, _ = await self.live(other["account_id"])
        return self

    async def user(self, user_id: str) -> httpx.AsyncClient:
        code = (await made(self.operator, "POST", "/operator/sign-in-links", user_id=user_id))["code"]
        signed = await made(await self.gateway.client(), "POST", "/sign-in", code=code)
        return await self.gateway.client(signed["token"])  # type: ignore[no-any-return]

    async def live(self, account: str) -> tuple[str, str]:
        opened = await made(self.owner, "POST", "/sessions", account_id=account, title="LIVE")
        session = opened["session"]["session_id"]
        await made(self.owner, "POST", f"/sessions/{session}/live")
        joined = await made(await self.gateway.client(), "POST", f"/watch/{session}/join")
        viewer = await self.gateway.client(joined["viewer_token"])
        said = await made(viewer, "POST", f"/watch/{session}/comments", text="Hi")
        return session, said["comment_id"]

    async def give(self, scope: str, **more: Any) -> str:
        until = {"until_time": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
        body = {"scope": scope, "user_id": self.guest_id, **until, **more}
        return str((await made(self.owner, "POST", f"/accounts/{self.account}/grants", **body))["grant_id"])

    async def refused(self, method: str, path: str, code: str, **body: Any) -> None:
        answer = await send(self.guest, method, path, **body)
        assert answer.json().get("code") == code, answer.text

    async def uses(self, grant: str, who: httpx.AsyncClient | None = None) -> list[dict[str, Any]]:
        return list((await made(who or self.owner, "GET", f"/grants/{grant}/uses"))["uses"])


Begin = Callable[[], Awaitable[Evening]]


@pytest.fixture
async def evening(gateway: Any) -> Evening:
    return await Evening().begin(gateway)


async def moderate(evening: Evening) -> None:
    base = f"/sessions/{evening.session}"
    await made(evening.guest, "GET", f"{base}/comments")
    await made(evening.guest, "POST", f"{base}/replies", comment_id=evening.comment, text="Welcome")
    await made(evening.guest, "PUT", f"{base}/comments/{evening.comment}/pin")


async def test_a_guest_moderates_within_the_scope_until_it_is_revoked(evening: Evening) -> None:
    base = f"/sessions/{evening.session}"
    await evening.refused("GET", f"{base}/comments", "SESSION_NOT_FOUND")
    grant = await evening.give("moderate")
    await moderate(evening)
    await evening.refused("POST", f"{base}/end", "PERMISSION")
    await evening.refused("POST", "/sessions", "PERMISSION", account_id=evening.account, title="Mine")
    await evening.refused("GET", f"/sessions/{evening.elsewhere}/comments", "SESSION_NOT_FOUND")
    await evening.refused("GET", f"/accounts/{evening.account}/members", "PERMISSION")
    await evening.refused("GET", f"/grants/{grant}/uses", "PERMISSION")
    (listed,) = (await made(evening.guest, "GET", "/sessions"))["sessions"]
    assert listed["session"]["session_id"] == evening.session
    await made(evening.owner, "DELETE", f"/grants/{grant}")
    await evening.refused("PUT", f"{base}/comments/{evening.comment}/pin", "SESSION_NOT_FOUND")
    await evening.refused("GET", f"{base}/comments", "SESSION_NOT_FOUND")
    assert (await made(evening.guest, "GET", "/sessions"))["sessions"] == []
    got = {(one["action"], one["thing"]): one for one in await evening.uses(grant)}
    thing = f"session:{evening.session}"
    wanted = {("ListComments", thing), ("ReplyToComment", thing), ("PinComment", thing)}
    assert wanted | {("ListSessions", f"account:{evening.account}")} == got.keys()
    assert {one["user_id"] for one in got.values()} == {evening.guest_id}
    assert sum(one["calls"] for one in got.values()) == 4


async def test_a_look_is_no_word(evening: Evening) -> None:
    grant, base = await evening.give("read"), f"/sessions/{evening.session}"
    await made(evening.guest, "GET", f"{base}/board")
    await evening.refused("POST", f"{base}/replies", "PERMISSION", comment_id=evening.comment, text="Hi")
    assert {one["action"] for one in await evening.uses(grant)} == {"GetBoard"}


async def test_a_grant_ends_by_itself(evening: Evening) -> None:
    await evening.give("read", until_time=(datetime.now(UTC) + timedelta(seconds=3)).isoformat())
    path = f"/v1/sessions/{evening.session}/comments"
    assert (await evening.guest.get(path)).status_code == 200

    while (await evening.guest.get(path)).status_code == 200:
        await asyncio.sleep(0.1)
    await evening.refused("GET", f"/sessions/{evening.session}/comments", "SESSION_NOT_FOUND")
    (row,) = (await made(evening.owner, "GET", f"/accounts/{evening.account}/grants"))["grants"]
    assert row["state"] == "over"


async def test_a_partners_people_moderate_while_it_is_bound(evening: Evening) -> None:
    named = {"name": "Agency", "owner_user_id": evening.guest_id}
    partner = (await made(evening.operator, "POST", "/partners", **named))["partner_id"]
    binding = (await made(evening.guest, "POST", f"/partners/{partner}/shops", shop_id=evening.shop))["binding_id"]
    await made(evening.owner, "POST", f"/bindings/{binding}/accept")
    reply = f"/sessions/{evening.session}/replies"
    await evening.refused("POST", reply, "PERMISSION", comment_id=evening.comment, text="Hi")  # bound people read
    grant = await evening.give("moderate", user_id=None, partner_id=partner)
    await moderate(evening)
    assert {one["action"] for one in await evening.uses(grant)} == {"ReplyToComment", "PinComment"}
    for after in ("DELETE", "POST"):
        if after == "POST":
            await made(evening.guest, "POST", f"/partners/{partner}/shops", shop_id=evening.shop)
            await made(evening.owner, "POST", f"/bindings/{binding}/accept")
        else:
            await made(evening.owner, "DELETE", f"/bindings/{binding}")
        code = "PERMISSION" if after == "POST" else "SESSION_NOT_FOUND"
        await evening.refused("POST", reply, code, comment_id=evening.comment, text="Hi")


async def test_who_belongs_there_uses_no_grant(evening: Evening) -> None:
    grant = await evening.give("read")
    await made(evening.operator, "PUT", f"/accounts/{evening.account}/members/{evening.guest_id}", role="analyst")
    await made(evening.guest, "GET", f"/sessions/{evening.session}/comments")
    await made(evening.guest, "GET", "/sessions")
    assert await evening.uses(grant) == []
    assert await evening.uses(grant, evening.operator) == []


async def test_lists_of_accounts_tell_which_ones_a_grant_showed(evening: Evening) -> None:
    grant, thing = await evening.give("read"), f"account:{evening.account}"
    (listed,) = (await made(evening.guest, "GET", "/accounts"))["accounts"]
    assert listed["account_id"] == evening.account
    assert len((await made(evening.guest, "GET", "/me"))["accounts"]) == 1
    assert (await made(evening.guest, "GET", "/accounts?query=nothing"))["accounts"] == []
    used = {(one["action"], one["thing"]): one["calls"] for one in await evening.uses(grant)}
    assert used == {("ListAccounts", thing): 1, ("GetMe", thing): 1}
    await made(evening.operator, "PUT", f"/accounts/{evening.account}/members/{evening.guest_id}", role="analyst")
    await made(evening.guest, "GET", "/me")
    used = {(one["action"], one["thing"]): one["calls"] for one in await evening.uses(grant)}
    assert used == {("ListAccounts", thing): 1, ("GetMe", thing): 1}, "who belongs there uses no grant"
