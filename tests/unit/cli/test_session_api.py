"""Where commands find the API, and what they make of its answers."""

import httpx
import pytest

from showfloor.cli.api import MAX_WAIT_S, problem_of, wait_of
from showfloor.cli.session_api import address_in
from showfloor.platform.startup_error import StartupError


def test_both_variables_or_none() -> None:
    given = {"SHOWFLOOR_URL": "https://live.example.com/a", "SHOWFLOOR_TOKEN": "t-1"}
    assert address_in(given) == ("https://live.example.com/a", "t-1")
    assert address_in({}) == ("", "")


@pytest.mark.parametrize("url", ["http://[", "live.example.com", "ftp://a", "https://", "http://a:99999999", "\udc80"])
def test_an_address_that_cannot_be_asked_is_named(url: str) -> None:
    with pytest.raises(StartupError, match="SHOWFLOOR_URL is not"):
        address_in({"SHOWFLOOR_URL": url, "SHOWFLOOR_TOKEN": "t"})


@pytest.mark.parametrize("token", ["t\n", "é", "a b", "\udc80"])
def test_a_token_that_cannot_be_sent_is_named(token: str) -> None:
    with pytest.raises(StartupError, match="SHOWFLOOR_TOKEN holds") as error:
        address_in({"SHOWFLOOR_URL": "http://a", "SHOWFLOOR_TOKEN": token})
    assert token not in error.value.cause


@pytest.mark.parametrize(
    ("said", "seconds"), [("1", 1.0), ("9" * 400, MAX_WAIT_S), ("²", 0.0), ("soon", 0.0), ("", 0.0)]
)
def test_a_busy_server_is_left_alone_for_as_long_as_it_says(said: str, seconds: float) -> None:
    assert wait_of(httpx.Response(503, headers=[(b"Retry-After", said.encode("latin-1"))])) == seconds


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, b"[]", b""])
def test_an_answer_that_is_no_problem_document_is_shown_as_it_is(body: bytes) -> None:
    assert set(problem_of(httpx.Response(502, content=body))) == {"detail"}
