"""Adds up batches: whole columns in, sums per session, minute and channel out. Pure numpy, any order of batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from showfloor.metrics.vocabulary import CHANNELS, KINDS, TRAITS, Kind
from showfloor.session.signals.domain.columns import Columns
from showfloor.session.signals.domain.hll import Values
from showfloor.session.signals.domain.repeats import MinuteKey, Shown, minutes_of, shown
from showfloor.session.signals.domain.room import Visits
from showfloor.session.signals.domain.rows import Ints, Rows, grouped
from showfloor.session.signals.domain.sketch import Scope
from showfloor.session.signals.domain.visits import visits

SketchKey = tuple[UUID, Scope, str]

COUNTS = (
    Kind.IMPRESSION, Kind.ENTER, Kind.LEAVE, Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK, Kind.LIKE, Kind.SHARE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page of batches as one table, and what has to be looked up before it can be counted."""

    rows: Rows
    shown: Shown
    minutes: list[MinuteKey]  # of `shown`, in its order
    visits: dict[UUID, Visits]
    newest: dict[UUID, int]  # Unix milliseconds of the newest signal of each session
    recorded: frozenset[UUID]  # sessions whose times may come in any order


@dataclass(frozen=True, slots=True)
class Tally:
    """What a page of batches adds.

    `minutes` rows: (session, Unix minute, channel, one count per kind in COUNTS); `products` rows: (session, minute,
    product, channel, impressions, clicks); `viewers`: distinct values to join to each sketch.
    """

    minutes: list[tuple[Any, ...]] = field(default_factory=list)
    products: list[tuple[Any, ...]] = field(default_factory=list)
    viewers: dict[SketchKey, Values] = field(default_factory=dict)
    newest: dict[UUID, int] = field(default_factory=dict)
    signals: int = 0


def gather(batches: Sequence[Columns]) -> Gathered | None:
    """Return a page of distinct batches, in any order; None for an empty page. Raises Unsound."""
    if not batches:
        return None
    rows = Rows(batches)
    found = shown(rows)
    return Gathered(
        rows=rows,
        shown=found,
        minutes=minutes_of(rows, found),
        visits={rows.sessions[at]: mine for at, mine in visits(rows).items()},
        newest=rows.newest(),
        recorded=frozenset(batch.session_id for batch in batches if batch.recorded),
    )


def add_up(page: Gathered | None, counted: Shown | None = None) -> Tally:
    """Return what a page adds. Of its impressions and clicks of products only `counted` are new; None: all of them."""
    if page is None:
        return Tally()
    rows, new = page.rows, page.shown if counted is None else counted
    tally = Tally(signals=rows.rows, newest=page.newest)
    tally.minutes.extend(_minutes(rows, new))
    tally.products.extend(_products(rows, new))
    tally.viewers.update(_entered(rows))
    tally.viewers.update(_clicked(rows))
    return tally


def _minutes(rows: Rows, new: Shown) -> Iterator[tuple[Any, ...]]:
    size = len(rows.cells) * CHANNELS
    counts = np.bincount(rows.slots() * KINDS + rows.kind, minlength=size * KINDS).reshape(size, KINDS)
    used = np.flatnonzero(counts.any(axis=1))
    slot = new.cell * CHANNELS + new.channel
    for kind, told in ((Kind.PRODUCT_IMPRESSION, ~new.clicked), (Kind.PRODUCT_CLICK, new.clicked)):
        counts[:, kind] = np.bincount(slot[told], minlength=size)
    table = counts[used][:, COUNTS].tolist()
    keys = rows.cells[used // CHANNELS].tolist()
    channels = (used % CHANNELS).tolist()
    for key, channel, row in zip(keys, channels, table, strict=True):
        yield (rows.sessions[key >> 32], key & 0xFFFFFFFF, channel, *row)


def _products(rows: Rows, new: Shown) -> Iterator[tuple[Any, ...]]:
    width = len(rows.products)
    key = (new.cell * width + new.product) * CHANNELS + new.channel
    slots, slot = grouped(key, len(rows.cells) * width * CHANNELS)
    counts = np.bincount(slot * 2 + new.clicked, minlength=len(slots) * 2).reshape(-1, 2).tolist()
    for key, (impressions, clicks) in zip(slots.tolist(), counts, strict=True):
        pair, channel = divmod(key, CHANNELS)
        at, product = divmod(pair, width)
        where = int(rows.cells[at])
        session = rows.sessions[where >> 32]
        yield (session, where & 0xFFFFFFFF, rows.products[product], channel, impressions, clicks)


def _entered(rows: Rows) -> Iterator[tuple[SketchKey, Values]]:
    some = rows.of_kind(Kind.ENTER)
    viewers, who = rows.viewing(some)
    for at, found in distinct(some.session, who.viewer, viewers):
        yield (rows.sessions[at], Scope.SESSION, ""), found
    for at, found in distinct(some.cell, who.viewer, viewers):
        where = int(rows.cells[at])
        yield (rows.sessions[where >> 32], Scope.MINUTE, str(where & 0xFFFFFFFF)), found
    for at, found in distinct(some.session * CHANNELS + some.channel, who.viewer, viewers):
        yield (rows.sessions[at // CHANNELS], Scope.CHANNEL, str(at % CHANNELS)), found
    for dimension, (shift, mask, words) in TRAITS.items():
        code = ((who.traits >> shift) & mask).astype(np.int64)
        told = np.flatnonzero(code)
        for at, found in distinct(some.session[told] * (mask + 1) + code[told], who.viewer[told], viewers):
            word = words[at % (mask + 1)]
            yield (rows.sessions[at // (mask + 1)], Scope.TRAIT, f"{dimension}/{word}"), found
    width, told = len(rows.regions), np.flatnonzero(who.region >= 0)
    for at, found in distinct(some.session[told] * width + who.region[told], who.viewer[told], viewers):
        yield (rows.sessions[at // width], Scope.TRAIT, f"region/{rows.regions[at % width]}"), found


def _clicked(rows: Rows) -> Iterator[tuple[SketchKey, Values]]:
    some = rows.of_kind(Kind.PRODUCT_CLICK)
    viewers, who = rows.viewing(some)
    width = len(rows.products)
    for at, found in distinct(some.session, who.viewer, viewers):
        yield (rows.sessions[at], Scope.CLICKS, ""), found
    for at, found in distinct(some.cell, who.viewer, viewers):
        where = int(rows.cells[at])
        yield (rows.sessions[where >> 32], Scope.CLICK_MINUTE, str(where & 0xFFFFFFFF)), found
    for at, found in distinct(some.session * width + rows.product_of(some), who.viewer, viewers):
        product = str(rows.products[at % width])
        yield (rows.sessions[at // width], Scope.PRODUCT_CLICKS, product), found


def distinct(groups: Ints, members: Ints, values: Values) -> Iterator[tuple[int, Values]]:
    """Return each group with its distinct values, sorted. Members are ordinals of the sorted `values`."""
    if not len(groups):
        return
    pairs = groups * len(values) + members
    pairs.sort()
    fresh = np.empty(len(pairs), dtype=bool)
    fresh[0] = True
    np.not_equal(pairs[1:], pairs[:-1], out=fresh[1:])
    group, member = np.divmod(pairs[fresh], len(values))
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    yield from zip(group[starts].tolist(), np.split(values[member], starts[1:]), strict=True)
