"""What does the way the numbers moved suggest to the host?

Pure: minutes, markers and limits in, suggestions out. What a product's CTR and CTOR by themselves call for is told
by `product_analytics`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from showfloor.metrics import NOT_KNOWN, Value, compute
from showfloor.session.domain.policy import SuggestionPolicy
from showfloor.session.views.facts import minute_of, minute_start

MAX_SUGGESTIONS: Final = 50
COUNTED: Final = ("gmv", "views", "product_impressions", "product_clicks", "sku_orders")
"""What the rules need by the minute: numbers that can be added up."""


class Minutes(msgspec.Struct, frozen=True):
    """Counted metrics (`COUNTED`) of whole minutes on air, from Unix minute `first` on."""

    first: int
    counted: Mapping[str, Sequence[Value]]

    @property
    def stop(self) -> int:
        """The Unix minute after the last."""
        return self.first + len(self.counted["gmv"])

    def value(self, name: str, start: int, stop: int) -> Value:
        """Return a metric over [start, stop); none unless each of these minutes is known."""
        if start < self.first or stop > self.stop:
            return NOT_KNOWN
        return compute(name, {one: self._sum(one, start, stop) for one in COUNTED})

    def _sum(self, name: str, start: int, stop: int) -> Value:
        values = [one.value for one in self.counted[name][start - self.first : stop - self.first]]
        known = [value for value in values if value is not None]
        return Value(sum(known)) if len(known) == len(values) else NOT_KNOWN


class Marker(msgspec.Struct, frozen=True):
    """A key event of the show: a product was featured (pinned) or given away."""

    kind: Literal["pin", "giveaway"]
    product_id: UUID | None
    started_at: datetime
    ended_at: datetime | None = None  # None: still going on


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Advice and what it rests on. `change`: how the first metric moved, as a share of what it was."""

    rule: str
    title: str
    advice: str
    metrics: tuple[str, ...]
    product_id: UUID | None
    start: datetime
    until: datetime
    change: float | None


_FELL: Final = {
    "gmv": (
        "GMV falls while viewers keep coming",
        "Describe the product in more detail and demonstrate it; if that does not help, it does not suit these"
        " viewers: feature another.",
    ),
    "ctr": (
        "Fewer viewers click while they keep coming",
        "Show the product better and say what it is good for; if that does not help, feature another that suits"
        " these viewers.",
    ),
    "ctor": (
        "Fewer clicks become orders while viewers keep coming",
        "Answer what holds buyers back, in more detail and with a demonstration; if that does not help, feature"
        " another product.",
    ),
}
_MARKED: Final = {
    "pin": ("feature_fell", "GMV fell after this product was featured", "Spotlight other products."),
    "giveaway": ("giveaway_flat", "The giveaway brought no more GMV", "Promote different products."),
}


def suggest(minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy) -> list[Suggestion]:
    """Return what the last minutes call for, then what came of features and giveaways, the newest first."""
    found = [*_of_last_minutes(minutes, markers, policy), *_of_markers(minutes, markers, policy)]
    return found[:MAX_SUGGESTIONS]


def _of_last_minutes(minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy) -> Iterator[Suggestion]:
    """A metric falls though traffic does not: what is shown fails, not how many see it."""
    stop, start = minutes.stop, minutes.stop - policy.window
    views = _change(minutes, "views", start, stop)
    if views is None or views < -policy.steady:
        return
    for name, (title, advice) in _FELL.items():
        change = _change(minutes, name, start, stop)
        if change is not None and change <= -policy.fall:
            yield Suggestion(
                rule=f"{name}_fell",
                title=title,
                advice=advice,
                metrics=(name, "views"),
                product_id=_featured(markers, minute_start(start), minute_start(stop)),
                start=minute_start(start),
                until=minute_start(stop),
                change=change,
            )


def _of_markers(minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy) -> Iterator[Suggestion]:
    """Judge the newest marker of each kind and product: what came of an earlier one may have been mended since."""
    judged: set[tuple[str, UUID | None]] = set()
    for marker, start, stop in _judged_times(minutes, markers, policy):
        if (marker.kind, marker.product_id) in judged:
            continue
        before, after = _pair(minutes, "gmv", start, stop)
        if before is None or after is None:
            continue
        judged.add((marker.kind, marker.product_id))
        change = _change(minutes, "gmv", start, stop)
        bad = after <= before if marker.kind == "giveaway" else change is not None and change <= -policy.fall
        if bad:
            rule, title, advice = _MARKED[marker.kind]
            yield Suggestion(
                rule=rule,
                title=title,
                advice=advice,
                metrics=("gmv",),
                product_id=marker.product_id,
                start=minute_start(start),
                until=minute_start(stop),
                change=change,
            )


def _judged_times(
    minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy
) -> Iterable[tuple[Marker, int, int]]:
    """Return each marker with the minutes [start, stop) that speak of it, the newest first.

    They end where the next of its kind begins, so that none answers for another. Too few, or not over yet: left out.
    """
    following: dict[str, int] = {}
    for marker in sorted(markers, key=lambda one: one.started_at, reverse=True):
        start = minute_of(marker.started_at)
        stop = min(start + policy.window, following.get(marker.kind, start + policy.window))
        following[marker.kind] = start
        if stop - start >= policy.least and stop <= minutes.stop:
            yield marker, start, stop


def _pair(minutes: Minutes, name: str, start: int, stop: int) -> tuple[float | None, float | None]:
    """Return a metric over the time right before [start, stop), as long, and over it."""
    return minutes.value(name, 2 * start - stop, start).value, minutes.value(name, start, stop).value


def _change(minutes: Minutes, name: str, start: int, stop: int) -> float | None:
    """Return how a metric moved against the time before, as a share; None when either is missing or it was 0."""
    before, after = _pair(minutes, name, start, stop)
    if before is None or after is None or before == 0:
        return None
    return round((after - before) / before, 9)  # a fall by exactly the limit must not hide behind a rounding error


def _featured(markers: Sequence[Marker], start: datetime, until: datetime) -> UUID | None:
    """Return the product featured last in a time."""
    pins = [
        marker
        for marker in markers
        if marker.kind == "pin" and marker.started_at < until and (marker.ended_at is None or marker.ended_at > start)
    ]
    return max(pins, key=lambda marker: marker.started_at).product_id if pins else None
