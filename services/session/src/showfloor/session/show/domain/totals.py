"""The totals of an imported session: what its source tells of it, and how two tellings differ."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """All that an import tells of a past session. None means not known, never zero."""

    title: str
    started_at: datetime
    ended_at: datetime
    views: int | None = None
    peak_viewers: int | None = None
    average_viewers: int | None = None
    average_stay_s: int | None = None
    likes: int | None = None
    gifts: int | None = None
    new_followers: int | None = None
    products: int | None = None
    units_sold: int | None = None
    gmv_minor: int | None = None


NAMES = Totals.__struct_fields__


def totals_of(told: Any) -> Totals:
    """Return the totals out of anything that has fields of their names."""
    return Totals(**{name: getattr(told, name) for name in NAMES})


def differences(before: Totals, after: Totals) -> Iterator[tuple[str, Any, Any]]:
    """Yield each name whose value differs, with both values."""
    for name in NAMES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name, old, new
