"""Internal tokens: the gateway signs who is asking for a minute, every service verifies it.

A service that follows another signs for itself, with a key of its own that is good for nothing else.

JWTs with Ed25519 (RFC 8037, RFC 9864). Keys are named by `kid`; `rotate` adds a new one and keeps the one
before, so that tokens on their way stay good.
"""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeyParameters, OKPKey

from showfloor.access.actor import Actor, follower
from showfloor.access.remembered import ACTOR_BYTES, Remembered
from showfloor.kernel.refusal import Refusal, RefusalKind

ALGORITHM = "Ed25519"
ISSUER = "showfloor-internal"
AUDIENCE = "showfloor-services"
LIFETIME_S = 60
LEEWAY_S = 5  # how far two clocks may differ
MAX_TOKEN_CHARS = 2_048
KEYS_KEPT = 2
_RELOAD_S = 1.0  # an unknown key id reads the JWKS again, at most this often
_REFRESH_S = 60.0  # and a known one after this time: whose key was taken away must not stay trusted
_MAX_KEY_FILE = 64 * 1024  # bytes of the public keys of one service
_REMEMBERED_BYTES = 16 * 1024 * 1024  # of verified tokens: those of some 7,000 callers

_SPEAKS_AS = "showfloor_service"  # of a key: the service that it belongs to, which the name of its file says

NONSENSE = (JoseError, ValueError, TypeError, RecursionError)
"""What reading a token raises that is not one: joserfc expects members of some types, and msgspec's are ValueErrors."""

Keys = dict[str, Any]
"""A JSON Web Key Set (RFC 7517)."""


class _Claims(msgspec.Struct, kw_only=True):
    iss: str
    aud: str
    exp: int
    iat: int
    act: Actor


class _Verified(NamedTuple):
    iat: int
    exp: int
    actor: Actor
    weight: int  # bytes


