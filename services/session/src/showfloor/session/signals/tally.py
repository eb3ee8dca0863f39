"""Adds up batches: whole columns in, sums per session, minute and channel out. Pure numpy, any order of batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from showfloor.metrics.vocabulary import CHANNELS, KINDS, TRAITS, Kind
from showfloor.session.signals.batch import MINUTE_MS, Columns
from showfloor.session.signals.hll import Values
from showfloor.session.signals.sketch import Scope

Ints = npt.NDArray[np.int64]
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


@dataclass(frozen=True, slots=True)
class _Rows:
    """All rows of a page as one table. Sessions, products, regions are ordinals of the page's dictionaries."""

    sessions: list[UUID]
    products: list[UUID]
    regions: list[str]
    session: Ints
    time_ms: Ints
    kind: Ints
    channel: Ints
    product: Ints  # -1: none
    viewer: Values
    traits: npt.NDArray[np.uint8]
    region: Ints  # -1: not known


def add_up(batches: Sequence[Columns]) -> Tally:
    """Return what the batches add together. Batches must be distinct; their order does not matter."""
    if not batches:
        return Tally()
    rows = _concatenate(batches)
    minute = rows.time_ms // MINUTE_MS
    cells, cell = np.unique((rows.session << 32) | minute, return_inverse=True)
    tally = Tally(signals=len(rows.kind))
    tally.minutes.extend(_minutes(rows, cells, cell))
    tally.products.extend(_products(rows, cells, cell))
    tally.viewers.update(_viewers(rows, cells, cell))
    newest = np.zeros(len(rows.sessions), dtype=np.int64)
    np.maximum.at(newest, rows.session, rows.time_ms)
    tally.newest.update(zip(rows.sessions, newest.tolist(), strict=True))
    return tally


def _concatenate(batches: Sequence[Columns]) -> _Rows:
    sessions: dict[UUID, int] = {}
    products: dict[UUID, int] = {}
    regions: dict[str, int] = {}
    session, product, region = [], [], []
    for batch in batches:
        ordinal = sessions.setdefault(batch.session_id, len(sessions))
        session.append(np.full(batch.rows, ordinal, dtype=np.int64))
        known = [-1, *(products.setdefault(name, len(products)) for name in batch.products)]
        product.append(np.asarray(known, dtype=np.int64)[batch.product])
        places = [-1, *(regions.setdefault(name, len(regions)) for name in batch.regions)]
        region.append(np.asarray(places, dtype=np.int64)[batch.region[batch.viewer]])
    return _Rows(
        sessions=list(sessions),
        products=list(products),
        regions=list(regions),
        session=np.concatenate(session),
        time_ms=np.concatenate([batch.time_ms for batch in batches]),
        kind=np.concatenate([batch.kind for batch in batches]).astype(np.int64),
        channel=np.concatenate([batch.channel for batch in batches]).astype(np.int64),
        product=np.concatenate(product),
        viewer=np.concatenate([batch.viewers[batch.viewer] for batch in batches]),
        traits=np.concatenate([batch.traits[batch.viewer] for batch in batches]),
        region=np.concatenate(region),
    )


