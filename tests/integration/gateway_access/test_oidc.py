"""Signing in with ID tokens of a real OpenID provider (`tests/oidc`). What no provider would sign is signed here, with
its own key."""

import asyncio
import base64
import hmac
import json
import secrets
import time
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from showfloor.gateway.access import issuer_keys
from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.oidc import LEEWAY_S, LONGEST_S, Oidc
from showfloor.kernel.clock import utc_now
from showfloor.testing.openid import Provider, new_keys, providers

FOLDER = Path(__file__).parents[2] / "oidc"
PASSWORD = "correct horse battery"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture(scope="module")
def pair() -> Iterator[list[Provider]]:
    """Two providers with the same keys: their tokens differ in the issuer alone."""
    keys = new_keys("first")
    with providers(FOLDER, keys, keys) as made:
        yield made


@pytest.fixture
def provider(pair: list[Provider]) -> Iterator[Provider]:
    """The one that the gateway trusts; a test may restart it as it likes."""
    trusted = pair[0]
    keys = trusted.keys
    yield trusted
    trusted.restart(keys)


class Replicas:
    """A gateway that trusts a provider and knows ana@example.com, and how often it asked for keys."""

    def __init__(self, make: Any, issuer: str) -> None:
        self._make, self.issuer, self.asked, self.ahead = make, issuer, 0, timedelta()

    async def open(self) -> Any:
        """Start a replica. Its clock is `ahead` of ours."""

        async def count(_: httpx.Request) -> None:
            self.asked += 1

        def clock() -> Any:
            return utc_now() + self.ahead

        client = httpx.AsyncClient(event_hooks={"request": [count]})
        keys = IssuerKeys(self.issuer, client=client)
        return await self._make(oidc=Oidc(self.issuer, "showfloor", keys, clock), clock=clock)


@pytest.fixture
def replicas(make: Any, provider: Provider) -> Replicas:
    return Replicas(make, provider.issuer)


@pytest.fixture
async def replica(replicas: Replicas) -> Any:
    replica = await replicas.open()
    replica.ana = await replica.add_user("ana@example.com", PASSWORD)
    return replica


async def present(replica: Any, token: str, nonce: str = "") -> httpx.Response:
    """Sign in with an ID token."""
    body = {"id_token": token} | ({"nonce": nonce} if nonce else {})
    return await (await replica.client()).post("/v1/sign-in", json=body)


async def said(replica: Any, token: str, nonce: str = "") -> tuple[int, str]:
    answer = await present(replica, token, nonce)
    return answer.status_code, answer.json().get("code", "")


async def fresh(provider: Provider, **more: Any) -> tuple[str, str]:
    """Sign in at the provider; return a token like no other, and its nonce."""
    nonce = secrets.token_urlsafe(8)
    return await provider.id_token(nonce=nonce, **more), nonce


def forged(provider: Provider, alg: str = "RS256", key: Any = None, typ: str = "JWT", **claims: Any) -> str:
    """Sign with the provider's own key what the provider would never sign; a claim that is None is left out."""
    key, now = key or provider.keys.keys[0], int(time.time())
    whole = {
        "iss": provider.issuer,
        "aud": "showfloor",
        "sub": "ana",
        "iat": now,
        "exp": now + 60,
        "email_verified": True,
    }
    whole |= {"email": "ana@example.com", "n": secrets.token_hex(4)} | claims
    header = {"alg": alg, "kid": "first", "typ": typ}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joserfc warns of what we forge
        return jwt.encode(header, {k: v for k, v in whole.items() if v is not None}, key, algorithms=[alg])


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("kind", "alg"), [("RSA", "RS256"), ("RSA", "PS256"), ("EC", "ES256"), ("OKP", "EdDSA"), ("OKP", "Ed25519")]
)
async def test_code_with_pkce_ends_in_a_sign_in_here(replica: Any, provider: Provider, kind: str, alg: str) -> None:
    provider.restart(new_keys(alg, kind), alg=alg)
    answer = await present(replica, *await fresh(provider))
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["user_id"] == replica.ana and "HttpOnly" in answer.headers["set-cookie"]
    user = await replica.client(answer.json()["token"])
    assert (await user.get("/v1/me")).json()["user"]["user_id"] == replica.ana
    assert (await user.post("/v1/sign-out")).status_code == 200
    assert (await user.get("/v1/me")).status_code == 401  # the provider's token would still be good


async def test_same_keys_at_another_issuer(replica: Any, provider: Provider, pair: list[Provider]) -> None:
    assert await said(replica, *await fresh(pair[1])) == (401, "UNAUTHENTICATED")
    assert await said(replica, *await fresh(provider)) == (200, "")


