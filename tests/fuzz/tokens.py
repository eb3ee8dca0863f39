"""Tokens, and the authentication that reads them."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

import httpx
import msgspec
from changes import Change, change_value, json_text, one_of, separated
from inputs import FOLDER, NOW, SESSION, Parser, loop, request, text_of
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.tokens import Signer, Verifier
from showfloor.gateway.access import secrets
from showfloor.gateway.access.callers import COOKIE, Callers
from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.oidc import Oidc
from showfloor.gateway.access.sign_ins import Asking, unauthenticated
from showfloor.gateway.access.viewers import Traits, ViewerTokens, is_viewer_token

ACTOR = Actor(subject="user:1", kind=ActorKind.USER, token_id="t", directory_position=7)


@cache
def signer() -> Signer:
    """Return the signer of internal tokens."""
    return Signer(FOLDER / "signing.jwks", lambda: NOW)


def _encoded(part: Any) -> bytes:
    return urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=")


HEADERS: list[tuple[str, Any]] = [
    ("crit", 5), ("crit", ["exp"]), ("crit", []), ("b64", False), ("alg", "none"), ("alg", []), ("kid", []),
    ("kid", None), ("zip", "DEF"), ("typ", 1), ("jku", "https://example.com"), ("jwk", {}), ("x5c", 1),
    ("enc", "A128GCM"),
]  # fmt: skip


def signed(header: Any, claims: Any, sign: Callable[[bytes], bytes]) -> Change:
    """Return tokens with other claims, or an odd header, under a signature that is good."""

    def change(rng: Random, _seed: bytes) -> bytes:
        head, body = json.loads(json.dumps(header)), json.loads(json.dumps(claims))
        chance = rng.random()
        if chance < 0.2:
            name, value = rng.choice(HEADERS)
            head[name] = value
        elif chance < 0.3:
            head = rng.choice([[], 1, "a", None, b"[" * 1_400, {}])
        elif chance < 0.9:
            body = change_value(rng, body)
        elif chance < 0.95:
            body = rng.choice([b"[" * 1_400, [], 1, b"\xff", "a"])
        start = _encoded(head) + b"." + _encoded(body)
        return start + b"." + _encoded(sign(start))

    return change


def internal_tokens() -> Change:
    """Return changes of an internal token."""
    public = signer().jwks()["keys"][0]
    private = OKPKey.import_key(json.loads((FOLDER / "signing.jwks").read_bytes())["keys"][0]).private_key
    claims = {"iss": "showfloor-internal", "aud": "showfloor-services", "iat": int(NOW), "exp": int(NOW) + 60}
    claims["act"] = msgspec.to_builtins(ACTOR)
    return signed({"alg": "Ed25519", "kid": public["kid"]}, claims, private.sign)


def verifier() -> Verifier:
    """Return a verifier that knows the signer's key."""
    return Verifier(signer().jwks, lambda: NOW)


def _tokens() -> list[Parser]:
    viewer_tokens, verify = ViewerTokens(FOLDER / "viewers.key", lambda: NOW), verifier()
    ticket, viewer = viewer_tokens.issue(SESSION, "Kim", "feed", Traits(region="DE"))

    def mac(data: bytes) -> bytes:
        return hmac.new(viewer_tokens.secret, data, hashlib.sha256).digest()

    tickets = signed({"alg": "HS256", "kid": "watch"}, msgspec.to_builtins(viewer), mac)
    both = lambda data: (is_viewer_token(text_of(data)), viewer_tokens.read(text_of(data)))  # noqa: E731
    internal = signer().sign(ACTOR).encode()
    return [
        Parser("internal token", internal, lambda data: verify.verify(text_of(data)), change=internal_tokens()),
        Parser("viewer's token", ticket.encode(), both, change=tickets),
    ]


ISSUER = "https://issuer.example"


class _Nobody:
    """Sign-ins that nobody has."""

    async def find(self, token: str, before_asking: Asking) -> Any:
        before_asking()
        secrets.digest(token)
        raise unauthenticated()


def _keys(document: bytes) -> IssuerKeys:
    """Return the keys of an issuer that publishes these bytes."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(document)))
    return IssuerKeys(ISSUER, f"{ISSUER}/keys", httpx.AsyncClient(transport=transport))


def _issuers_keys() -> Parser:
    """Return the parser of what an OIDC provider publishes."""
    kinds = (OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256"), RSAKey.generate_key(2048))
    published = {"keys": [{**key.as_dict(private=False), "kid": "k", "use": "sig"} for key in kinds]}
    good = msgspec.json.encode(published)
    return Parser("issuer's keys", good, lambda data: loop().run_until_complete(_keys(data).known()), change=json_text)


def _issuer_s() -> Parser:
    """Return the parser of an OIDC provider's tokens."""
    key = OKPKey.generate_key("Ed25519", parameters={"kid": "k"}, private=True)
    published = {"keys": [key.as_dict(private=False)]}
    keys = _keys(msgspec.json.encode(published))
    oidc = Oidc(ISSUER, "showfloor", keys, lambda: datetime.fromtimestamp(NOW, UTC))
    then, later = int(NOW) - 60, int(NOW) + 60
    claims = {"iss": ISSUER, "aud": "showfloor", "sub": "u", "iat": then, "nbf": then, "exp": later}
    claims |= {"email": "u@example.com", "email_verified": True}
    tokens = signed({"alg": "Ed25519", "kid": "k"}, claims, key.private_key.sign)
    good = jwt.encode({"alg": "Ed25519", "kid": "k"}, claims, key, algorithms=["Ed25519"]).encode()
    return Parser(
        "issuer's token", good, lambda data: loop().run_until_complete(oidc.check(text_of(data))), change=tokens
    )


def _door() -> Parser:
    viewer_tokens = ViewerTokens(FOLDER / "viewers.key", lambda: NOW)
    ticket = viewer_tokens.issue(SESSION, "Kim", "feed", Traits())[0].encode()
    callers = Callers(
        _Nobody(), _Nobody(), None, signer(), viewer_tokens, operator_key="o", public_url="https://a.example.com"
    )

    def read(data: bytes) -> Any:
        names = (b"authorization", b"cookie", b"origin", b"host")
        given = [(name, value) for name, value in zip(names, data.split(b"\n"), strict=False) if value]
        return loop().run_until_complete(callers.identify(request(*given)))

    by_token, by_key = b"Bearer " + ticket + b"\n\n\na", b"Bearer o\n\n\na"
    by_cookie = b"\n" + COOKIE.encode() + b"=c\nhttps://a.example.com\na.example.com"
    return Parser(
        "authentication", by_token, read, change=one_of(by_token, by_key, by_cookie, then=separated(b"\n", b" "))
    )


def parsers() -> list[Parser]:
    """Return them all."""
    return [*_tokens(), _issuer_s(), _issuers_keys(), _door()]
