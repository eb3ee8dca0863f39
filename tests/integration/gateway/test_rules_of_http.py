"""Idempotency, versions, limits of bodies, other people's things, sign-out, cookies: over real HTTP."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from showfloor.gateway.http.inbound import MAX_BODY
from showfloor.testing.waiting import PATIENCE


def keyed(key: str = "") -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


@pytest.fixture
async def owner(gateway: Any) -> tuple[httpx.AsyncClient, str]:
    client, first = await gateway.owner()
    return client, first["account_id"]


async def opened(client: httpx.AsyncClient, account_id: str) -> dict[str, Any]:
    made = await client.post("/v1/sessions", json={"account_id": account_id, "title": "One"}, headers=keyed())
    assert made.status_code == 200, made.text
    return dict(made.json()["session"])


async def test_the_same_key_gives_the_same_answer(gateway: Any, owner: Any) -> None:
    client, account_id = owner
    body = {"account_id": account_id, "title": "Once"}
    answers = [await client.post("/v1/sessions", json=body, headers=keyed("k-1")) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    assert answers[1].headers["etag"] == answers[0].headers["etag"]
    other = await client.post("/v1/sessions", json={**body, "title": "Other"}, headers=keyed("k-1"))
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    none = await client.post("/v1/sessions", json=body)
    assert (none.status_code, none.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")
    assert "UUID" in none.json()["detail"]
    bad = await client.post("/v1/sessions", json=body, headers=keyed("a b"))
    assert bad.json()["field"] == "Idempotency-Key"


async def test_a_mended_request_may_use_the_key_of_a_malformed_one(owner: Any) -> None:
    client, account_id = owner
    bad = await client.post("/v1/sessions", json={"account_id": account_id, "title": ""}, headers=keyed("m-1"))
    assert (bad.status_code, bad.json()["field"]) == (400, "title")
    good = await client.post("/v1/sessions", json={"account_id": account_id, "title": "Now"}, headers=keyed("m-1"))
    assert good.status_code == 200, good.text


async def test_refusals_are_remembered_too_and_many_at_once_are_one(owner: Any) -> None:
    client, account_id = owner
    session = await opened(client, account_id)
    path = f"/v1/sessions/{session['session_id']}/end"
    first = await client.post(path, json={}, headers=keyed("e-1"))
    assert (first.status_code, first.json()["code"]) == (409, "SESSION_NOT_LIVE")
    await client.post(f"/v1/sessions/{session['session_id']}/live", json={}, headers=keyed())
    again = await client.post(path, json={}, headers=keyed("e-1"))
    assert again.content == first.content
    body = {"account_id": account_id, "title": "Burst"}
    burst = await asyncio.gather(*[client.post("/v1/sessions", json=body, headers=keyed("b-1")) for _ in range(8)])
    assert {answer.status_code for answer in burst} <= {200, 409}
    assert {answer.json().get("code") for answer in burst if answer.status_code == 409} <= {"IDEMPOTENCY_RUNNING"}
    assert len({answer.json()["session"]["session_id"] for answer in burst if answer.status_code == 200}) == 1


async def test_if_match_guards_a_form(owner: Any) -> None:
    client, account_id = owner
    session = await opened(client, account_id)
    path = f"/v1/sessions/{session['session_id']}"
    seen = await client.get(path)
    assert seen.headers["etag"] == f'"{session["version"]}"'
    assert (await client.get(path, headers={"If-None-Match": seen.headers["etag"]})).status_code == 304
    guard = {"If-Match": seen.headers["etag"]}
    changed = await client.patch(path, json={"title": "Two"}, headers={**keyed(), **guard})
    assert changed.status_code == 200
    late = await client.patch(path, json={"title": "Three"}, headers={**keyed(), **guard})
    assert (late.status_code, late.json()["code"]) == (412, "VERSION_CONFLICT")
    odd = await client.patch(path, json={"title": "Three"}, headers={**keyed(), "If-Match": 'W/"1"'})
    assert odd.status_code == 400


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "MALFORMED_JSON"),
        (b'{"title":"a","title":"b"}', "application/json", 400, "MALFORMED_JSON"),
        (b'{"title":NaN}', "application/json", 400, "MALFORMED_JSON"),
        (b"\xff", "application/json", 400, "MALFORMED_JSON"),
        (b"[" * 50_000, "application/json", 400, "MALFORMED_JSON"),
        (b"title=a", "application/x-www-form-urlencoded", 415, "CONTENT_TYPE"),
        (b'{"titel":"a"}', "application/json", 400, "INVALID_FIELD"),
        (b'{"\\ud800":"a"}', "application/json", 400, "INVALID_FIELD"),
        (b'{"request_id":"a"}', "application/json", 400, "INVALID_FIELD"),
        (b" " * (MAX_BODY + 1), "application/json", 413, "BODY_TOO_LARGE"),
    ],
)
async def test_bad_bodies(owner: Any, content: bytes, kind: str, status: int, code: str) -> None:
    client, _ = owner
    answer = await client.post("/v1/sessions", content=content, headers={**keyed(), "Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_paths_and_methods(gateway: Any, owner: Any) -> None:
    client, _ = owner
    wrong = await client.delete("/v1/sessions")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")
    for path in ("/v1/nothing", "/v1", "/nothing.js", "/v1/sessions/" + str(uuid4()), "/v1/sessions/%00/board"):
        answer = await client.get(path)
        assert answer.status_code in (400, 404), path
        assert answer.json()["code"]
    query = await client.get("/v1/sessions", params={"colour": "red"})
    assert query.json()["field"] == "colour"
    assert (await client.get("/openapi.json")).json()["openapi"] == "3.1.0"
    keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert keys and all("d" not in key for key in keys)


async def test_headers_of_every_answer(gateway: Any) -> None:
    client = await gateway.client()
    for path in ("/", "/v1/me", "/v1/watch"):
        headers = (await client.get(path, headers={"X-Request-ID": "mine-1"})).headers
        assert headers["x-request-id"] == "mine-1"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    made_up = (await client.get("/v1/watch", headers={"X-Request-ID": "a b\tc"})).headers["x-request-id"]
    assert len(made_up) == 36


async def test_other_peoples_things_are_not_there(gateway: Any, owner: Any) -> None:
    client, account_id = owner
    session = await opened(client, account_id)
    operator = await gateway.operator()
    stranger = (
        await operator.post("/v1/users", json={"name": "Eve", "email": "eve@example.com"}, headers=keyed())
    ).json()["user_id"]
    code = (await operator.post("/v1/operator/sign-in-links", json={"user_id": stranger})).json()["code"]
    token = (await (await gateway.client()).post("/v1/sign-in/link", json={"token": code})).json()["token"]
    eve = await gateway.client(token)
    for path in ("", "/board", "/bag", "/activity", "/comments.csv", "/orders"):
        answer = await eve.get(f"/v1/sessions/{session['session_id']}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "SESSION_NOT_FOUND"), path
    stream = await eve.get("/v1/stream", params={"topics": f"board:{session['session_id']}"})
    assert stream.status_code == 404
    assert (await eve.get("/v1/sessions")).json()["sessions"] == []


async def test_sign_out_ends_token_and_stream(gateway: Any, owner: Any) -> None:
    client, account_id = owner
    session = await opened(client, account_id)
    topics = {"topics": f"board:{session['session_id']}"}
    async with asyncio.timeout(PATIENCE), client.stream("GET", "/v1/stream", params=topics) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        assert (await client.post("/v1/sign-out")).status_code == 200
        told = [line async for line in lines]
    assert "event: end" in told, "not found out by the next look, but told"
    assert (await client.get("/v1/me")).status_code == 401


async def test_a_cookie_needs_the_consoles_own_page(gateway: Any) -> None:
    operator = await gateway.operator()
    code = (await operator.post("/v1/operator/sign-in-links", json={})).json()["code"]
    browser = await gateway.client()
    assert (await browser.post("/v1/sign-in/link", json={"token": code})).status_code == 200
    assert (await browser.get("/v1/me")).status_code == 200
    foreign = await browser.post("/v1/sign-out", headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "CSRF")
    assert (await browser.post("/v1/sign-out", headers={"X-Showfloor-Console": "1"})).status_code == 200
    again = await browser.post("/v1/sign-in/link", json={"token": code})
    assert again.status_code == 401


async def test_a_viewer_stays_in_the_room(gateway: Any, owner: Any) -> None:
    client, account_id = owner
    session_id = (await opened(client, account_id))["session_id"]
    anyone = await gateway.client()
    assert (await anyone.get(f"/v1/watch/{session_id}")).status_code == 404
    assert (await anyone.post(f"/v1/watch/{session_id}/join", json={})).status_code == 404
    await client.post(f"/v1/sessions/{session_id}/live", json={}, headers=keyed())
    assert (await anyone.get(f"/v1/watch/{session_id}")).status_code == 200
    token = (await anyone.post(f"/v1/watch/{session_id}/join", json={})).json()["viewer_token"]
    viewer = await gateway.client(token)
    assert (await viewer.get(f"/v1/sessions/{session_id}")).status_code == 403
    elsewhere = await viewer.post(f"/v1/watch/{uuid4()}/comments", json={"text": "x"}, headers=keyed())
    assert elsewhere.status_code == 404
    late = {"text": "x", "time": "2025-01-01T00:00:00Z"}
    told = await viewer.post(f"/v1/watch/{session_id}/comments", json=late, headers=keyed())
    assert told.json()["field"] == "time"
    assert (await client.post(f"/v1/watch/{session_id}/likes")).status_code == 403


async def test_a_service_that_is_away_is_an_outage(gateway: Any, owner: Any) -> None:
    client, _ = owner
    await gateway.session_stops()
    answer = await client.get(f"/v1/sessions/{uuid4()}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_an_answer_without_a_body_comes_at_once(gateway: Any) -> None:
    client = await gateway.client()
    async with asyncio.timeout(PATIENCE):
        for path in ("/v1/me", "/"):
            head = await client.head(path)
            assert head.content == b"" and int(head.headers["content-length"]) > 0
        assert (await client.get("/openapi.json")).status_code == 200
