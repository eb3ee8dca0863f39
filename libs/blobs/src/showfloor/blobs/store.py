"""Where blobs lie: a folder of ours, or an object store that speaks S3. The only module that knows obstore.

A blob is written once, whole: a reader finds all of it or nothing, and a name never gets other bytes.
"""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from showfloor.kernel.refusal import Refusal, RefusalKind

PATIENCE_S: Final = 10.0
SCHEMES: Final = ("s3://",)


class Blobs:
    """Puts and gets blobs by name. Raises Refusal UNAVAILABLE while the store is away."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder` is where the blobs of a local store lie."""
        self._store, self._folder = store, folder

    async def put(self, name: str, data: bytes) -> None:
        """Keep a blob; it is durable on return. One of this name that is there stays: the name tells what is in it."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                with suppress(AlreadyExistsError):  # perhaps of a put that ended before it was on the disk
                    await self._store.put_async(name, data, mode="create")
                if self._folder is not None:
                    await asyncio.to_thread(_flush, self._folder, self._folder / name)
        except (BaseError, OSError, TimeoutError) as error:
            raise _away() from error

    async def has(self, name: str) -> bool:
        """Return whether there is a blob of this name."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._store.head_async(name)
        except (NotFoundError, FileNotFoundError):
            return False
        except (BaseError, TimeoutError) as error:
            raise _away() from error
        return True

    async def get(self, name: str) -> bytes | None:
        """Return a blob; None when there is none."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._store.get_async(name)
                return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, TimeoutError) as error:
            raise _away() from error


def open_blobs(address: str, folder: Path) -> Blobs:
    """Open the store at an address such as `s3://bucket/prefix`, or the folder without one.

    Credentials, region and endpoint of an object store are its own variables, such as AWS_ACCESS_KEY_ID.
    Raises ValueError for an address of another kind.
    """
    if not address:
        return Blobs(LocalStore(folder, mkdir=True), folder)
    if not address.startswith(SCHEMES):
        raise ValueError(f"must be empty or begin with {' or '.join(SCHEMES)}")
    return Blobs(from_url(address))


def _flush(folder: Path, file: Path) -> None:
    """Have a file and the names that lead to it on the disk: obstore leaves that to the system."""
    for path in (file, *(one for one in file.parents if one.is_relative_to(folder))):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _away() -> Refusal:
    return Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "The store of pictures cannot be reached now: try again.")