async def test_tokens_for_another_client(replica: Any, provider: Provider) -> None:
    assert await said(replica, *await fresh(provider, client="other")) == (401, "UNAUTHENTICATED")


async def test_algorithms_that_a_public_key_could_forge(replica: Any, provider: Provider) -> None:
    public = provider.keys.keys[0]
    texts = (public.as_pem(private=False), json.dumps(public.as_dict(private=False)).encode())
    good = forged(provider).split(".")
    for secret in texts:
        signed = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{good[1]}"
        mac = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).decode().rstrip("=")
        assert await said(replica, f"{signed}.{mac}") == (401, "UNAUTHENTICATED")
    for alg in ("none", "None", ""):
        for signature in ("", good[2]):
            token = f"{_part({'alg': alg, 'kid': 'first'})}.{good[1]}.{signature}"
            assert await said(replica, token) == (401, "UNAUTHENTICATED")
    assert await said(replica, ".".join(good)) == (200, "")
    provider.restart(alg="HS256")  # what it then signs with is the client's secret
    assert await said(replica, *await fresh(provider)) == (401, "UNAUTHENTICATED")


async def test_keys_that_a_token_brings_along_count_for_nothing(replica: Any, provider: Provider) -> None:
    stranger = new_keys("first").keys[0]
    assert await said(replica, forged(provider, key=stranger)) == (401, "UNAUTHENTICATED")
    header = {"alg": "RS256", "kid": "first", "jwk": stranger.as_dict(private=False)}
    claims = {"iss": provider.issuer, "aud": "showfloor", "sub": "ana", "exp": int(time.time()) + 60}
    assert await said(replica, jwt.encode(header, claims, stranger)) == (401, "UNAUTHENTICATED")


async def test_expired_is_refused_and_a_moment_of_it_forgiven(
    replica: Any, replicas: Replicas, provider: Provider
) -> None:
    provider.restart(seconds=100)
    early, late = await fresh(provider), await fresh(provider)
    replicas.ahead = timedelta(seconds=100)
    assert await said(replica, *early) == (200, "")
    replicas.ahead = timedelta(seconds=101 + LEEWAY_S)
    assert await said(replica, *late) == (401, "UNAUTHENTICATED")


async def test_not_yet_valid(replica: Any, replicas: Replicas, provider: Provider) -> None:
    now = int(time.time())
    assert await said(replica, forged(provider, nbf=now + 300)) == (401, "UNAUTHENTICATED")
    assert await said(replica, forged(provider, nbf=now - 1)) == (200, "")
    replicas.ahead = -timedelta(seconds=300)  # to this clock the provider has signed in the future
    assert await said(replica, *await fresh(provider)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": int(time.time()) + 2 * LONGEST_S},  # told at collection, which may be long before the test
        {"exp": 10**300},
        {"sub": None},
        {"sub": ""},
        {"aud": ["showfloor", "other"]},  # and nobody says whom it was given to
        {"azp": "other"},
        {"typ": "at+jwt"},
        {"typ": "logout+jwt"},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
        {"sub": "new", "email_verified": False},
        {"sub": "new", "email_verified": "true"},
        {"sub": "new", "email": None},
    ],
)
async def test_what_no_good_provider_signs(replica: Any, provider: Provider, claims: dict[str, Any]) -> None:
    assert await said(replica, forged(provider, **claims)) == (401, "UNAUTHENTICATED")
    assert await said(replica, forged(provider, aud=["showfloor", "other"], azp="showfloor")) == (200, "")


async def test_access_tokens_are_no_id_tokens(replica: Any, provider: Provider) -> None:
    """The access token has our audience, the issuer, its signature and a subject that we know."""
    assert await said(replica, *await fresh(provider)) == (200, "")
    given = await provider.tokens("ana", api=True)
    assert await said(replica, given["access_token"]) == (401, "UNAUTHENTICATED")
    assert await said(replica, given["id_token"]) == (200, "")


async def test_nonce_must_be_the_one_asked_for(replica: Any, provider: Provider) -> None:
    token, nonce = await fresh(provider)
    assert await said(replica, token) == (401, "UNAUTHENTICATED")
    assert await said(replica, token, nonce + "x") == (401, "UNAUTHENTICATED")
    assert await said(replica, await provider.id_token(), nonce) == (401, "UNAUTHENTICATED")
    assert await said(replica, token, nonce) == (200, "")


