"""A week as 168 hours, and the shrunken, smoothed mean of a figure in each of them.

The estimate for an hour of the week is

    sum(w_i * (y_i - m)) / (sum(w_i) + k),    w_i = day_i * exp(-d_i^2 / (2 s^2))

over the LIVEs i: y_i is the logarithm of 1 + figure / the account's mean figure, since figures have a long tail and
units must not matter; m the mean of all y; d_i the distance of the hours of the day in hours, around midnight too, and
LIVEs more than 3 hours away do not count; s the width; day_i is 1 on the same weekday and less on another one. It is a
kernel mean (Nadaraya 1964, Watson 1964) that is pulled towards the account's mean as if k LIVEs had been just average
(shrinkage: Efron and Morris 1975).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import exp, log1p, sqrt
from typing import Final

import msgspec

HOURS: Final = 168
FAR: Final = 3  # hours: what lies further away says nothing


class Smoothing(msgspec.Struct, frozen=True, kw_only=True):
    """How much neighbours and the account's mean count."""

    width: float = 1.5  # s, in hours
    other_days: float = 0.25  # day_i on another weekday
    prior: float = 4.0  # k, in LIVEs


class Point(msgspec.Struct, frozen=True):
    """A figure of one LIVE: its hour of the week, the figure as `logged`, and the week in which it was."""

    slot: int
    value: float
    week: Hashable


def slot_of(weekday: int, hour: int) -> int:
    """Return the hour of the week, 0 to 167; `weekday` 0 is Monday."""
    return weekday * 24 + hour


def near(slot: int, other: int, hours: int = 1) -> bool:
    """Tell whether two hours of the week are at most so many hours apart, around the end of the week too."""
    return min((slot - other) % HOURS, (other - slot) % HOURS) <= hours


def logged(figure: float, mean: float) -> float:
    """Return a figure on the scale on which it is compared; `mean` is that of the account."""
    return log1p(figure / mean) if figure > 0 and mean > 0 else 0.0


def estimates(points: Sequence[Point], smoothing: Smoothing) -> dict[int, float]:
    """Return the estimate of each hour of the week in standard deviations of the figure; none where all are alike."""
    mean = _mean(points)
    spread = sqrt(sum((one.value - mean) ** 2 for one in points) / len(points)) if points else 0.0
    if not spread:
        return {}
    sums = _summed(points)
    return {slot: _estimate(_smoothed(slot, sums, smoothing), mean, smoothing) / spread for slot in range(HOURS)}


def explained(points: Sequence[Point], smoothing: Smoothing) -> float | None:
    """Return the share of the ups and downs that the hour explains in weeks that were not looked at.

    Each LIVE is foretold from the LIVEs of all other weeks, by the estimate and by the mean alone; the share is by how
    much the squared error of the first is smaller (cross-validation: Stone 1974). It is negative where the hours of the
    past mislead, and None where there is nothing to explain.
    """
    weeks: defaultdict[Hashable, list[Point]] = defaultdict(list)
    for one in points:
        weeks[one.week].append(one)
    everything, total, count = _summed(points), sum(one.value for one in points), len(points)
    known = {one.slot: _smoothed(one.slot, everything, smoothing) for one in points}
    by_mean = by_hour = 0.0
    for week in weeks.values():
        if len(week) == count:
            return None
        mean = (total - sum(one.value for one in week)) / (count - len(week))
        own = _summed(week)
        for one in week:
            weight, value = known[one.slot]
            own_weight, own_value = _smoothed(one.slot, own, smoothing)
            shift = _estimate((weight - own_weight, value - own_value), mean, smoothing)
            by_mean += (one.value - mean) ** 2
            by_hour += (one.value - mean - shift) ** 2
    return 1 - by_hour / by_mean if by_mean else None


def _mean(points: Sequence[Point]) -> float:
    return sum(one.value for one in points) / len(points) if points else 0.0


def _summed(points: Iterable[Point]) -> Mapping[int, tuple[int, float]]:
    """Return how many points each hour has, and their sum."""
    sums: dict[int, tuple[int, float]] = {}
    for one in points:
        count, total = sums.get(one.slot, (0, 0.0))
        sums[one.slot] = count + 1, total + one.value
    return sums


def _smoothed(slot: int, sums: Mapping[int, tuple[int, float]], smoothing: Smoothing) -> tuple[float, float]:
    """Return the sum of the weights around an hour, and that of the weighted values."""
    weight = value = 0.0
    day, hour = divmod(slot, 24)
    for other, (count, total) in sums.items():
        other_day, other_hour = divmod(other, 24)
        apart = min((hour - other_hour) % 24, (other_hour - hour) % 24)
        if apart > FAR:
            continue
        share = (1.0 if day == other_day else smoothing.other_days) * exp(-(apart**2) / (2 * smoothing.width**2))
        weight += share * count
        value += share * total
    return weight, value


def _estimate(smoothed: tuple[float, float], mean: float, smoothing: Smoothing) -> float:
    weight, value = smoothed
    return (value - weight * mean) / (weight + smoothing.prior)
