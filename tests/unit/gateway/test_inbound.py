"""Headers and bodies that are nonsense are refused in words."""

from typing import Any

import pytest
from starlette.requests import Request

from showfloor.gateway.access.callers import same_place
from showfloor.gateway.http import inbound
from showfloor.gateway.http.native import shapes
from showfloor.kernel.refusal import Refusal


@pytest.mark.parametrize("body", [rb'{"email": "\ud800", "password": "x"}', rb'{"email": "a", "password": "\udfff"}'])
def test_half_a_surrogate_pair_reaches_no_database_and_no_hash(body: bytes) -> None:
    with pytest.raises(Refusal, match="surrogate"):
        inbound.shaped(body, shapes.SignIn)


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("https://a.example.com", "a.example.com", True),
        ("https://b.example.com", "a.example.com", False),
        ("http://[", "[", False),
        ("nonsense", "", False),
    ],
)
def test_an_origin_is_the_place_that_was_asked_or_it_is_not(origin: str, host: str, same: bool) -> None:
    assert same_place(origin, host) is same


@pytest.mark.parametrize(("announced", "too_large"), [(b"2", False), (b"\xb2", False), (b"9" * 5000, True)])
async def test_only_a_number_announces_a_length(announced: bytes, too_large: bool) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    headers = [(b"content-length", announced), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    if too_large:
        with pytest.raises(Refusal, match="larger"):
            await inbound.body_of(Request(scope, receive), (inbound.JSON,))
    else:
        assert await inbound.body_of(Request(scope, receive), (inbound.JSON,)) == b"{}"
