"""Every answer of every route carries the security headers, whoever asks and whatever comes of it."""

import asyncio
from typing import Any

import httpx
import pytest
from test_every_route import lines

WANTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "form-action 'self'")
OTHERS = ("/", "/openapi.json", "/.well-known/jwks.json", "/v1/stream", "/v1/nothing", "/nothing", "/icon.svg")


async def _wrong(url: str) -> list[str]:
    _, rows = lines()
    asked = [(line["method"], line["path"]) for line in rows] + [("GET", path) for path in OTHERS]
    async with httpx.AsyncClient(base_url=url) as client:
        answers = [await client.request(method, path.replace("{", "").replace("}", "")) for method, path in asked]
    found = []
    for (method, path), answer in zip(asked, answers, strict=True):
        missing = [name for name, value in WANTED.items() if answer.headers.get(name) != value]
        policy = answer.headers.get("content-security-policy", "")
        missing += [part for part in POLICY if part not in policy]
        missing += [word for word in ("script-src", "unsafe-") if word in policy]
        missing += [] if "camera=(self)" in answer.headers.get("permissions-policy", "") else ["permissions-policy"]
        missing += ["cache-control"] if path.startswith("/v1") and answer.headers["cache-control"] != "no-store" else []
        found += [f"{method} {path}: {one}" for one in missing]
    return found


def test_every_route_answers_with_the_security_headers(system: Any) -> None:
    assert asyncio.run(_wrong(system.url)) == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_cookie_changes_nothing_for_another_origin(cast: Any, origin: str) -> None:
    token = cast.sign_in(cast.user("Browser", cast.host.shop))
    _, rows = lines()
    with httpx.Client(base_url=cast.system.url, cookies={"showfloor_session": token}) as browser:
        for line in (line for line in rows if line["method"] != "GET"):
            path = line["path"].format(**cast.own.ids)
            answer = browser.request(line["method"], path, headers={"Origin": origin, "Idempotency-Key": "k"}, json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "CSRF"), line["path"]
