"""The published keys of an OIDC issuer: one request fetches them for all callers who wait, within bounds of time, size
and number.

A provider that is slow, away or sends nonsense delays only callers who need new keys, by a few seconds. Known keys stay
good without it for a day.
"""

import asyncio
import time
import warnings
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from showfloor.access.tokens import NONSENSE
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.logging import get_logger

FRESH_S = 600.0  # a key that the issuer took back is good for no longer than this
WITHOUT_IT_S = 24 * 3600.0  # unless the issuer cannot be asked
ASK_EVERY_S = 5.0  # an unknown key asks at most this often
RETRY_S = 1.0
DEADLINE_S = 3.0  # for both documents together, however slowly they come
MAX_BYTES = 256 * 1024
MAX_KEYS = 64
RSA_BITS = range(2048, 8192 + 1)

_KINDS: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}  # none that is secret
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError, TimeoutError)
_log = get_logger("oidc")


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _Published(msgspec.Struct):
    keys: list[dict[str, Any]]


DocumentT = TypeVar("DocumentT", _Discovery, _Published)


class IssuerKeys:
    """The keys of one issuer. `url` may be empty: then the issuer's discovery document names it."""

    def __init__(self, issuer: str, url: str = "", client: httpx.AsyncClient | None = None) -> None:
        self._issuer, self._url = checked_address(issuer), checked_address(url) if url else ""
        self._client = client or httpx.AsyncClient(timeout=DEADLINE_S)  # follows no redirect
        self._keys: KeySet | None = None
        self._asked_at = self._got_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def known(self) -> KeySet:
        """Return the keys, at most ten minutes old while the issuer answers. Raises Refusal PROVIDER_UNAVAILABLE."""
        if self._keys is None or time.monotonic() - self._asked_at >= FRESH_S:
            await self._ask(RETRY_S if self._keys is None else 0.0)
        if self._keys is None or time.monotonic() - self._got_at >= WITHOUT_IT_S:
            raise _unavailable()
        return self._keys

    async def newer(self) -> KeySet:
        """Return the keys as published now, or seconds ago when another caller has just fetched them."""
        await self._ask(ASK_EVERY_S)
        return await self.known()

    async def close(self) -> None:
        """Close the connections."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._client.aclose()

    async def _ask(self, pause: float) -> None:
        """Fetch the keys, or wait for the request under way; do nothing when the last one is less than `pause` ago."""
        if self._asking is None:
            if time.monotonic() - self._asked_at < pause:
                return
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._fetch(), name="oidc keys")
        await asyncio.shield(self._asking)  # a caller who leaves does not cancel it for the others

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                url = self._url or await self._discovered()
                self._keys = _usable(await self._get(url, _Published))
            self._got_at = time.monotonic()
        except _FAILURES as error:
            _log.warning("the sign-in provider's keys cannot be had", error=type(error).__name__, why=str(error)[:200])
        finally:
            self._asking = None

    async def _discovered(self) -> str:
        found = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", _Discovery)
        if found.issuer != self._issuer:
            raise ValueError("the discovery document is another issuer's")
        return checked_address(found.jwks_uri)

    async def _get(self, url: str, kind: type[DocumentT]) -> DocumentT:
        body = bytearray()
        async with self._client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
            answer.raise_for_status()
            async for piece in answer.aiter_raw():  # as sent: nothing small unfolds into something large
                body += piece
                if len(body) > MAX_BYTES:
                    raise ValueError("the document is too large")
        return msgspec.json.decode(bytes(body), type=kind)


def checked_address(url: str) -> str:
    """Return an address that keys may come from. Raises ValueError unless it is https, or on this machine."""
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and _here(parts.hostname))):
        raise ValueError("must be an https address; http is for this machine alone")
    return url


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _usable(published: _Published) -> KeySet:
    """Return the keys that can sign. Unknown kinds are passed over, as RFC 7517 asks."""
    if len(published.keys) > MAX_KEYS:
        raise ValueError("too many keys")
    keys: list[Key] = []
    for data in published.keys:
        kind = _KINDS.get(str(data.get("kty")))
        if kind is None or data.get("use", "sig") != "sig":
            continue
        try:
            with warnings.catch_warnings():  # of a short RSA key; it is left out below
                warnings.simplefilter("ignore", SecurityWarning)
                key = kind.import_key(data)
            if isinstance(key, RSAKey) and key.public_key.key_size not in RSA_BITS:
                continue
            key.ensure_kid()
        except (KeyError, *NONSENSE):  # KeyError: a curve that is not known
            continue
        keys.append(key)
    if not keys:
        raise ValueError("no usable key")
    return KeySet(keys)


def _unavailable() -> Refusal:
    text = "The sign-in provider cannot be asked for its keys now: try again, or sign in with a password or a link."
    return Refusal(RefusalKind.UNAVAILABLE, "PROVIDER_UNAVAILABLE", text)
