"""What is limited beside requests as such, through the whole gateway: each budget, whose it is, and what it spares."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from showfloor.eventstore.query import Database

ONCE = "1/h burst 2"  # two at once, then none for as long as a test lasts


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def limited(ask: Callable[[], Awaitable[httpx.Response]]) -> None:
    """Ask three times: the third is one too many."""
    answers = [await ask() for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429], answers[0].text
    last = answers[-1]
    assert last.json()["code"] == "RATE_LIMITED"
    assert last.headers["content-type"] == "application/problem+json"
    assert int(last.headers["retry-after"]) == int(last.json()["metadata"]["retry_after_s"]) > 1000


async def test_joins_from_one_address_whatever_they_join(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(join_rate=ONCE) as strict:
        anyone = await strict.client()
        await limited(lambda: anyone.post(f"/v1/watch/{session_id}/join", json={}))
        assert (await anyone.post(f"/v1/watch/{uuid4()}/join", json={})).status_code == 429
        assert (await anyone.get(f"/v1/watch/{session_id}")).status_code == 200


async def test_joins_of_one_session_from_wherever(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(session_join_rate=ONCE, trusted_proxies="127.0.0.1") as strict:
        many = [await strict.client(**{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(3)]
        places = iter(many)
        await limited(lambda: next(places).post(f"/v1/watch/{session_id}/join", json={}))
        assert (await many[0].post(f"/v1/watch/{session_id.upper()}/join", json={})).status_code == 429
        assert (await many[0].post(f"/v1/watch/{uuid4()}/join", json={})).status_code == 404


@pytest.mark.parametrize(("trusted", "last"), [("", 429), ("127.0.0.1", 200)])
async def test_only_a_trusted_proxy_says_where_a_request_is_from(gateway: Any, trusted: str, last: int) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(join_rate="1/h burst 1", trusted_proxies=trusted) as strict:
        here, there = [await strict.client(**{"X-Forwarded-For": f"192.0.2.{n}"}) for n in (1, 2)]
        assert (await here.post(f"/v1/watch/{session_id}/join", json={})).status_code == 200
        assert (await there.post(f"/v1/watch/{session_id}/join", json={})).status_code == last


async def test_comments_of_one_viewer(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(comment_rate=ONCE) as strict:
        one, other = await strict.join(session_id), await strict.join(session_id)
        say = f"/v1/watch/{session_id}/comments"
        await limited(lambda: one.post(say, json={"text": "Hi"}, headers=keyed()))
        assert (await other.post(say, json={"text": "Hi"}, headers=keyed())).status_code == 200
        assert (await one.post(f"/v1/watch/{session_id}/likes", json={"count": 1})).status_code == 200


async def test_gifts_and_orders_of_one_viewer(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(order_rate=ONCE) as strict:
        one, other = await strict.join(session_id), await strict.join(session_id)
        give, rose = f"/v1/watch/{session_id}/gifts", {"gift": "Rose", "count": 1}
        await limited(lambda: one.post(give, json=rose, headers=keyed()))
        order = await one.post(f"/v1/watch/{session_id}/orders", json={"items": []}, headers=keyed())
        assert order.status_code == 429
        assert (await other.post(give, json=rose, headers=keyed())).status_code == 200


async def test_likes_shares_and_signs_of_life_of_one_viewer(gateway: Any) -> None:
    client, first = await gateway.owner()
    session_id = await gateway.go_live(client, first["account_id"])
    async with gateway.beside(like_rate="1/h burst 10", share_rate=ONCE, beat_rate=ONCE) as strict:
        one, other = await strict.join(session_id), await strict.join(session_id)
        at = f"/v1/watch/{session_id}"
        likes = [await one.post(f"{at}/likes", json={"count": count}) for count in (8, 3, 2, 1)]
        assert [answer.status_code for answer in likes] == [200, 429, 200, 429]  # each like counts, refused ones do not
        await limited(lambda: one.post(f"{at}/shares", json={}))
        await limited(lambda: one.post(f"{at}/presence", json={}))
        assert (await other.post(f"{at}/likes", json={"count": 10})).status_code == 200


async def test_replies_of_one_user_but_not_what_their_system_reports(gateway: Any) -> None:
    client, first = await gateway.owner()
    at = f"/v1/sessions/{await gateway.go_live(client, first['account_id'])}"
    async with gateway.beside(comment_rate=ONCE) as strict:
        host = await strict.client(client.headers["authorization"].removeprefix("Bearer "))
        await limited(lambda: host.post(f"{at}/replies", json={"text": "Hi"}, headers=keyed()))
        for n in range(5):
            body = {"viewer": {"viewer_ref": f"v{n}", "display_name": "Bo"}, "text": "Hi"}
            told = await host.post(f"{at}/comments", json=body, headers=keyed())
            assert told.status_code == 200, told.text


async def test_sign_ins_and_links_have_budgets_of_their_own(gateway: Any) -> None:
    _, first = await gateway.owner()
    links = {"user_id": first["user_id"]}
    async with gateway.beside(link_rate=ONCE, sign_in_rate=ONCE) as strict:
        operator, anyone = await strict.operator(), await strict.client(**{"X-Showfloor-Console": "1"})
        await limited(lambda: operator.post("/v1/operator/sign-in-links", json=links))
        plenty = await gateway.operator()
        codes = [(await plenty.post("/v1/operator/sign-in-links", json=links)).json()["code"] for _ in range(3)]
        first_code, second, third = codes
        assert (await anyone.post("/v1/sign-in", json={"code": first_code})).status_code == 200
        assert (await anyone.post("/v1/sign-in/link", json={"token": second})).status_code == 200
        refused = await anyone.post("/v1/sign-in", json={"code": third})
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        # A refused code is not used up.
        assert (await (await gateway.client()).post("/v1/sign-in", json={"code": third})).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("shops", {"name": "A shop", "currency": "EUR"}),
        ("users", {"name": "Ana"}),
        ("creators", {"name": "Ana"}),
        ("accounts", {"name": "Ana", "kind": "creator"}),
    ],
)
async def test_entries_of_the_directory_made_by_one_caller(gateway: Any, path: str, body: dict[str, str]) -> None:
    client, first = await gateway.owner()
    more = {} if path == "shops" else {"shop_id": first["shop_id"]}
    async with gateway.beside(directory_rate=ONCE) as strict:
        owner = await strict.client(client.headers["authorization"].removeprefix("Bearer "))

        def ask() -> Awaitable[httpx.Response]:
            email = {"email": f"{uuid4().hex}@example.com"} if path == "users" else {}
            return owner.post(f"/v1/{path}", json={**body, **more, **email}, headers=keyed())

        await limited(ask)
        assert (await owner.get(f"/v1/{path}")).status_code == 200


@pytest.mark.parametrize("bad", [{"Authorization": "Bearer nonsense"}, {"Cookie": "showfloor_session=nonsense"}, {}])
async def test_bad_tokens_from_one_address_are_limited(
    gateway: Any, bad: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = await gateway.owner()
    asked: list[str] = []
    fetch_one = Database.fetch_one

    async def counted(self: Any, sql: str, *more: Any, **named: Any) -> Any:
        asked.extend(["look"] if "FROM sign_in " in sql else [])
        return await fetch_one(self, sql, *more, **named)

    async with gateway.beside(anonymous_rate=ONCE) as strict:
        owner = await strict.client(client.headers["authorization"].removeprefix("Bearer "))
        monkeypatch.setattr(Database, "fetch_one", counted)
        while not asked or asked[-1] == "look":  # until the sign-in is remembered
            asked.append("asking")
            assert (await owner.get("/v1/me")).status_code == 200
        asked.clear()
        nobody = await strict.client(**bad)
        answers = [await nobody.get("/v1/me") for _ in range(6)]
        assert [one.status_code for one in answers] == [401, 401, 429, 429, 429, 429]
        assert {one.json()["code"] for one in answers[2:]} == {"RATE_LIMITED"}
        assert len(asked) == (2 if bad else 0)
        assert (await owner.get("/v1/me")).status_code == 200


async def test_good_sign_ins_spend_nothing_of_their_address(gateway: Any) -> None:
    _, first = await gateway.owner()
    async with gateway.beside(anonymous_rate=ONCE) as strict:
        operator = await gateway.operator()
        for _ in range(4):
            made = await operator.post("/v1/operator/sign-in-links", json={"user_id": first["user_id"]})
            signed_in = await (await gateway.client()).post("/v1/sign-in", json={"code": made.json()["code"]})
            one = await strict.client(signed_in.json()["token"])
            assert (await one.get("/v1/me")).status_code == 200


async def test_a_refused_key_may_be_used_again(gateway: Any) -> None:
    client, _ = await gateway.owner()
    async with gateway.beside(directory_rate="1/h burst 1") as strict:
        owner = await strict.client(client.headers["authorization"].removeprefix("Bearer "))
        shop = {"name": "A shop", "currency": "EUR"}
        assert (await owner.post("/v1/shops", json=shop, headers=keyed())).status_code == 200
        key = keyed()
        assert (await owner.post("/v1/shops", json=shop, headers=key)).status_code == 429
        made = await client.post("/v1/shops", json=shop, headers=key)
        assert made.status_code == 200
        assert "idempotent-replayed" not in made.headers


async def test_registrations_from_one_address_and_for_one_event(run_gateway: Any) -> None:
    async with run_gateway(with_events=True) as gateway:
        client, first = await gateway.owner()
        time = {"time_zone": "Europe/Berlin", "duration_minutes": 60}  # without a start: at once
        body = {"account_id": first["account_id"], "title": "Tea", "time": time}
        event = (await client.post("/v1/events", json=body, headers=keyed())).json()["event"]["event_id"]
        form = {"email": "ana@example.com"}
        async with gateway.beside(registration_rate=ONCE) as strict:
            anyone = await strict.client()
            await limited(lambda: anyone.post(f"/v1/events/{event}/registrations", json=form))
            refused = await anyone.post(f"/e/{event}", data=form)
            assert (refused.status_code, refused.headers["content-type"]) == (429, "text/html; charset=utf-8")
            assert "Too many at once" in refused.text and int(refused.headers["retry-after"]) > 1000
            assert (await anyone.get(f"/e/{event}")).status_code == 200
        async with gateway.beside(event_registration_rate=ONCE, trusted_proxies="127.0.0.1") as strict:
            many = [await strict.client(**{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(3)]
            answers = [
                await one.post(f"/e/{name}", data=form)
                for one, name in zip(many, (event, event.upper(), event), strict=True)
            ]
            assert [one.status_code for one in answers] == [200, 200, 429]
