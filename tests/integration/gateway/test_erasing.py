"""Erasing over the API: viewers by account and reference, users, creators and names of accounts by id."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from showfloor.eventstore.store import Store
from showfloor.kernel.erasure import ERASURE, Erased
from showfloor.testing.waiting import until

EMAIL, NAME, STAGE, HOST = "canary@example.com", "Canary Ana", "Canary Star", "Canary Host"


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def done(answer: Any) -> dict[str, Any]:
    sent = await answer
    assert sent.is_success, sent.text
    return dict(sent.json())


async def comments_of(client: Any, session_id: str) -> list[dict[str, Any]]:
    return list((await done(client.get(f"/v1/sessions/{session_id}/comments"))).get("comments", []))


async def pinned_text(client: Any, session_id: str) -> str:
    """Return the text of the pinned comment, as who watches is shown it."""
    seen = await done(client.get(f"/v1/watch/{session_id}"))
    return str(seen["pinned_comment"].get("text", ""))


def everything_in(dsn: str) -> str:
    """Return all rows of all tables of a database, and bytes as the text that they may hold."""
    with psycopg.connect(dsn) as connection:
        names = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        rows: list[Any] = []
        for schema, name in names:
            rows += connection.execute(f'SELECT * FROM "{schema}"."{name}"'.encode()).fetchall()
    return "\n".join(
        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        for row in rows
        for value in row
    )


def erasures(dsn: str) -> list[tuple[str, str, str]]:
    """Return what the log of a database says was erased, in order, and by whom."""
    store = Store.postgres(dsn, [ERASURE])
    rows = [row for row in store.log.read(0, 1000) if row[3].startswith(Erased.TOPIC)]
    found = [store.mapper.decode(row) for row in rows]
    store.log.close()
    events = [(one.event, one.meta.actor) for one in found]
    return [(event.kind, event.erased, actor) for event, actor in events if isinstance(event, Erased)]


@pytest.mark.requirement("D20")
async def test_an_owner_erases_a_viewer(gateway: Any) -> None:
    owner, first = await gateway.owner()
    session_id = await gateway.go_live(owner, first["account_id"])
    viewer = await gateway.join(session_id, display_name=NAME)
    written = (await done(viewer.post(f"/v1/watch/{session_id}/comments", json={"text": "secret"}, headers=keyed())))[
        "comment_id"
    ]
    pinned = f"/v1/sessions/{session_id}/comments/{written}/pin"
    await done(owner.put(pinned, json={}, headers=keyed()))
    reply = {"text": "thanks", "comment_id": written}
    await done(owner.post(f"/v1/sessions/{session_id}/replies", json=reply, headers=keyed()))

    async def listed() -> bool:
        return len(await comments_of(owner, session_id)) == 2

    await until(listed)
    assert await pinned_text(owner, session_id) == "secret"
    (ref,) = {one["author_ref"] for one in await comments_of(owner, session_id) if one.get("author_ref")}
    path = f"/v1/accounts/{first['account_id']}/viewers/{ref}"
    assert (await viewer.delete(path, headers=keyed())).status_code == 403
    assert (await done(owner.delete(path, headers=keyed())))["keys"] == 2
    assert (await done(owner.delete(path, headers=keyed()))).get("keys", 0) == 0
    shown = {(one["text"], one["author_name"]) for one in await comments_of(owner, session_id)}
    assert shown == {("", "viewer"), ("thanks", "host")}
    assert await pinned_text(owner, session_id) == ""

    operator = await gateway.operator()
    assert (await done(operator.delete(path, headers=keyed()))).get("keys", 0) == 0
    assert (await operator.delete(f"/v1/accounts/{uuid4()}/viewers/{ref}", headers=keyed())).is_success
    unknown = await owner.delete(f"/v1/accounts/{uuid4()}/viewers/{ref}", headers=keyed())
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ACCOUNT_NOT_FOUND")


@pytest.mark.requirement("D20")
async def test_names_lie_sealed_and_are_gone_when_erased(gateway: Any) -> None:
    owner, first = await gateway.owner()
    operator = await gateway.operator()
    shop = first["shop_id"]
    body = {"email": EMAIL, "name": NAME, "shop_id": shop}
    add_user = keyed()
    user_id = (await done(owner.post("/v1/users", json=body, headers=add_user)))["user_id"]
    star = (await done(owner.post("/v1/creators", json={"name": STAGE, "shop_id": shop}, headers=keyed())))[
        "creator_id"
    ]
    account = {"name": HOST, "shop_id": shop, "kind": "creator"}
    host = (await done(owner.post("/v1/accounts", json=account, headers=keyed())))["account_id"]

    async def names(kind: str) -> set[str]:
        return {one["name"] for one in (await done(owner.get(f"/v1/{kind}")))[kind]}

    assert await names("users") >= {NAME} and await names("creators") == {STAGE} and HOST in await names("accounts")
    found = await done(owner.get("/v1/accounts", params={"query": "canary H"}))
    assert [one["account_id"] for one in found["accounts"]] == [host]
    everything = everything_in(gateway.config.database_url)
    assert "idempotent_request" not in everything and user_id in everything
    assert not [canary for canary in (EMAIL, NAME, STAGE, HOST) if canary in everything]

    for path in (f"/v1/users/{user_id}", f"/v1/creators/{star}", f"/v1/accounts/{host}/name"):
        assert (await owner.delete(path, headers=keyed())).status_code == (403 if "users" in path else 200)
        for _ in range(2):
            await done(operator.delete(path, headers=keyed()))
    assert NAME not in await names("users") and await names("creators") == {""}
    assert HOST not in await names("accounts") and "" in await names("accounts")
    assert not (await done(owner.get("/v1/accounts", params={"query": "canary"})))["accounts"]
    again = await owner.post("/v1/users", json=body, headers=add_user)
    assert (again.status_code, again.json()["code"]) == (409, "REQUEST_ID_REUSED"), "nobody comes back by a resend"
    anew = await done(owner.post("/v1/users", json=body, headers=keyed()))
    assert anew["user_id"] != user_id and anew["email"] == EMAIL, "the address is free again"


@pytest.mark.requirement("D20")
async def test_each_erasure_says_in_a_log_who_did_it_and_no_name(gateway: Any) -> None:
    owner, first = await gateway.owner()
    shop, viewer = first["shop_id"], f"/v1/accounts/{first['account_id']}/viewers/v1"
    star = (await done(owner.post("/v1/creators", json={"name": STAGE, "shop_id": shop}, headers=keyed())))[
        "creator_id"
    ]
    account = {"name": HOST, "shop_id": shop, "kind": "creator"}
    host = (await done(owner.post("/v1/accounts", json=account, headers=keyed())))["account_id"]
    key = keyed()
    for path in (f"/v1/creators/{star}", f"/v1/accounts/{host}/name", viewer):
        await done(owner.delete(path, headers=key))
        await done((await gateway.operator()).delete(path, headers=keyed()))
    for _ in range(2):
        await done(owner.delete(viewer, headers=key))
    user, operator = f"user:{first['user_id']}", "operator:key"
    assert erasures(gateway.config.database_url) == [
        ("creator", star, user), ("creator", star, operator),
        ("account_name", host, user), ("account_name", host, operator),
    ]  # fmt: skip
    ref = f"{first['account_id']}/v1"
    assert erasures(gateway.session_database) == [("viewer", ref, user), ("viewer", ref, operator)], (
        "a resend is no other erasure"
    )


@pytest.mark.requirement("D20")
async def test_replies_of_an_erased_user_are_gone_and_no_others(gateway: Any) -> None:
    owner, first = await gateway.owner()
    operator, anyone = await gateway.operator(), await gateway.client()
    body = {"email": EMAIL, "name": NAME, "shop_id": first["shop_id"]}
    user_id = (await done(owner.post("/v1/users", json=body, headers=keyed())))["user_id"]
    place = f"/v1/accounts/{first['account_id']}/members/{user_id}"
    await done(owner.put(place, json={"role": "host"}, headers=keyed()))
    code = (await done(operator.post("/v1/operator/sign-in-links", json={"user_id": user_id})))["code"]
    host = await gateway.client((await done(anyone.post("/v1/sign-in", json={"code": code})))["token"])
    session_id = await gateway.go_live(owner, first["account_id"])
    replies = f"/v1/sessions/{session_id}/replies"
    await done(owner.post(replies, json={"text": "of the owner"}, headers=keyed()))
    await done(host.post(replies, json={"text": "of the host"}, headers=keyed()))

    def shows(*texts: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return {one["text"] for one in await comments_of(owner, session_id)} == {*texts}

        return look

    await until(shows("of the owner", "of the host"))
    await done(operator.delete(f"/v1/users/{user_id}", headers=keyed()))
    await until(shows("of the owner", ""))
    assert (await host.get("/v1/me")).status_code == 401
