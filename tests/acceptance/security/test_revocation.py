"""What is taken away is gone with the next request, in the gateway and in the services behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from access_cast import Cast

from showfloor.testing.system import Rest, soon


@pytest.fixture
def ben(cast: Cast) -> tuple[str, Rest]:
    """Somebody who is nothing to anybody yet: id and API."""
    user = cast.user("Ben", cast.host.shop)
    return user, Rest(cast.system.url, cast.sign_in(user))


def sees_nothing(api: Rest, cast: Cast) -> None:
    """Fail unless the session is not there for somebody, and in no list of theirs."""
    session = cast.session.id
    api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{session}")
    api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{session}/comments")
    api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{session}/board")
    api.refused(404, "ACCOUNT_NOT_FOUND", "GET", f"/accounts/{cast.host.account}/members")
    assert session not in listed(api)


def listed(api: Rest) -> list[str]:
    return [row["session"]["session_id"] for row in api.get("/sessions", page_size=200)["sessions"]]


@contextmanager
def streaming(api: Rest, topic: str) -> Iterator[httpx.Response]:
    with (
        httpx.Client(base_url=api.http.base_url, headers=api.http.headers, timeout=60) as client,
        client.stream("GET", "/stream", params={"topics": topic}) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield answer


@pytest.mark.requirement("R4")
def test_a_role_that_is_taken_away_is_gone_at_once(cast: Cast, ben: tuple[str, Rest]) -> None:
    user, api = ben
    path = f"/accounts/{cast.host.account}/members/{user}"
    sees_nothing(api, cast)
    for _ in range(3):
        cast.host.api.put(path, {"role": "analyst"})
        assert api.get(f"/sessions/{cast.session.id}")["session"]["session_id"] == cast.session.id
        assert cast.session.id in listed(api)
        with streaming(api, f"board:{cast.session.id}") as stream:
            lines = stream.iter_lines()
            next(lines)
            cast.host.api.delete(path)
            sees_nothing(api, cast)
            assert "event: end" in list(lines)  # it ends by itself


@pytest.mark.requirement("D5", "R173")
def test_the_people_of_a_partner_read_while_they_are_bound(cast: Cast) -> None:
    own = cast.own.ids
    agency = Rest(cast.system.url, cast.tokens["partner"])
    path = f"/bindings/{own['binding_id']}"
    sees_nothing(agency, cast)
    cast.host.api.post(f"{path}/accept")
    assert cast.session.id in listed(agency)
    assert [row["session"]["account_id"] for row in agency.get("/sessions", account_ids=own["account_id"])["sessions"]]
    assert agency.get(f"/sessions/{cast.session.id}/board")["session"]["session_id"] == cast.session.id
    assert agency.get("/daily-totals") is not None
    for method, rest in (("POST", "end"), ("POST", "bag"), ("POST", "comments")):
        assert agency.send(method, f"/sessions/{cast.session.id}/{rest}", {}).status_code in (400, 403)
    agency.refused(403, "PERMISSION", "GET", f"/accounts/{own['account_id']}/members")  # who works there is not theirs
    cast.host.api.delete(path)
    sees_nothing(agency, cast)


@pytest.mark.requirement("D5")
def test_a_grant_counts_in_every_service_until_it_is_revoked(cast: Cast, ben: tuple[str, Rest]) -> None:
    user, api = ben
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body: dict[str, Any] = {"scope": "moderate", "until_time": until, "user_id": user}
    sees_nothing(api, cast)
    grant = cast.host.api.post(f"/accounts/{cast.host.account}/grants", body)["grant_id"]
    assert cast.session.id in listed(api)
    comment = cast.own.ids["comment_id"]
    api.put(f"/sessions/{cast.session.id}/comments/{comment}/pin")
    api.refused(403, "PERMISSION", "POST", f"/sessions/{cast.session.id}/end")
    cast.host.api.delete(f"/grants/{grant}")
    sees_nothing(api, cast)


def test_a_new_role_counts_at_once_in_every_service(cast: Cast, ben: tuple[str, Rest]) -> None:
    user, api = ben
    cast.host.api.put(f"/accounts/{cast.host.account}/members/{user}", {"role": "host"})
    opened = api.post("/sessions", {"account_id": cast.host.account, "title": "At once"})["session"]
    soon(lambda: opened["session_id"] in listed(api))
    api.delete(f"/accounts/{cast.host.account}/members/{user}")
    api.refused(404, "SESSION_NOT_FOUND", "POST", f"/sessions/{opened['session_id']}/live", {})
