"""From counted numbers to every metric: pure, the same for board, list, trend, report and comparison."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from showfloor.metrics.model import NO_DENOMINATOR, NOT_KNOWN, NOT_YET, Missing, Value
from showfloor.metrics.registry import metric

Counted = Mapping[str, Value]
"""Values of metrics by name. An imported total may stand in for a derived metric; it then wins."""


def ratio(numerator: Value, denominator: Value, scale: int = 1) -> Value:
    """Return scale x numerator / denominator, or why it cannot be: an operand is missing, or it divides by 0."""
    if numerator.value is None:
        return Value(None, numerator.missing)
    if denominator.value is None:
        return Value(None, denominator.missing)
    if denominator.value == 0:
        return NO_DENOMINATOR
    return Value(scale * numerator.value / denominator.value)


def difference(left: Value, right: Value) -> Value:
    """Return left - right, or why it cannot be."""
    if left.value is None:
        return Value(None, left.missing)
    if right.value is None:
        return Value(None, right.missing)
    return Value(left.value - right.value)


def compute(name: str, counted: Counted, absent: Missing = "not_yet") -> Value:
    """Return the value of a metric from counted ones. Raises KeyError for a name outside the registry.

    `absent` says why a number that `counted` does not hold is missing: "not_yet" while more may come,
    "not_known" when nothing more will.
    """
    row = metric(name)
    given = counted.get(name)
    if given is not None:
        return given
    if not row.derived:
        return NOT_YET if absent == "not_yet" else NOT_KNOWN
    left, right = (compute(part, counted, absent) for part in (row.numerator, row.denominator))
    return ratio(left, right, row.scale) if row.kind == "ratio" else difference(left, right)


def compute_all(names: Iterable[str], counted: Counted, absent: Missing = "not_yet") -> dict[str, Value]:
    """Return the values of several metrics, in the order asked for."""
    return {name: compute(name, counted, absent) for name in names}


def written(name: str, value: Value) -> Value:
    """Return a value as it is told to anybody: money is whole minor units, halves to the even one."""
    if value.value is None or metric(name).unit != "money":
        return value
    return Value(round(value.value))


def mean(values: Iterable[Value]) -> Value:
    """Return the mean of the values that are known; "not_known" when none is."""
    known = [value.value for value in values if value.value is not None]
    return Value(fmean(known)) if known else NOT_KNOWN


def percentile(values: Sequence[float], share: float) -> float:
    """Return the percentile at `share` (0 to 1) of at least one value.

    The definition, here and everywhere: linear interpolation between the closest ranks, inclusive. The
    smallest value is the percentile 0, the largest the percentile 1, rank = share x (n - 1).
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    if not 0 <= share <= 1:
        raise ValueError("share must lie between 0 and 1")
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    low = int(rank)
    if low + 1 >= len(ordered):
        return ordered[low]
    return ordered[low] + (ordered[low + 1] - ordered[low]) * (rank - low)


def median(values: Sequence[float]) -> float:
    """Return the percentile at one half."""
    return percentile(values, 0.5)
