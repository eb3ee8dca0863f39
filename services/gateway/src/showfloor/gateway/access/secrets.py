"""Secrets that the gateway hands out: only their hashes are stored. Passwords are hashed by argon2id."""

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from showfloor.kernel.refusal import invalid

PASSWORD_MIN, PASSWORD_MAX = 12, 200  # characters
TOGETHER = 2  # each check takes 64 MiB: a flood of sign-ins must not take all memory

_hasher = PasswordHasher()  # the library's defaults are those of RFC 9106 for a server with little memory
_NOBODY = _hasher.hash(secrets.token_hex(16))


def new_secret() -> str:
    """Return 256 random bits as text for URLs and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return what is stored of a secret. It has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


class Passwords:
    """Hashes and compares in threads, so that the event loop goes on."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(TOGETHER)

    async def hash(self, password: str) -> str:
        """Return the argon2id hash to store. Raises Refusal INVALID for one that is too short or too long."""
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise invalid("password", f"must have {PASSWORD_MIN} to {PASSWORD_MAX} characters")
        async with self._free:
            return await asyncio.to_thread(_hasher.hash, password)

    async def check(self, stored: str | None, password: str) -> bool:
        """Compare a password with a hash. It takes as long when there is no such user."""
        async with self._free:
            return await asyncio.to_thread(_verify, stored, password[: PASSWORD_MAX + 1])


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
