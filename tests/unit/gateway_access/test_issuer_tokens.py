"""Tokens that look like an OIDC issuer's and are odd inside."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest
from joserfc.jwk import OKPKey

from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.oidc import Oidc
from showfloor.kernel.refusal import Refusal, RefusalKind

ISSUER = "https://issuer.example"
GOOD = OKPKey.generate_key("Ed25519", parameters={"kid": "k"}).as_dict(private=False)


def published(*keys: dict[str, Any]) -> IssuerKeys:
    """Return the keys of an issuer that publishes these."""
    body = json.dumps({"keys": keys}).encode()
    client = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body)))
    )
    return IssuerKeys(ISSUER, f"{ISSUER}/keys", client)


async def test_a_key_too_short_is_left_out_and_the_others_work() -> None:
    short = {"kty": "RSA", "kid": "short", "e": "AQAB", "n": urlsafe_b64encode(b"\xff" * 128).decode().rstrip("=")}
    issuer = published(short, GOOD)
    assert [key.kid for key in await issuer.known()] == ["k"]
    await issuer.close()


@pytest.mark.parametrize("header", [{"alg": "Ed25519", "kid": "k", "crit": 5}, {"alg": [], "kid": "k"}, [], 1])
async def test_an_odd_header_is_refused_like_any_bad_token(header: Any) -> None:
    oidc = Oidc(ISSUER, "showfloor", published(GOOD))
    token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, {}, {}))
    with pytest.raises(Refusal) as refused:
        await oidc.check(token)
    assert refused.value.kind is RefusalKind.UNAUTHENTICATED
    await oidc.close()
