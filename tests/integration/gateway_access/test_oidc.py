"""Tokens of an OIDC issuer, whose keys a real server on this machine publishes."""

import json
import threading
import time
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from showfloor.gateway.access import oidc as module
from showfloor.gateway.access.oidc import Oidc

ISSUER, AUDIENCE = "https://issuer.test", "showfloor"


class Issuer:
    """Serves its public keys and signs tokens."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.asked = 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": [key.as_dict(private=False) for key in issuer.keys]}).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"
        self.new_key("first")

    def new_key(self, kid: str) -> Any:
        key = ECKey.generate_key("P-256", parameters={"kid": kid}, private=True)
        self.keys = [key]
        return key

    def token(self, key: Any = None, alg: str = "ES256", **claims: Any) -> str:
        key = key or self.keys[0]
        now = int(time.time())
        whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": "s1", "exp": now + 60, "iat": now}
        whole |= {"email": "Ana@example.com", "email_verified": True} | claims
        whole = {name: value for name, value in whole.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return jwt.encode({"alg": alg, "kid": key.kid}, whole, key, algorithms=[alg])

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


@pytest.fixture
async def known(make: Any, issuer: Issuer) -> Any:
    """A gateway that trusts the issuer and knows ana@example.com."""
    world = await make(oidc=Oidc(ISSUER, AUDIENCE, issuer.url))
    world.ana = await world.add_user("ana@example.com")
    return world


async def status(world: Any, token: str) -> int:
    return int((await (await world.client(token)).get("/v1/me")).status_code)


@pytest.mark.parametrize(
    ("kind", "alg"),
    [("rsa", "RS256"), ("ec", "ES256"), ("okp", "EdDSA"), ("okp", "Ed25519")],
)
async def test_good_token_of_each_allowed_algorithm(known: Any, issuer: Issuer, kind: str, alg: str) -> None:
    parameters: Any = {"kid": kind}
    keys = {
        "rsa": lambda: RSAKey.generate_key(2048, parameters=parameters, private=True),
        "ec": lambda: ECKey.generate_key("P-256", parameters=parameters, private=True),
        "okp": lambda: OKPKey.generate_key("Ed25519", parameters=parameters, private=True),
    }
    issuer.keys = [keys[kind]()]
    answer = await (await known.client(issuer.token(alg=alg))).get("/v1/me")
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["user_id"] == known.ana


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.test"},
        {"aud": "other"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
        {"nbf": 4_000_000_000},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@example.com"},
        {"email": None},
    ],
)
async def test_wrong_claims_are_refused(known: Any, issuer: Issuer, claims: dict[str, Any]) -> None:
    assert await status(known, issuer.token(**claims)) == 401


async def test_other_algorithms_and_other_keys_are_refused(known: Any, issuer: Issuer) -> None:
    public = json.dumps(issuer.keys[0].as_dict(private=False))
    secret = OctKey.import_key(public.encode(), {"kid": "first"})
    stranger = ECKey.generate_key("P-256", parameters={"kid": "first"}, private=True)
    assert await status(known, issuer.token(secret, "HS256")) == 401
    assert await status(known, issuer.token(stranger)) == 401
    assert await status(known, "eyJhbGciOiJub25lIn0.e30.") == 401


async def test_address_binds_once_then_the_subject_counts(known: Any, issuer: Issuer) -> None:
    assert await status(known, issuer.token()) == 200
    assert await status(known, issuer.token(email="changed@example.com")) == 200
    assert await status(known, issuer.token(sub="s2")) == 401  # the address was taken over by somebody else


async def test_rotated_key_is_fetched_but_strangers_do_not_make_us_ask(
    known: Any, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(known, issuer.token()) == 200
    old = issuer.keys[0]
    stranger = ECKey.generate_key("P-256", parameters={"kid": "unknown"}, private=True)
    before = issuer.asked
    for _ in range(5):
        assert await status(known, issuer.token(stranger)) == 401
    assert issuer.asked <= before + 1
    issuer.new_key("second")
    monkeypatch.setattr(module, "ASK_EVERY_S", 0.0)
    assert await status(known, issuer.token()) == 200
    assert await status(known, issuer.token(old)) == 401


async def test_issuer_that_is_away_is_no_reason_to_refuse_for_good(make: Any) -> None:
    world = await make(oidc=Oidc(ISSUER, AUDIENCE, "http://127.0.0.1:9/jwks"))
    away = Issuer()
    away.close()
    assert await status(world, away.token()) == 503


async def test_without_an_issuer_its_tokens_are_worth_nothing(world: Any, issuer: Issuer) -> None:
    assert await status(world, issuer.token()) == 401
    assert issuer.asked == 0
