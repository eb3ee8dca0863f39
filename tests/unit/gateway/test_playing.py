"""What the viewers' page of a session may load: its own stream and poster, and nothing else from elsewhere."""

import pytest

from showfloor.gateway.http.headers import CONTENT, SECURITY, content_policy
from showfloor.gateway.http.playing import policy_of
from showfloor.kernel.refusal import Refusal, RefusalKind

USUAL = SECURITY[CONTENT]


def directives(policy: str) -> dict[str, str]:
    return dict(one.split(" ", 1) for one in policy.split("; "))


async def test_the_origins_of_stream_and_poster_are_let_in() -> None:
    async def watched(_: str) -> bytes:
        return (
            b'{"session":{"title":"x","playback":{"kind":"hls","url":"https://CDN.example.com:8443/a/b.m3u8",'
            b'"poster_url":"https://img.example.com/p.jpg"}},"items":[]}'
        )

    found, usual = directives(await policy_of(watched, "s")), directives(USUAL)
    assert found.pop("media-src") == "'self' blob: https://cdn.example.com:8443"
    assert found.pop("connect-src") == "'self' https://cdn.example.com:8443"
    assert found.pop("img-src") == "'self' data: https://img.example.com"
    assert usual.pop("img-src") == "'self' data:"
    assert found == usual


@pytest.mark.parametrize("kind", [RefusalKind.NOT_FOUND, RefusalKind.UNAVAILABLE])
async def test_a_page_of_no_session_loads_nothing_from_elsewhere(kind: RefusalKind) -> None:
    async def watched(_: str) -> bytes:
        raise Refusal(kind, "X", "x")

    assert await policy_of(watched, "s") == USUAL


def test_no_address_adds_a_directive() -> None:
    for address in (
        "https://a.example; script-src *",
        "https://a.example,https://b",
        "http://a.example",
        "https://*",
        "x",
    ):
        assert content_policy(address, address) == USUAL