def _minutes(rows: _Rows, cells: Ints, cell: Ints) -> Iterator[tuple[Any, ...]]:
    slot = cell * CHANNELS + rows.channel
    size = len(cells) * CHANNELS
    counts = np.bincount(slot * KINDS + rows.kind, minlength=size * KINDS).reshape(size, KINDS)
    stays = [_milliseconds(rows, slot, size, kind) for kind in (Kind.ENTER, Kind.LEAVE)]
    used = np.flatnonzero(counts.any(axis=1))
    table = np.column_stack([counts[used][:, COUNTS], stays[0][used], stays[1][used]]).tolist()
    keys = cells[used // CHANNELS].tolist()
    channels = (used % CHANNELS).tolist()
    for key, channel, row in zip(keys, channels, table, strict=True):
        yield (rows.sessions[key >> 32], key & 0xFFFFFFFF, channel, *row)


def _milliseconds(rows: _Rows, slot: Ints, size: int, kind: Kind) -> Ints:
    """Sum the milliseconds into the minute of one kind. Weights are doubles: exact below 2^53."""
    chosen = rows.kind == kind
    into = rows.time_ms[chosen] % MINUTE_MS
    return np.bincount(slot[chosen], weights=into, minlength=size).astype(np.int64)


def _products(rows: _Rows, cells: Ints, cell: Ints) -> Iterator[tuple[Any, ...]]:
    clicked = rows.kind == Kind.PRODUCT_CLICK
    chosen = clicked | (rows.kind == Kind.PRODUCT_IMPRESSION)
    if not chosen.any():
        return
    width = len(rows.products)
    slots, slot = np.unique(
        (cell[chosen] * width + rows.product[chosen]) * CHANNELS + rows.channel[chosen], return_inverse=True
    )
    counts = np.bincount(slot * 2 + clicked[chosen], minlength=len(slots) * 2).reshape(-1, 2).tolist()
    for key, (impressions, clicks) in zip(slots.tolist(), counts, strict=True):
        pair, channel = divmod(key, CHANNELS)
        at, product = divmod(pair, width)
        where = int(cells[at])
        session = rows.sessions[where >> 32]
        yield (session, where & 0xFFFFFFFF, rows.products[product], channel, impressions, clicks)


def _viewers(rows: _Rows, cells: Ints, cell: Ints) -> Iterator[tuple[SketchKey, Values]]:
    enters = np.flatnonzero(rows.kind == Kind.ENTER)
    sessions, viewers = rows.session[enters], rows.viewer[enters]
    for at, found in distinct(sessions, viewers):
        yield (rows.sessions[at], Scope.SESSION, ""), found
    for at, found in distinct(cell[enters], viewers):
        where = int(cells[at])
        yield (rows.sessions[where >> 32], Scope.MINUTE, str(where & 0xFFFFFFFF)), found
    for at, found in distinct(sessions * CHANNELS + rows.channel[enters], viewers):
        yield (rows.sessions[at // CHANNELS], Scope.CHANNEL, str(at % CHANNELS)), found
    for dimension, (shift, mask, words) in TRAITS.items():
        code = ((rows.traits[enters] >> shift) & mask).astype(np.int64)
        told = code > 0
        for at, found in distinct(sessions[told] * (mask + 1) + code[told], viewers[told]):
            word = words[at % (mask + 1)]
            yield (rows.sessions[at // (mask + 1)], Scope.TRAIT, f"{dimension}/{word}"), found
    width, told = len(rows.regions), rows.region[enters] >= 0
    for at, found in distinct(sessions[told] * width + rows.region[enters][told], viewers[told]):
        yield (rows.sessions[at // width], Scope.TRAIT, f"region/{rows.regions[at % width]}"), found
    yield from _clickers(rows, cells, cell)


def _clickers(rows: _Rows, cells: Ints, cell: Ints) -> Iterator[tuple[SketchKey, Values]]:
    clicks = np.flatnonzero(rows.kind == Kind.PRODUCT_CLICK)
    sessions, viewers = rows.session[clicks], rows.viewer[clicks]
    width = len(rows.products)
    for at, found in distinct(sessions, viewers):
        yield (rows.sessions[at], Scope.CLICKS, ""), found
    for at, found in distinct(cell[clicks], viewers):
        where = int(cells[at])
        yield (rows.sessions[where >> 32], Scope.CLICK_MINUTE, str(where & 0xFFFFFFFF)), found
    for at, found in distinct(sessions * width + rows.product[clicks], viewers):
        product = str(rows.products[at % width])
        yield (rows.sessions[at // width], Scope.PRODUCT_CLICKS, product), found


def distinct(groups: Ints, values: Values) -> Iterator[tuple[int, Values]]:
    """Return each group with its distinct values, sorted."""
    if not len(groups):
        return
    order = np.lexsort((values, groups))
    group, value = groups[order], values[order]
    fresh = np.empty(len(group), dtype=bool)
    fresh[0] = True
    np.not_equal(group[1:], group[:-1], out=fresh[1:])
    starts_group = fresh.copy()
    fresh[1:] |= value[1:] != value[:-1]
    kept = value[fresh]
    starts = np.flatnonzero(starts_group[fresh])
    yield from zip(group[starts_group].tolist(), np.split(kept, starts[1:]), strict=True)
