"""What does the way the numbers moved suggest to the host?

Pure: minutes, markers, limits and the verdicts on products in, suggestions out. What a product's CTR and CTOR by
themselves call for is told by `product_analytics`; nothing here contradicts it. A move that chance makes as well is no
move: `domain/advice` decides.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from showfloor.metrics.compute import compute
from showfloor.metrics.model import NOT_KNOWN, Value
from showfloor.session.analytics.domain import advice
from showfloor.session.analytics.domain.advice import Quadrant
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.show.domain.policy import SuggestionPolicy

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


class Products(msgspec.Struct, frozen=True):
    """What is known of the session's products: their verdicts, and those that carry a large share of the GMV."""

    verdicts: Mapping[UUID, Quadrant] = {}
    large: Collection[UUID] = frozenset()


_FELL: Final = {
    "gmv": (
        "GMV falls while viewers keep coming",
        "Describe the product in more detail and demonstrate it",
        "; if that does not help, it does not suit these viewers: feature another",
    ),
    "ctr": (
        "Fewer viewers click while they keep coming",
        "Show the product better and say what it is good for",
        "; if that does not help, feature another that suits these viewers",
    ),
    "ctor": (
        "Fewer clicks become orders while viewers keep coming",
        "Answer what holds buyers back, in more detail and with a demonstration",
        "; if that does not help, feature another product",
    ),
}
_PARTS: Final = {"ctr": ("product_clicks", "product_impressions"), "ctor": ("sku_orders", "product_clicks")}
_MARKED: Final = {
    "pin": ("feature_fell", "GMV fell after this product was featured", "Spotlight other products."),
    "giveaway": ("giveaway_flat", "The giveaway brought no more GMV", "Promote different products."),
}


_NONE_KNOWN: Final = Products()


def suggest(
    minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy, products: Products = _NONE_KNOWN
) -> list[Suggestion]:
    """Return what the last minutes call for, then what came of features and giveaways, the newest first."""
    found = [
        *_of_last_minutes(minutes, markers, policy, products),
        *_of_markers(minutes, markers, policy, products),
    ]
    return found[:MAX_SUGGESTIONS]


def _of_last_minutes(
    minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy, products: Products
) -> Iterator[Suggestion]:
    """A metric falls though traffic does not: what is shown fails, not how many see it."""
    stop, start = minutes.stop, minutes.stop - policy.window
    views = _change(minutes, "views", start, stop)
    if views is None or views < -policy.steady:
        return
    featured = _featured(markers, minute_start(start), minute_start(stop))
    blame = advice.may_be_blamed(featured, products.verdicts, products.large)
    for name, (title, first, then) in _FELL.items():
        change = _change(minutes, name, start, stop)
        if change is not None and change <= -policy.fall and _surely_fell(minutes, name, start, stop):
            yield Suggestion(
                rule=f"{name}_fell",
                title=title,
                advice=f"{first}{then if blame else ''}.",
                metrics=(name, "views"),
                product_id=featured,
                start=minute_start(start),
                until=minute_start(stop),
                change=change,
            )


def _of_markers(
    minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy, products: Products
) -> Iterator[Suggestion]:
    """Judge the newest marker of each kind and product: what came of an earlier one may have been mended since."""
    judged: set[tuple[str, UUID | None]] = set()
    for marker, start, stop in _judged_times(minutes, markers, policy):
        if (marker.kind, marker.product_id) in judged:
            continue
        until = minute_of(marker.started_at)  # its own minute is neither before nor after
        before, after = _pair(minutes, "gmv", start, stop, until)
        if before is None or after is None:
            continue
        judged.add((marker.kind, marker.product_id))
        change = _change(minutes, "gmv", start, stop, until)
        if marker.kind == "giveaway":
            bad = after <= before and _surely_no_more(minutes, start, stop, until, policy.worthwhile)
        else:
            blame = advice.may_be_blamed(marker.product_id, products.verdicts, products.large)
            fell = change is not None and change <= -policy.fall
            bad = blame and fell and _surely_fell(minutes, "gmv", start, stop, until)
        if bad:
            rule, title, text = _MARKED[marker.kind]
            yield Suggestion(
                rule=rule,
                title=title,
                advice=text,
                metrics=("gmv",),
                product_id=marker.product_id,
                start=minute_start(start),
                until=minute_start(stop),
                change=change,
            )


def _judged_times(
    minutes: Minutes, markers: Sequence[Marker], policy: SuggestionPolicy
) -> Iterable[tuple[Marker, int, int]]:
    """Return each marker with the whole minutes [start, stop) after it, the newest first.

    They end where the next of its kind begins, so that none answers for another. Too few, or not over yet: left out.
    """
    following: dict[str, int] = {}
    for marker in sorted(markers, key=lambda one: one.started_at, reverse=True):
        start = minute_of(marker.started_at + timedelta(minutes=1) - timedelta(microseconds=1))
        stop = min(start + policy.window, following.get(marker.kind, start + policy.window))
        following[marker.kind] = minute_of(marker.started_at)
        if stop - start >= policy.least and stop <= minutes.stop:
            yield marker, start, stop


def _surely_fell(minutes: Minutes, name: str, start: int, stop: int, until: int | None = None) -> bool:
    """Tell whether chance alone does not explain a fall. GMV is judged by its orders: those can be counted."""
    if name not in _PARTS:
        before, after = _pair(minutes, "sku_orders", start, stop, until)
        return before is not None and after is not None and advice.change(before, after).below(0.5)
    pairs = [_pair(minutes, part, start, stop, until) for part in _PARTS[name]]
    (hits_before, hits), (trials_before, trials) = pairs
    if hits is None or trials is None or hits_before is None or trials_before is None:
        return False
    return advice.difference(hits, trials, hits_before, trials_before).below(0)


def _surely_no_more(minutes: Minutes, start: int, stop: int, until: int, worthwhile: float) -> bool:
    """Tell whether the orders rule out that it brought so much more as makes it worthwhile."""
    before, after = _pair(minutes, "sku_orders", start, stop, until)
    return before is not None and after is not None and advice.change(before, after).below(1 - 1 / (2 + worthwhile))


def _pair(
    minutes: Minutes, name: str, start: int, stop: int, until: int | None = None
) -> tuple[float | None, float | None]:
    """Return a metric over a time as long that ends at `until`, else right before [start, stop), and over it."""
    end = start if until is None else until
    return minutes.value(name, end - (stop - start), end).value, minutes.value(name, start, stop).value


def _change(minutes: Minutes, name: str, start: int, stop: int, until: int | None = None) -> float | None:
    """Return how a metric moved against the time before, as a share; None when either is missing or it was 0."""
    before, after = _pair(minutes, name, start, stop, until)
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
