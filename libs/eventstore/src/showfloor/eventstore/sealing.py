"""Texts in tables beside the log: sealed before they are written, opened after they are read.

The keys lie in a file: all of this waits in threads, and never on the event loop.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from showfloor.eventstore.keyring import Keyring, KeyringAway, KeysDestroyed
from showfloor.kernel.personal import Whose
from showfloor.kernel.refusal import Refusal, RefusalKind

T = TypeVar("T")

TRIES: Final = 5  # to seal texts while others are being erased


class Sealing:
    """Seals and opens texts with the keyring of a service. All raise Refusal UNAVAILABLE (STORE_UNAVAILABLE)."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def seal(self, texts: Sequence[tuple[Whose, str]]) -> list[str]:
        """Return texts sealed; their keys are on the disk, so they may be written."""
        return await self._guarded(lambda: self._sealed(lambda: [self._keyring.seal(*one) for one in texts]))

    async def seal_bytes(self, whose: Whose, values: Sequence[bytes]) -> list[bytes]:
        """Return values of one owner sealed, as `seal` does."""
        return await self._guarded(
            lambda: self._sealed(lambda: [self._keyring.seal_bytes(whose, one) for one in values])
        )

    async def open_bytes(self, sealed: Sequence[bytes]) -> list[bytes | None]:
        """Return values; None for one whose key is destroyed."""
        return await self._guarded(lambda: self._keyring.open_bytes(sealed)) if sealed else []

    async def open(self, sealed: Sequence[str]) -> list[str]:
        """Return texts; ERASED for one whose key is destroyed."""
        return await self._guarded(lambda: self._keyring.open(sealed)) if sealed else []

    async def destroy(self, *, scope: str | None = None, subjects: Iterable[str] | None = None) -> int:
        """Destroy keys as `Keyring.destroy` does; return how many."""
        return await self._guarded(lambda: self._keyring.destroy(scope=scope, subjects=subjects))

    def digest(self, kind: str, said: str | bytes) -> bytes:
        """Return by what a text of this kind is recognised. Without the keyring nobody can find it out by trying."""
        told = said.encode(errors="replace") if isinstance(said, str) else said
        return hashlib.blake2b(told, key=self._keyring.secret, person=kind.encode(), digest_size=32).digest()

    def _sealed(self, seal: Callable[[], T]) -> T:
        for _ in range(TRIES):
            sealed = seal()
            try:
                self._keyring.keep()
            except KeysDestroyed:  # perhaps some of these: new ones are made
                continue
            return sealed
        raise KeyringAway("keys are being destroyed all the time")

    async def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except KeyringAway as away:
            message = "the keys of what people wrote cannot be reached; try again later"
            raise Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", message) from away