async def test_a_token_signs_in_once_whichever_replica_it_is_shown_to(
    replica: Any, replicas: Replicas, provider: Provider
) -> None:
    token, nonce = await fresh(provider)
    there = await replicas.open()
    answers = await asyncio.gather(*(said(one, token, nonce) for one in (replica, there) * 3))
    assert sorted(answers) == [(200, "")] + [(401, "TOKEN_USED")] * 5
    restarted = await replicas.open()
    assert await said(restarted, token, nonce) == (401, "TOKEN_USED")
    assert await said(restarted, *await fresh(provider)) == (200, "")


async def test_a_token_signed_again_is_still_the_same_token(replica: Any, provider: Provider) -> None:
    provider.restart(new_keys("curve", "EC"), alg="ES256")
    token, nonce = await fresh(provider)
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    mirrored = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    other = f"{signed}.{base64.urlsafe_b64encode(mirrored).decode().rstrip('=')}"
    assert jwt.decode(other, KeySet(provider.keys.keys), algorithms=["ES256"]).claims["nonce"] == nonce
    assert await said(replica, token, nonce) == (200, "")
    assert await said(replica, other, nonce) == (401, "TOKEN_USED")


async def test_used_tokens_are_forgotten_once_they_have_expired(
    replica: Any, replicas: Replicas, provider: Provider
) -> None:
    token, nonce = await fresh(provider)
    assert await said(replica, token, nonce) == (200, "")
    count = "SELECT count(*) AS n FROM used_token"
    used = replica.access.used_tokens
    for ahead, left in ((timedelta(seconds=300 + LEEWAY_S), 1), (timedelta(hours=2), 0)):
        replicas.ahead = ahead
        await used.sweep()
        assert (await replica.access.runtime.database.fetch_one(count))["n"] == left
    assert await said(replica, token, nonce) == (401, "UNAUTHENTICATED")


async def test_an_id_token_is_no_bearer_token(replica: Any, provider: Provider) -> None:
    token, nonce = await fresh(provider)
    answer = await (await replica.client(token)).get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert "/v1/sign-in" in answer.json()["detail"]
    assert await said(replica, token, nonce) == (200, "")


async def test_people_we_do_not_know_or_whose_address_nobody_checked(replica: Any, provider: Provider) -> None:
    await replica.add_user("unverified@example.com")
    for name in ("unverified", "stranger"):
        assert await said(replica, *await fresh(provider, name=name)) == (401, "UNAUTHENTICATED")


async def test_address_binds_once_then_the_subject_counts(replica: Any, provider: Provider) -> None:
    assert await said(replica, *await fresh(provider)) == (200, "")
    assert await said(replica, forged(provider, email="changed@example.com")) == (200, "")
    assert await said(replica, forged(provider, sub="s2")) == (401, "UNAUTHENTICATED")  # somebody took the address over


async def test_rotated_keys_are_fetched_but_not_for_strangers(
    replica: Any, replicas: Replicas, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await said(replica, *await fresh(provider)) == (200, "")
    left_over, before = await fresh(provider), replicas.asked
    stranger = new_keys("unknown").keys[0]
    for _ in range(5):
        assert (await said(replica, forged(provider, key=stranger)))[0] == 401
    assert replicas.asked == before  # the keys are seconds old
    provider.restart(new_keys("second"))
    monkeypatch.setattr(issuer_keys, "ASK_EVERY_S", 0.0)
    assert await said(replica, *await fresh(provider)) == (200, "")
    assert await said(replica, *left_over) == (401, "UNAUTHENTICATED")  # its key was taken back


async def test_known_keys_and_passwords_outlive_a_providers_outage(
    replica: Any, replicas: Replicas, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await said(replica, *await fresh(provider)) == (200, "")
    held = [await fresh(provider) for _ in range(3)]
    provider.stop()
    monkeypatch.setattr(issuer_keys, "FRESH_S", 0.0)
    asked = replicas.asked
    assert await said(replica, *held[0]) == (200, "")
    assert replicas.asked > asked
    unknowing = await replicas.open()
    answer = await present(unknowing, *held[1])
    assert (answer.status_code, answer.json()["code"]) == (503, "PROVIDER_UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0 and "password" in answer.json()["detail"]
    password = {"email": "ana@example.com", "password": PASSWORD}
    assert (await (await unknowing.client()).post("/v1/sign-in", json=password)).status_code == 200
    with monkeypatch.context() as days_later:
        days_later.setattr(issuer_keys, "WITHOUT_IT_S", 0.0)
        assert await said(replica, *held[2]) == (503, "PROVIDER_UNAVAILABLE")
    provider.start()
    monkeypatch.setattr(issuer_keys, "RETRY_S", 0.0)
    assert await said(unknowing, *held[1]) == (200, "")


async def test_without_a_provider_its_tokens_are_worth_nothing(make: Any, provider: Provider) -> None:
    answer = await present(await make(), *await fresh(provider))
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
