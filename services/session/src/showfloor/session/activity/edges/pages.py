"""Pages of lists that go by position in the log."""

from collections.abc import Sequence
from typing import Any

import msgspec

from showfloor.rpc import cursors


class AfterPosition(msgspec.Struct, frozen=True):
    """The last row of a page."""

    position: int


def next_token(rows: Sequence[Any], size: int, filters: str) -> str:
    """Return the token of the next page; empty after the last."""
    return cursors.encode(AfterPosition(rows[size - 1].position), filters) if len(rows) > size else ""
