"""When do counted numbers say enough for a verdict? Pure; every piece of advice goes through here.

A verdict needs an interval that excludes "no difference". Too little data, or a difference that chance makes as well,
is silence. Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
(1927), for one share; R. G. Newcombe, "Interval estimation for the difference between independent proportions",
Statistics in Medicine 17 (1998), method 10, for the difference of two; J. Przyborowski and H. Wilenski, Biometrika 31
(1940), for two counts: of all that came in two equally long times, the share that came in the second.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from math import sqrt
from typing import Final
from uuid import UUID

import msgspec

Z: Final = 2.576  # two-sided 99 %: a page shows some dozens of verdicts, and one in a hundred may be chance
LARGE_SHARE: Final = 0.2  # of a session's GMV: such a product earns too much to be called weak


class Interval(msgspec.Struct, frozen=True):
    """Where a number lies with 99 % confidence, ends included."""

    low: float
    high: float

    def above(self, value: float) -> bool:
        """Tell whether all of it lies above a value."""
        return self.low > value

    def below(self, value: float) -> bool:
        """Tell whether all of it lies below a value."""
        return self.high < value


NOTHING_KNOWN: Final = Interval(0.0, 1.0)


def share(hits: float, trials: float) -> Interval:
    """Return Wilson's interval of a share; of no trials anything is possible."""
    if trials <= 0:
        return NOTHING_KNOWN
    hits = min(hits, trials)
    rate, square = hits / trials, Z * Z
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = Z * sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(hits: float, trials: float, other_hits: float, other_trials: float) -> Interval:
    """Return Newcombe's interval of the first share minus the other; anything when either has no trials."""
    if trials <= 0 or other_trials <= 0:
        return Interval(-1.0, 1.0)
    one, other = min(hits, trials) / trials, min(other_hits, other_trials) / other_trials
    mine, theirs = share(hits, trials), share(other_hits, other_trials)
    low = one - other - sqrt((one - mine.low) ** 2 + (theirs.high - other) ** 2)
    high = one - other + sqrt((mine.high - one) ** 2 + (other - theirs.low) ** 2)
    return Interval(low, high)


def change(before: float, after: float) -> Interval:
    """Return the interval of the share of what came after, of all that came in two equally long times.

    One half is "no change"; a rise by a factor r is r / (1 + r).
    """
    return share(after, before + after)


class Quadrant(Enum):
    """How a product reads on CTR and CTOR against the other products of its session."""

    UNKNOWN = 0
    STAR = 1
    EXPLAIN = 2
    SHOW = 3
    REPLACE = 4


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a product in a session. `gmv` in minor units."""

    impressions: float
    clicks: float
    orders: float
    gmv: float


def verdicts(products: Mapping[UUID, Counts]) -> dict[UUID, Quadrant]:
    """Return the one verdict of each product, UNKNOWN where the numbers do not say enough.

    A product is compared with all others of its session together. One that carries a large share of the GMV is never
    called weak: fewer clicks per view, or fewer orders per click, of the product that earns most is what its place in
    the show makes, not a fault.
    """
    total = Counts(
        impressions=sum(one.impressions for one in products.values()),
        clicks=sum(one.clicks for one in products.values()),
        orders=sum(one.orders for one in products.values()),
        gmv=sum(one.gmv for one in products.values()),
    )
    return {product: _verdict(mine, total) for product, mine in products.items()}


def _verdict(mine: Counts, total: Counts) -> Quadrant:
    clicks = difference(mine.clicks, mine.impressions, total.clicks - mine.clicks, total.impressions - mine.impressions)
    orders = difference(mine.orders, mine.clicks, total.orders - mine.orders, total.clicks - mine.clicks)
    if _unsure(clicks) or _unsure(orders):
        return Quadrant.UNKNOWN
    if clicks.above(0):
        return Quadrant.STAR if orders.above(0) else _unless_large(Quadrant.EXPLAIN, mine, total)
    return Quadrant.SHOW if orders.above(0) else _unless_large(Quadrant.REPLACE, mine, total)


def _unsure(apart: Interval) -> bool:
    return not apart.above(0) and not apart.below(0)


def _unless_large(verdict: Quadrant, mine: Counts, total: Counts) -> Quadrant:
    return Quadrant.UNKNOWN if earns_much(mine.gmv, total.gmv) else verdict


def earns_much(gmv: float, total: float) -> bool:
    """Tell whether a product carries a large share of its session's GMV."""
    return total > 0 and gmv >= LARGE_SHARE * total


def may_be_blamed(product: UUID | None, verdict: Mapping[UUID, Quadrant], large: Collection[UUID]) -> bool:
    """Tell whether a suggestion may speak against a product: not when its verdict speaks for it, or it earns much."""
    if product is None:
        return True
    return product not in large and verdict.get(product) not in (Quadrant.STAR, Quadrant.SHOW)
