"""A past LIVE as a suggestion sees it: when it began, how long it took, and the three figures that R96 asks for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec


class PastLive(msgspec.Struct, frozen=True, kw_only=True):
    """None means not known, never zero. `gmv_minor` in minor units of the account's currency."""

    started_at: datetime
    ended_at: datetime
    gmv_minor: int | None = None
    impressions: int | None = None
    average_viewers: float | None = None

    @property
    def hours(self) -> float:
        """Return how long it was on air."""
        return (self.ended_at - self.started_at).total_seconds() / 3_600


def _per_hour(value: int | None, live: PastLive) -> float | None:
    return None if value is None else value / live.hours


# Rates, so that a long LIVE does not win by being long. The names are those of the registry of metrics.
FIGURES: Final[Mapping[str, Callable[[PastLive], float | None]]] = MappingProxyType({
    "gmv_per_hour": lambda live: _per_hour(live.gmv_minor, live),
    "impressions_per_hour": lambda live: _per_hour(live.impressions, live),
    "acu": lambda live: live.average_viewers,
})  # fmt: skip


def mean_of(figure: str, lives: Sequence[PastLive]) -> float | None:
    """Return the plain mean of a figure over the LIVEs of which it is known; None when it is of none."""
    known = [value for live in lives if (value := FIGURES[figure](live)) is not None]
    return sum(known) / len(known) if known else None
