"""Signing in and out, through the real routes, on a real PostgreSQL."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from showfloor.gateway.access import secrets
from showfloor.gateway.access.attempts import PER_PAIR
from showfloor.gateway.access.callers import KEPT_SECONDS
from showfloor.kernel.clock import utc_now

PASSWORD = "correct horse battery"


async def test_first_owner_signs_in_by_link_and_sees_the_first_shop(replica: Any) -> None:
    operator = await replica.operator()
    first = await operator.post("/v1/operator/bootstrap", json={})
    again = await operator.post("/v1/operator/bootstrap", json={})
    assert first.json() == again.json()
    made = (await operator.post("/v1/operator/sign-in-links", json={})).json()
    assert made["url"] == f"http://gateway.test/sign-in#link={made['code']}"
    browser = await replica.client()
    answer = await browser.post("/v1/sign-in/link", json={"token": made["code"]})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
    me = (await browser.get("/v1/me")).json()
    assert me["user"]["user_id"] == first.json()["user_id"] == answer.json()["user"]["user_id"]
    assert [shop["name"] for shop in me["shops"]] == ["My shop"]
    assert [(one["name"], one["role"], one["currency"]) for one in me["accounts"]] == [("My account", "owner", "EUR")]


async def test_password_signs_in_whatever_the_case_of_the_address(replica: Any) -> None:
    user_id = await replica.add_user("Ana@Example.com", PASSWORD)
    browser = await replica.client()
    good = await browser.post("/v1/sign-in", json={"email": " ana@EXAMPLE.com ", "password": PASSWORD})
    assert good.status_code == 200
    assert good.json()["user"] == {"user_id": user_id, "email": "ana@example.com", "name": "Ana"}
    assert good.headers["cache-control"] == "no-store"


async def test_wrong_unknown_and_missing_passwords_look_alike(replica: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await replica.add_user("with@example.com", PASSWORD)
    await replica.add_user("without@example.com")
    browser = await replica.client()
    texts, hashed = set(), []

    def verify(stored: str, password: str) -> bool:
        hashed.append((stored.rpartition("$")[0].rpartition("$")[0], password))
        return PasswordHasher().verify(stored, password)

    monkeypatch.setattr(secrets, "_hasher", SimpleNamespace(verify=verify))
    for email in ("with@example.com", "without@example.com", "nobody@example.com"):
        bad = await browser.post("/v1/sign-in", json={"email": email, "password": "not the one"})
        assert bad.status_code == 401
        texts.add(bad.json()["detail"])
    assert len(texts) == 1
    assert len(hashed) == 3 and len(set(hashed)) == 1, "the same work each time, so the same time"


async def test_guessing_is_locked_but_links_still_work(replica: Any) -> None:
    user_id = await replica.add_user("ana@example.com", PASSWORD)
    browser = await replica.client()
    for email in ("ana@example.com", "nobody@example.com"):
        guesses = [browser.post("/v1/sign-in", json={"email": email, "password": "x"}) for _ in range(PER_PAIR + 2)]
        found = sorted([answer.status_code for answer in await asyncio.gather(*guesses)])
        assert found == [401] * PER_PAIR + [429] * 2
        locked = await browser.post("/v1/sign-in", json={"email": email, "password": PASSWORD})
        assert locked.status_code == 429 and locked.json()["code"] == "RATE_LIMITED"
        assert int(locked.headers["retry-after"]) > 0
    assert (await (await replica.user(user_id)).get("/v1/me")).status_code == 200


async def test_link_works_once_even_when_used_twice_at_once(replica: Any) -> None:
    code = (await (await replica.operator()).post("/v1/operator/sign-in-links", json={})).json()["code"]
    browser = await replica.client()
    answers = await asyncio.gather(*[browser.post("/v1/sign-in", json={"code": code}) for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_link_and_sign_in_run_out(make: Any) -> None:
    ahead = [timedelta()]
    replica = await make(clock=lambda: utc_now() + ahead[0])
    user = await replica.user()
    code = (await (await replica.operator()).post("/v1/operator/sign-in-links", json={})).json()["code"]
    ahead[0] = timedelta(minutes=10, seconds=1)
    late = await (await replica.client()).post("/v1/sign-in", json={"code": code})
    assert (late.status_code, late.json()["code"]) == (401, "UNAUTHENTICATED")
    assert (await user.get("/v1/me")).status_code == 200
    ahead[0] = timedelta(days=14, seconds=1)
    assert (await user.get("/v1/me")).status_code == 401


async def test_a_sign_out_reaches_another_replica_within_a_second(make: Any) -> None:
    here, there = await make(), await make()
    token = await here.token()
    mine, other = await here.client(token), await there.client(token)
    assert (await other.get("/v1/me")).status_code == 200
    ended: list[Any] = []
    there.access.sign_ins.on_revoked(ended.append)
    assert (await mine.post("/v1/sign-out")).status_code == 200
    assert (await mine.get("/v1/me")).status_code == 401
    async with asyncio.timeout(KEPT_SECONDS / 2):  # before it would be looked up again
        while (await other.get("/v1/me")).status_code == 200:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)  # for a second word of it
    assert len(ended) == 1


async def test_new_password_ends_the_other_sign_ins_and_open_links(replica: Any) -> None:
    user_id = await replica.add_user("ana@example.com")
    mine, stolen = await replica.user(user_id), await replica.user(user_id)
    made = await (await replica.operator()).post("/v1/operator/sign-in-links", json={"user_id": user_id})
    short = await mine.post("/v1/me/password", json={"password": "eleven char"})
    assert (short.status_code, short.json()["field"]) == (400, "password")
    assert (await mine.post("/v1/me/password", json={"password": PASSWORD})).status_code == 200
    assert (await mine.get("/v1/me")).status_code == 200
    assert (await stolen.get("/v1/me")).status_code == 401
    assert (await mine.post("/v1/sign-in", json={"code": made.json()["code"]})).status_code == 401


async def test_cookie_changes_nothing_without_the_console(replica: Any) -> None:
    token = await replica.token()
    browser = await replica.client()
    browser.cookies.set("showfloor_session", token)
    body = {"name": "Second", "currency": "USD"}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        refused = await browser.post("/v1/shops", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "CSRF")
    assert (await browser.post("/v1/sign-out")).json()["code"] == "CSRF"
    assert (await browser.get("/v1/shops")).status_code == 200
    for headers in ({"X-Showfloor-Console": "1"}, {"Origin": "http://gateway.test"}):
        assert (await browser.post("/v1/shops", json=body, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer nonsense", 401),
        ("Bearer a.b.c", 401),
        ("Bearer \u00e9\u00e9", 401),
        ("Basic YTpi", 401),
        ("Bearer ", 401),
        ("Bearer operator-key-of-this-tesT", 401),
    ],
)
async def test_bad_credentials_are_refused(replica: Any, header: str, code: int) -> None:
    answer = await (await replica.client()).get("/v1/me", headers={"Authorization": header.encode()})
    assert answer.status_code == code
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_operators_routes_take_the_operator_key_alone(replica: Any) -> None:
    assert (await (await replica.client()).get("/v1/me")).status_code == 401
    user = await replica.user()
    for path in ("bootstrap", "sign-in-links"):
        answer = await user.post(f"/v1/operator/{path}", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION")
    missing = await (await replica.operator()).post("/v1/operator/sign-in-links", json={"user_id": str(uuid4())})
    assert (missing.status_code, missing.json()["code"]) == (404, "USER_NOT_FOUND")


@pytest.mark.parametrize(
    ("content", "kind", "code", "status"),
    [
        (b"{", "application/json", "MALFORMED_JSON", 400),
        (b'{"emial": "a@b.c"}', "application/json", "INVALID_FIELD", 400),
        (b'{"email": 5, "password": "x"}', "application/json", "INVALID_FIELD", 400),
        (b"email=a&password=b", "application/x-www-form-urlencoded", "CONTENT_TYPE", 415),
        (b'{"code": "' + b"x" * 20_000 + b'"}', "application/json", "INVALID_FIELD", 400),
        (b'{"code": "' + b"x" * 2**21 + b'"}', "application/json", "BODY_TOO_LARGE", 413),
        (b'{"email": "\\ud800@b.c", "password": "x"}', "application/json", "INVALID_FIELD", 400),
        (b'{"email": "a\\u0000@b.c", "password": "x"}', "application/json", "UNAUTHENTICATED", 401),
    ],
)
async def test_malformed_sign_ins_are_refused(replica: Any, content: bytes, kind: str, code: str, status: int) -> None:
    answer = await (await replica.client()).post("/v1/sign-in", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nothing_stored_opens_anything(replica: Any) -> None:
    token = await replica.token()
    rows = await replica.access.runtime.database.fetch("SELECT token_hash::text AS t FROM sign_in")
    rows += await replica.access.runtime.database.fetch("SELECT code_hash::text AS t FROM sign_in_link")
    assert rows and all(token not in row["t"] for row in rows)


async def test_erased_user_is_out_at_once_and_leaves_no_name(replica: Any) -> None:
    user_id = await replica.add_user("ana@example.com", PASSWORD)
    user, operator = await replica.user(user_id), await replica.operator()
    assert (await user.delete(f"/v1/users/{user_id}")).status_code == 403
    assert (await operator.delete(f"/v1/users/{user_id}")).status_code == 200
    assert (await operator.delete(f"/v1/users/{user_id}")).status_code == 200, "it is said again"
    assert (await operator.delete(f"/v1/users/{uuid4()}")).status_code == 404
    assert (await user.get("/v1/me")).status_code == 401
    assert (await operator.get("/v1/users")).json()["users"] == []
    log = await replica.access.runtime.store.read_log(0)
    assert log and "ana@example.com" not in repr(log) and "Ana" not in repr(log)


async def test_who_is_erased_while_they_sign_in_is_not_in(replica: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    user_id, operator = await replica.add_user("ben@example.com", PASSWORD), await replica.operator()
    sign_ins, tokens = replica.access.sign_ins, []
    start = sign_ins.start

    async def late(user: Any) -> Any:
        assert (await operator.delete(f"/v1/users/{user_id}")).status_code == 200
        tokens.append(await start(user))
        return tokens[-1]

    monkeypatch.setattr(sign_ins, "start", late)
    answer = await (await replica.client()).post("/v1/sign-in", json={"email": "ben@example.com", "password": PASSWORD})
    assert answer.status_code == 401, answer.text
    ((token, _),) = tokens
    assert (await (await replica.client(token)).get("/v1/me")).status_code == 401


async def test_an_old_cookie_keeps_nobody_from_signing_in(replica: Any) -> None:
    made = await (await replica.operator()).post("/v1/operator/sign-in-links", json={})
    browser = await replica.client(**{"X-Showfloor-Console": "1"})
    browser.cookies.set("showfloor_session", "ended-long-ago")
    assert (await browser.get("/v1/me")).status_code == 401
    assert (await browser.post("/v1/sign-out")).headers["set-cookie"].startswith('showfloor_session=""')
    assert (await browser.post("/v1/sign-in", json={"code": made.json()["code"]})).status_code == 200
