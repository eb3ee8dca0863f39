"""What the lists have in common: filters, and the token of the next page."""

from typing import Any

from showfloor.rpc import checks


def known(field: str, value: int, enum: Any) -> int:
    """Return a filter's value: unspecified is none."""
    return checks.choice(field, value, enum) if value else 0


def filters_of(request: Any, *without: str) -> str:
    """Return a text that names the list: which one it is, and every field of the request that chooses rows."""
    chosen = ((field.name, value) for field, value in request.ListFields() if field.name not in without)
    return "&".join([request.DESCRIPTOR.full_name, *(f"{name}={value!s}" for name, value in chosen)])
