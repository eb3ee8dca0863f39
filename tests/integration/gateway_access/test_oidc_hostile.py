"""A provider that is slow, endless or lying costs those who need its keys a few seconds, and nobody else anything."""

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from joserfc import jwt

from showfloor.gateway.access import issuer_keys
from showfloor.gateway.access.issuer_keys import MAX_BYTES, MAX_KEYS, IssuerKeys
from showfloor.gateway.access.oidc import Oidc
from showfloor.gateway.config import Config
from showfloor.platform.settings import load
from showfloor.platform.startup_error import StartupError
from showfloor.testing.openid import new_keys
from showfloor.testing.waiting import eventually

PASSWORD = "correct horse battery"
KEYS = new_keys("first", "EC")
JWKS = json.dumps(KEYS.as_dict())
Says = Callable[["Hostile", Any], None]


class Hostile:
    """Answers for its keys as `says` will have it. Until `over` is set it may go on for ever."""

    def __init__(self) -> None:
        self.discovery: Any = {"issuer": "{here}", "jwks_uri": "{here}/jwks"}
        self.says: Says = lambda _, handler: send(handler, JWKS)
        self.asked: list[str] = []
        self.over = threading.Event()
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hostile.asked.append(self.path)
                try:
                    if self.path.startswith("/.well-known"):
                        send(self, json.dumps(hostile.discovery).replace("{here}", hostile.issuer))
                    else:
                        hostile.says(hostile, self)
                except OSError:
                    pass  # the gateway has had enough

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "showfloor", "sub": "ana", "iat": now, "exp": now + 60}
        claims |= {"email": "ana@example.com", "email_verified": True, "n": time.monotonic_ns()}
        return jwt.encode({"alg": "ES256", "kid": "first"}, claims, KEYS)

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def send(handler: Any, body: str | bytes, status: int = 200, **headers: str) -> None:
    raw = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(raw)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(raw)


def on_and_on(hostile: Hostile, handler: Any, piece: bytes, pause: float) -> None:
    """Begin the right answer, and never come to its end: white space may stand anywhere in JSON."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(JWKS[:-1].encode())
    while not hostile.over.wait(pause):
        handler.wfile.write(piece)
    handler.wfile.write(b"}")


def drip(hostile: Hostile, handler: Any) -> None:
    on_and_on(hostile, handler, b" ", 0.02)


def flood(hostile: Hostile, handler: Any) -> None:
    on_and_on(hostile, handler, b" " * 65_536, 0.0)


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    made = Hostile()
    yield made
    made.close()


@pytest.fixture
async def replica(make: Any, hostile: Hostile) -> Any:
    sent: list[str] = []

    async def note(request: httpx.Request) -> None:
        sent.append(str(request.url))

    client = httpx.AsyncClient(event_hooks={"request": [note]})
    replica = await make(oidc=Oidc(hostile.issuer, "showfloor", IssuerKeys(hostile.issuer, client=client)))
    replica.sent = sent
    replica.ana = await replica.add_user("ana@example.com", PASSWORD)
    return replica


async def present(replica: Any, body: dict[str, str]) -> httpx.Response:
    return await (await replica.client()).post("/v1/sign-in", json=body)


async def said(replica: Any, hostile: Hostile) -> tuple[int, str]:
    answer = await present(replica, {"id_token": hostile.token()})
    return answer.status_code, answer.json().get("code", "")


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the deadline away, so that it is not what ends the wait."""
    monkeypatch.setattr(issuer_keys, "DEADLINE_S", 3600.0)


async def test_the_keys_of_this_server_are_good_when_it_behaves(replica: Any, hostile: Hostile) -> None:
    assert await said(replica, hostile) == (200, "")


async def test_keys_that_drip_are_given_up_after_one_deadline(
    replica: Any, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_keys, "DEADLINE_S", 0.5)  # each single byte comes well within it
    hostile.says = drip
    assert await said(replica, hostile) == (503, "PROVIDER_UNAVAILABLE")
    hostile.says = lambda _, handler: send(handler, JWKS)
    monkeypatch.setattr(issuer_keys, "RETRY_S", 0.0)
    monkeypatch.setattr(issuer_keys, "DEADLINE_S", 3600.0)
    assert await said(replica, hostile) == (200, "")


