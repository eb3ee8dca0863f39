"""Tokens of an OIDC issuer: checked against its published keys, read anew when an unknown key turns up."""

import asyncio
import time
import warnings
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from showfloor.access.tokens import NONSENSE
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.kernel.refusal import Refusal, RefusalKind

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"]  # none that could take a public key for a secret
KEYS_FOR_S = 600.0
ASK_EVERY_S = 5.0  # an unknown key asks at most this often
RETRY_S = 1.0
LEEWAY_S = 30
MAX_CHARS = 8_000


class Oidc:
    """One issuer. `jwks_url` may be empty: then its discovery document names it."""

    def __init__(self, issuer: str, audience: str, jwks_url: str = "", client: httpx.AsyncClient | None = None) -> None:
        self._issuer, self._audience, self._url = issuer, audience, jwks_url
        self._client = client or httpx.AsyncClient(timeout=3.0)
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()
        self._registry = JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def check(self, token: str) -> dict[str, Any]:
        """Return the claims of a good token. Raises Refusal UNAUTHENTICATED, UNAVAILABLE."""
        if len(token) > MAX_CHARS:
            raise unauthenticated("The token is not good.")
        keys = await self._current(fresh=False)
        try:
            decoded = self._decode(token, keys)
        except NONSENSE:
            decoded = self._decode_again(token, await self._current(fresh=True))
        try:
            self._registry.validate(decoded)
        except JoseError:
            raise unauthenticated("The token has expired or is meant for somebody else.") from None
        return decoded

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    def _decode(self, token: str, keys: KeySet) -> dict[str, Any]:
        with warnings.catch_warnings():  # issuers still say EdDSA, the name before RFC 9864
            warnings.simplefilter("ignore", SecurityWarning)
            return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)

    def _decode_again(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return self._decode(token, keys)
        except NONSENSE:
            raise unauthenticated("The token is not good.") from None

    async def _current(self, *, fresh: bool) -> KeySet:
        async with self._lock:
            age = time.monotonic() - self._asked_at
            if self._keys is not None and age < (ASK_EVERY_S if fresh else KEYS_FOR_S):
                return self._keys
            if self._keys is None and age < RETRY_S:  # nobody queues for a provider that is away
                raise _away()
            self._asked_at = time.monotonic()
            try:
                self._keys = KeySet.import_key_set(await self._get(self._url or await self._discovered()))
            except (httpx.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
                if self._keys is None:
                    raise _away() from error
            return self._keys

    async def _discovered(self) -> str:
        document = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        return str(document["jwks_uri"])

    async def _get(self, url: str) -> Any:
        answer = await self._client.get(url)
        answer.raise_for_status()
        return answer.json()


def _away() -> Refusal:
    text = "The sign-in provider cannot be reached now: try again."
    return Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text)
