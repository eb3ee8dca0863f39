"""Adds up batches: whole columns in, sums per session, minute and channel out. Pure numpy, any order of batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from showfloor.metrics.vocabulary import CHANNELS, KINDS, TRAITS, Kind
from showfloor.session.signals.batch import MINUTE_MS, Columns
from showfloor.session.signals.hll import Values
from showfloor.session.signals.rows import Ints, Rows, Some, grouped
from showfloor.session.signals.sketch import Scope

SketchKey = tuple[UUID, Scope, str]

COUNTS = (
    Kind.IMPRESSION, Kind.ENTER, Kind.LEAVE, Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK, Kind.LIKE, Kind.SHARE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """What a page of batches adds.

    `minutes` rows: (session, Unix minute, channel, one count per kind in COUNTS, enter_ms, leave_ms);
    `products` rows: (session, minute, product, channel, impressions, clicks); `viewers`: distinct values to
    join to each sketch; `newest`: Unix milliseconds of the newest signal of each session.
    """

    minutes: list[tuple[Any, ...]] = field(default_factory=list)
    products: list[tuple[Any, ...]] = field(default_factory=list)
    viewers: dict[SketchKey, Values] = field(default_factory=dict)
    newest: dict[UUID, int] = field(default_factory=dict)
    signals: int = 0


def add_up(batches: Sequence[Columns]) -> Tally:
    """Return what the batches add together. Batches must be distinct; their order does not matter. Raises Unsound."""
    if not batches:
        return Tally()
    rows = Rows(batches)
    tally = Tally(signals=rows.rows, newest=rows.newest())
    tally.minutes.extend(_minutes(rows))
    tally.products.extend(_products(rows))
    tally.viewers.update(_entered(rows))
    tally.viewers.update(_clicked(rows))
    return tally


def _minutes(rows: Rows) -> Iterator[tuple[Any, ...]]:
    size = len(rows.cells) * CHANNELS
    counts = np.bincount(rows.slots() * KINDS + rows.kind, minlength=size * KINDS).reshape(size, KINDS)
    stays = [_milliseconds(rows.of_kind(kind), size) for kind in (Kind.ENTER, Kind.LEAVE)]
    used = np.flatnonzero(counts.any(axis=1))
    table = np.column_stack([counts[used][:, COUNTS], stays[0][used], stays[1][used]]).tolist()
    keys = rows.cells[used // CHANNELS].tolist()
    channels = (used % CHANNELS).tolist()
    for key, channel, row in zip(keys, channels, table, strict=True):
        yield (rows.sessions[key >> 32], key & 0xFFFFFFFF, channel, *row)


def _milliseconds(some: Some, size: int) -> Ints:
    """Sum the milliseconds into the minute, by cell and channel. Weights are doubles: exact below 2^53."""
    slot = some.cell * CHANNELS + some.channel
    return np.bincount(slot, weights=some.time_ms % MINUTE_MS, minlength=size).astype(np.int64)


def _products(rows: Rows) -> Iterator[tuple[Any, ...]]:
    shown = rows.of_kind(Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK)
    width = len(rows.products)
    key = (shown.cell * width + rows.product_of(shown)) * CHANNELS + shown.channel
    slots, slot = grouped(key, len(rows.cells) * width * CHANNELS)
    clicked = rows.kind[shown.at] == Kind.PRODUCT_CLICK
    counts = np.bincount(slot * 2 + clicked, minlength=len(slots) * 2).reshape(-1, 2).tolist()
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