class Signer:
    """Signs actors with the newest key of a private key file; makes the file (mode 0600) when absent."""

    def __init__(self, key_file: Path, clock: Callable[[], float] = time.time, service: str = "") -> None:
        """`service` signs for itself; without one the key is everybody's."""
        self._file, self._clock, self._service = key_file, clock, service
        if not key_file.exists():
            _write_private(key_file, [_new_key()])
        keys = msgspec.json.decode(key_file.read_bytes())["keys"]
        self._keys = [OKPKey.import_key(key) for key in keys]

    def sign(self, actor: Actor) -> str:
        """Return a token that says, for LIFETIME_S, who is asking. A name of more than any id has raises ValueError."""
        now = int(self._clock())
        issuer = issuer_of(self._service) if self._service else ISSUER
        claims = _Claims(iss=issuer, aud=AUDIENCE, iat=now, exp=now + LIFETIME_S, act=actor)
        header = {"alg": ALGORITHM, "kid": _name_of(str(self._keys[0].kid), self._service)}
        token = jwt.encode(header, msgspec.to_builtins(claims), self._keys[0], algorithms=[ALGORITHM])
        if len(token) > MAX_TOKEN_CHARS:
            raise ValueError("the caller's ids are longer than any that Showfloor makes")
        return token

    def jwks(self) -> Keys:
        """Return the public keys, newest first, to publish for verifiers."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def rotate(self) -> None:
        """Sign with a new key from now on. Publish `jwks` again; verifiers notice by themselves."""
        self._keys = [_new_key(), *self._keys][:KEYS_KEPT]
        _write_private(self._file, self._keys)


class Verifier:
    """Tells who is asking. `keys` returns the newest public key set, such as `keys_in(path)`."""

    def __init__(
        self,
        keys: Callable[[], Keys],
        clock: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,  # a clock set back must not keep new keys from being read
    ) -> None:
        self._read, self._clock, self._elapsed = keys, clock, elapsed
        self._set: dict[str, OKPKey] = {}
        self._speaks_as: dict[str, str] = {}  # name of a service's key -> the service
        self._loaded_at = float("-inf")
        self._known: Remembered[str, _Verified] = Remembered(
            _REMEMBERED_BYTES, LIFETIME_S + LEEWAY_S, lambda known: known.weight, elapsed
        )

    def verify(self, token: str) -> Actor:
        """Return the actor of a good token. Raises Refusal UNAUTHENTICATED for any other."""
        known = self._known.get(token) or self._checked(token)
        now = self._clock()
        if not known.iat - LEEWAY_S <= now < known.exp + LEEWAY_S:
            self._known.drop(token)
            raise _refused("The token has expired, or is not good yet: sign in again.")
        return known.actor

    def _checked(self, token: str) -> _Verified:
        if not token:
            raise _refused("A token is needed.")
        if len(token) > MAX_TOKEN_CHARS:
            raise _refused("The token is too long.")
        try:
            decoded = jwt.decode(token, lambda given: self._key(given.headers().get("kid")), algorithms=[ALGORITHM])
            claims = msgspec.convert(decoded.claims, _Claims)
        except NONSENSE as error:
            raise _refused("The token is not good.") from error
        service = self._speaks_as.get(decoded.header["kid"], "")
        if claims.iss != (issuer_of(service) if service else ISSUER) or claims.aud != AUDIENCE:
            raise _refused("The token is meant for somebody else.")
        if service and claims.act != follower(service):
            raise _refused("A service speaks for itself alone.")
        verified = _Verified(claims.iat, claims.exp, claims.act, len(token) + ACTOR_BYTES)
        self._known.put(token, verified)
        return verified

    def _key(self, kid: Any) -> OKPKey:
        known = kid in self._set
        if self._elapsed() - self._loaded_at >= (_REFRESH_S if known else _RELOAD_S):
            try:
                self._reload()
            except Refusal:
                if not known:  # else what is known stays good until the keys can be read again
                    raise
        if kid not in self._set:
            raise ValueError("unknown key id")
        return self._set[kid]

    def _reload(self) -> None:
        try:
            read = self._read()["keys"]
            speaks_as = {_name_of(key["kid"], key[_SPEAKS_AS]): key[_SPEAKS_AS] for key in read if _SPEAKS_AS in key}
            keys = {_name_of(key["kid"], key.get(_SPEAKS_AS, "")): OKPKey.import_key(key) for key in read}
        except (OSError, KeyError, AttributeError, *NONSENSE) as error:
            message = "The keys that prove who is asking cannot be read yet: try again."
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", message) from error
        self._loaded_at = self._elapsed()
        self._set, self._speaks_as = keys, speaks_as
        self._known.clear()  # a key that was taken away must not live on in memory


def issuer_of(service: str) -> str:
    """Return who says in a token that it was a service that made it."""
    return f"showfloor-{service}"


def keys_in(path: Path, services: Path | None = None) -> Callable[[], Keys]:
    """Return a reader of a public key file, for `Verifier`; `services` as for `with_services`."""

    def read() -> Keys:
        trusted: Keys = msgspec.json.decode(path.read_bytes())
        return trusted

    return with_services(read, services)


def with_services(everybodys: Callable[[], Keys], services: Path | None) -> Callable[[], Keys]:
    """Return a reader of keys that are everybody's and of those of each service that signs for itself.

    `services`: a folder with a file NAME.json for each. What cannot be read there is left out: no service can take
    the others' keys away, nor their names.
    """

    def read() -> Keys:
        own = [
            {**key, _SPEAKS_AS: file.stem}
            for file in (sorted(services.glob("*.json")) if services else ())
            for key in keys_of_service(file)
        ]
        return {"keys": [*everybodys()["keys"], *own]}

    return read


def keys_of_service(file: Path) -> list[dict[str, Any]]:
    """Return the public keys of one service; none when they cannot be read. A pipe or an endless file delays nobody."""
    try:
        if not file.is_file():
            return []
        with file.open("rb") as opened:
            keys = msgspec.json.decode(opened.read(_MAX_KEY_FILE))["keys"]
        return [{**OKPKey.import_key(key).as_dict(private=False), "kid": str(key["kid"])} for key in keys]
    except (OSError, KeyError, AttributeError, *NONSENSE):
        return []


def publish_keys(signer: Signer, path: Path) -> None:
    """Write the public keys where verifiers read them. A reader never sees half a file."""
    _replace(path, signer.jwks(), 0o644)


def _name_of(kid: str, service: str) -> str:
    """Return how a token names a key: a service's by the service, too, so that no other can publish one of its name."""
    return f"{service}/{kid}" if service else kid


def _new_key() -> OKPKey:
    parameters: KeyParameters = {"kid": secrets.token_hex(8), "use": "sig", "alg": ALGORITHM}
    return OKPKey.generate_key("Ed25519", parameters=parameters, private=True)


def _write_private(path: Path, keys: list[OKPKey]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, {"keys": [key.as_dict(private=True) for key in keys]}, 0o600)


def _replace(path: Path, keys: Keys, mode: int) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)  # safe: what a killed run of this function left; it never was a key in use
    # Created with the mode, not changed to it later: nobody else may read a private key even for a moment. And created
    # anew: in a folder that others write into, a link of that name could lead anywhere.
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(msgspec.json.encode(keys))
        file.flush()
        os.fsync(file.fileno())  # the name must not be on the disk before the content
    fresh.replace(path)


def _refused(message: str) -> Refusal:
    return Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", message)
