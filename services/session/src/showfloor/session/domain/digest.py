"""A short name for a long text: two requests are told apart by it, and nobody has to keep what they said."""

import hashlib


def digest(text: str) -> str:
    """Return 16 characters that another text has not."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
