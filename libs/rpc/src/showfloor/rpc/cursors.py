"""Page tokens: opaque to the caller, typed to us.

A token holds the sort key of the last row answered, as a msgspec Struct, with a version, a checksum and the
filters it belongs to. It needs no secret: whatever a token says, SQL still scopes rows to the caller, so the
checksum guards against damage and against a token used with other filters, not against a forger.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import TypeVar

import msgspec
from google.protobuf.message import Message

from showfloor.kernel.refusal import invalid

VERSION = b"\x01"
MAX_TOKEN = 1_000  # characters
_SUM_BYTES = 8

C = TypeVar("C", bound=msgspec.Struct)


def filters_of(request: Message, *without: str) -> str:
    """Return a text that names the list: which one it is, and every field of the request that chooses rows."""
    chosen = ((field.name, value) for field, value in request.ListFields() if field.name not in without)
    return "&".join([request.DESCRIPTOR.full_name, *(f"{name}={value!s}" for name, value in chosen)])


def encode(cursor: msgspec.Struct, filters: str = "") -> str:
    """Return the page token of a cursor. `filters` is any text that names the list, such as "shop:7?q=mug"."""
    body = VERSION + msgspec.msgpack.encode(cursor)
    return urlsafe_b64encode(_sum(type(cursor), filters, body) + body).decode().rstrip("=")


def decode(token: str, kind: type[C], filters: str = "", field: str = "page_token") -> C | None:
    """Return the cursor of a token, None for "" (the first page). Raises Refusal INVALID for any other text."""
    if not token:
        return None
    problem = invalid(field, "must be a next_page_token of the same list with the same filters")
    if len(token) > MAX_TOKEN:
        raise problem
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if urlsafe_b64encode(data).decode().rstrip("=") != token:  # b64decode skips what it does not know
            raise problem
        body = data[_SUM_BYTES:]
        if data[:_SUM_BYTES] != _sum(kind, filters, body) or body[:1] != VERSION:
            raise problem
        return msgspec.msgpack.decode(body[1:], type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise problem from error


def _sum(kind: type, filters: str, body: bytes) -> bytes:
    named = f"{kind.__name__}\x1f{filters}\x1f".encode("utf-8", "replace")
    return blake2b(named + body, digest_size=_SUM_BYTES).digest()