async def test_while_keys_drip_others_sign_in_and_one_request_asks(
    replica: Any, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(monkeypatch)
    hostile.says = drip
    waiting = [asyncio.create_task(said(replica, hostile)) for _ in range(8)]
    await eventually(lambda: "/jwks" in hostile.asked)
    assert (await present(replica, {"email": "ana@example.com", "password": PASSWORD})).status_code == 200
    assert not any(task.done() for task in waiting)
    waiting.pop().cancel()  # one who goes away takes nothing from the others
    hostile.over.set()
    assert await asyncio.gather(*waiting) == [(200, "")] * 7
    assert hostile.asked.count("/jwks") == 1


async def test_known_keys_are_good_while_newer_ones_drip(
    replica: Any, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await said(replica, hostile) == (200, "")
    patient(monkeypatch)
    monkeypatch.setattr(issuer_keys, "ASK_EVERY_S", 0.0)
    hostile.says = drip
    unknown = jwt.encode({"alg": "ES256", "kid": "unknown"}, {"sub": "x"}, new_keys("unknown", "EC"))
    junk = asyncio.create_task(present(replica, {"id_token": unknown}))
    await eventually(lambda: hostile.asked.count("/jwks") == 2)
    assert await said(replica, hostile) == (200, "")
    assert not junk.done()
    hostile.over.set()
    assert (await junk).status_code == 401


async def test_keys_without_end_are_given_up_at_a_size(
    replica: Any, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(monkeypatch)
    hostile.says = flood
    assert await said(replica, hostile) == (503, "PROVIDER_UNAVAILABLE")
    assert not hostile.over.is_set()


def published(*keys: Any) -> str:
    return json.dumps({"keys": [*KEYS.as_dict()["keys"], *keys]})


RSA_LARGE = {"kty": "RSA", "kid": "large", "e": "AQAB", "n": "_" * 40_000}
RSA_SMALL = {"kty": "RSA", "kid": "small", "e": "AQAB", "n": "_" * 171}
PASSED_OVER = [{"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}, {"kty": "oct", "k": "c2VjcmV0"}, {"kty": 5}, {}]
PASSED_OVER += [
    {"kty": "EC", "crv": "P-1", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "RSA", "n": 1},
    RSA_LARGE,
    RSA_SMALL,
]
EXTRA = [{**KEYS.keys[0].as_dict(private=False), "kid": f"k{number}"} for number in range(MAX_KEYS)]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (published(*EXTRA), {}, 503),
        (published(*EXTRA[1:]), {}, 200),
        (published(*PASSED_OVER), {}, 200),
        (JWKS + " " * (MAX_BYTES - len(JWKS)), {}, 200),
        (JWKS + " " * (MAX_BYTES - len(JWKS) + 1), {}, 503),
        (gzip.compress(JWKS.encode()), {"Content_Encoding": "gzip"}, 503),  # what would unfold is not unfolded
        (json.dumps({"keys": PASSED_OVER}), {}, 503),
        ('{"keys": ' + "[" * 100_000, {}, 503),
        ('{"keys": [{"kty": ' + "[" * 100_000, {}, 503),
        ('{"keys": {}}', {}, 503),
        ("no JSON", {}, 503),
        (b"\xff\xfe", {}, 503),
        ("", {}, 503),
    ],
)
async def test_what_is_published_within_bounds_is_used(
    replica: Any, hostile: Hostile, body: str | bytes, headers: dict[str, str], expected: int
) -> None:
    hostile.says = lambda _, handler: send(handler, body, **headers)
    assert await said(replica, hostile) == ((200, "") if expected == 200 else (503, "PROVIDER_UNAVAILABLE"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(make: Any, hostile: Hostile, status: int) -> None:
    replica = await make(oidc=Oidc(hostile.issuer, "showfloor", IssuerKeys(hostile.issuer)))
    elsewhere = Hostile()
    try:
        hostile.says = lambda _, handler: send(handler, "", status, Location=elsewhere.issuer + "/jwks")
        assert await said(replica, hostile) == (503, "PROVIDER_UNAVAILABLE")
        assert elsewhere.asked == []
    finally:
        elsewhere.close()


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.test", "jwks_uri": "{here}/jwks"},
        {"issuer": "{here}", "jwks_uri": "http://issuer.test/jwks"},
        {"issuer": "{here}", "jwks_uri": "file:///etc/passwd"},
        {"issuer": "{here}", "jwks_uri": "https://[not an address"},
        {"issuer": "{here}", "jwks_uri": 5},
        {"issuer": "{here}"},
        [],
    ],
)
async def test_discovery_must_be_the_issuers_and_lead_to_a_safe_url(
    replica: Any, hostile: Hostile, discovery: Any
) -> None:
    hostile.discovery = discovery
    assert await said(replica, hostile) == (503, "PROVIDER_UNAVAILABLE")
    assert replica.sent == [hostile.issuer + "/.well-known/openid-configuration"]


@pytest.mark.parametrize("address", ["http://issuer.test", "ftp://issuer.test", "issuer.test", "http://127.0.0.1.test"])
@pytest.mark.parametrize("name", ["OIDC_ISSUER", "OIDC_JWKS_URL"])
def test_settings_take_https_or_this_machine(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> None:
    settings = {"DATABASE_URL": "unused:", "NATS_URL": "unused:", "SIGNING_KEY_FILE": "k"}
    for variable, value in settings.items():
        monkeypatch.setenv(f"SHOWFLOOR_{variable}", value)
    for good in ("https://issuer.test/realm", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost:1"):
        monkeypatch.setenv(f"SHOWFLOOR_{name}", good)
        assert getattr(load(Config), name.lower()) == good
    monkeypatch.setenv(f"SHOWFLOOR_{name}", address)
    with pytest.raises(StartupError, match=f"SHOWFLOOR_{name}"):
        load(Config)
