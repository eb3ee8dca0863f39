"""ID tokens of an OIDC issuer: checked against its published keys, and each good for one sign-in."""

import hashlib
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from showfloor.access.tokens import NONSENSE
from showfloor.eventstore.query import Database
from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.gateway.sweeping import sweep
from showfloor.kernel.clock import Clock, utc_now
from showfloor.kernel.refusal import Refusal, RefusalKind

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"]  # none that could take a public key for a secret
LEEWAY_S = 30
LONGEST_S = 24 * 3600  # a token that is good for longer would have to be remembered for longer
MAX_CHARS = 8_000
REMEMBERED = timedelta(hours=1)  # after it has expired: more than clocks differ, and than any leeway

_TAKE = "INSERT INTO used_token (token_hash, forget_at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING true"


class Oidc:
    """One OIDC issuer, and the client id by which it knows this Showfloor."""

    def __init__(self, issuer: str, audience: str, keys: IssuerKeys, clock: Clock = utc_now) -> None:
        self._audience, self._keys, self._clock = audience, keys, clock
        self._registry = JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def check(self, token: str, nonce: str = "") -> dict[str, Any]:
        """Return the claims of a good token. Raises Refusal UNAUTHENTICATED, PROVIDER_UNAVAILABLE."""
        found = await self._signed(token)
        claims: dict[str, Any] = found.claims
        # An access token or a logout token of the same issuer, for the same client, does not prove a sign-in.
        if str(found.header.get("typ", "JWT")).casefold() != "jwt" or "events" in claims:
            raise unauthenticated("This is not an ID token.")
        try:
            self._registry.validate(claims)
        except JoseError:
            raise unauthenticated("The token has expired or is meant for somebody else.") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._audience) != self._audience:
            raise unauthenticated("The token was given to another client.")
        if claims["exp"] > self._clock().timestamp() + LONGEST_S:
            raise unauthenticated("The token is good for longer than a day: have the provider give shorter ones.")
        if claims.get("nonce", "") != nonce:
            raise unauthenticated("The nonce is not that of this sign-in.")
        return claims

    async def close(self) -> None:
        """Close the connections."""
        await self._keys.close()

    async def _signed(self, token: str) -> jwt.Token:
        if len(token) > MAX_CHARS:
            raise unauthenticated("The token is not good.")
        keys = await self._keys.known()
        try:
            return _decoded(token, keys)
        except NONSENSE:
            newer = await self._keys.newer()
        try:
            return _decoded(token, newer)
        except NONSENSE:
            raise unauthenticated("The token is not good.") from None


class UsedTokens:
    """ID tokens that were used to sign in, on any replica; each is kept until some time after it has expired."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def take(self, token: str, expires: float) -> None:
        """Note that a checked token is used now. Raises Refusal TOKEN_USED."""
        # What was signed, not the text: a signature can be written in more than one way, and not every issuer gives
        # its tokens an id.
        signed = token.rpartition(".")[0].encode()
        forget_at = datetime.fromtimestamp(expires, UTC) + REMEMBERED
        if not await self._database.fetch(_TAKE, (hashlib.sha256(signed).digest(), forget_at)):
            text = "This ID token has signed somebody in already: get a new one from the sign-in provider."
            raise Refusal(RefusalKind.UNAUTHENTICATED, "TOKEN_USED", text)

    async def sweep(self) -> None:
        """Delete tokens that would be refused as expired."""
        await sweep(self._database, "used_token", "forget_at", self._clock())


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    with warnings.catch_warnings():  # issuers still say EdDSA, the name before RFC 9864
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
