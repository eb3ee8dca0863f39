"""Identities. New things get a UUIDv7 (RFC 9562); repeatable things get a name-based UUIDv5."""

from uuid import UUID, uuid5

import uuid_utils
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7: unique, and sortable by the millisecond it was made in."""
    return uuid7()


def new_name() -> str:
    """Return the text of a new UUIDv7, for what is never more than a name: a fifth of the cost of an id."""
    return str(uuid_utils.uuid7())


def derive_id(namespace: UUID, *parts: str) -> UUID:
    """Return the one id that `parts` name inside `namespace`.

    A command that creates something derives its id from the caller's request id, so that sending the
    command again names the same thing instead of making a second one. Parts are joined by a character
    that no request id may hold, so ("a", "bc") and ("ab", "c") never meet.
    """
    return uuid5(namespace, "\x1f".join(parts))
