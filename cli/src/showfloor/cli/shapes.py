"""Simulated shapes that add up to real totals: when viewers come and go, what they do, what they buy.

Only totals are real. Everything here is deterministic: the same seed gives the same recording.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

# Kinds and channels as in signal_service.proto.
IMPRESSION, ENTER, LEAVE, PRODUCT_IMPRESSION, PRODUCT_CLICK, LIKE, SHARE = range(1, 8)
CHANNEL_WEIGHTS = np.array([0.46, 0.14, 0.16, 0.06, 0.07, 0.04, 0.04, 0.03])  # Feed … Other, channels 1 to 8
IMPRESSIONS_PER_VIEW = 2
PRODUCT_IMPRESSIONS_PER_VIEW = 1
CLICKS_PER_UNIT = 5
SHARES_PER_VIEW = 0.01
RETURNING_SHARE = 0.15
WINDOW_MS = 3_000  # a batch is sent at the end of its window: a board that is played at 1x moves this often


@dataclass(frozen=True)
class Totals:
    """What a LIVE must add up to. Times in milliseconds, money in minor units."""

    duration_ms: int
    views: int
    average_stay_ms: int
    likes: int
    units: int
    gmv: int


@dataclass(frozen=True)
class Stream:
    """All signals of one kind, sorted by time. `viewer` is an index of viewers, `product` -1 for none."""

    kind: int
    at: IntArray
    viewer: IntArray
    product: IntArray


def arrivals(count: int, duration_ms: int, rng: np.random.Generator) -> IntArray:
    """Return `count` sorted moments: a ramp, waves, a slow decline, always inside the LIVE."""
    grid = np.linspace(0.0, 1.0, 513)
    density = (1 - np.exp(-grid * 18)) * (1.15 - 0.6 * grid) * (1 + 0.35 * np.sin(grid * 23) * np.sin(grid * 7))
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    moments = np.interp(rng.random(count) * cumulative[-1], cumulative, grid)
    return np.sort((moments * max(duration_ms - 1, 0)).astype(np.int64))


def departures(enters: IntArray, totals: Totals, rng: np.random.Generator) -> IntArray:
    """Return when each view ends: exponential stays, moved until their sum is views x average stay, where that fits."""
    room = totals.duration_ms - enters
    stays = np.minimum(rng.exponential(max(totals.average_stay_ms, 1), len(enters)).astype(np.int64), room)
    target = min(totals.views * totals.average_stay_ms, int(room.sum()))
    for _ in range(60):
        missing = target - int(stays.sum())
        if missing == 0:
            break
        free = np.flatnonzero(stays < room) if missing > 0 else np.flatnonzero(stays > 0)
        share, rest = divmod(abs(missing), len(free))
        step = np.full(len(free), share, dtype=np.int64)
        step[:rest] += 1
        stays[free] = np.clip(stays[free] + np.sign(missing) * step, 0, room[free])
    return enters + stays


def viewers_of_views(count: int, rng: np.random.Generator) -> IntArray:
    """Return the viewer of each view: mostly a new one, sometimes one who was here before."""
    viewer = np.arange(count, dtype=np.int64)
    returning = np.flatnonzero(rng.random(count) < RETURNING_SHARE)
    viewer[returning] = (rng.random(len(returning)) * (returning + 1)).astype(np.int64)
    return viewer


def streams(totals: Totals, products: int, rng: np.random.Generator) -> list[Stream]:
    """Return every signal of the LIVE, by kind."""
    enters = arrivals(totals.views, totals.duration_ms, rng)
    viewer = viewers_of_views(totals.views, rng)
    leaves = departures(enters, totals, rng)
    order = np.argsort(leaves, kind="stable")
    none = np.full(totals.views, -1, dtype=np.int64)
    result = [Stream(ENTER, enters, viewer, none), Stream(LEAVE, leaves[order], viewer[order], none)]
    wanted = [
        (IMPRESSION, totals.views * IMPRESSIONS_PER_VIEW, False),
        (PRODUCT_IMPRESSION, totals.views * PRODUCT_IMPRESSIONS_PER_VIEW, True),
        (PRODUCT_CLICK, min(totals.units * CLICKS_PER_UNIT, totals.views * PRODUCT_IMPRESSIONS_PER_VIEW), True),
        (LIKE, totals.likes, False),
        (SHARE, int(totals.views * SHARES_PER_VIEW), False),
    ]
    for kind, count, about_product in wanted:
        at = arrivals(count, totals.duration_ms, rng)
        here = np.maximum(np.searchsorted(enters, at, side="right"), 1)
        who = viewer[(rng.random(count) * here).astype(np.int64)] if totals.views else np.zeros(count, dtype=np.int64)
        what = popular(count, products, rng) if about_product and products else np.full(count, -1, dtype=np.int64)
        result.append(Stream(kind, at, who, what))
    return [stream for stream in result if len(stream.at)]


def popular(count: int, products: int, rng: np.random.Generator) -> IntArray:
    """Return `count` product indices; low indices are more popular."""
    weights = 1 / np.arange(1, products + 1) ** 0.8
    return rng.choice(products, size=count, p=weights / weights.sum()).astype(np.int64)


def prices(units: IntArray, gmv: int, rng: np.random.Generator) -> tuple[IntArray, int]:
    """Return a price per product so that units x price is at most `gmv`, and what is left over.

    What is left over is less than the units sold, and is added one minor unit at a time.
    """
    total = int(units.sum())
    if not total:
        return np.ones(len(units), dtype=np.int64), 0
    weights = rng.uniform(0.5, 1.8, len(units))
    scale = gmv / float((weights * units).sum())
    price = np.floor(weights * scale).astype(np.int64)
    left = gmv - int((price * units).sum())
    price += left // total
    return price, gmv - int((price * units).sum())


def batches(all_streams: list[Stream], duration_ms: int, rows: int) -> list[tuple[int, int]]:
    """Return windows of time [from, until) of at most WINDOW_MS that hold about `rows` signals each."""
    total = sum(len(stream.at) for stream in all_streams)
    parts = max(1, -(-total // rows), -(-duration_ms // WINDOW_MS))
    sample = np.sort(np.concatenate([stream.at[:: max(1, total // 200_000)] for stream in all_streams]))
    edges = np.unique(
        np.concatenate(
            [
                np.quantile(sample, np.linspace(0, 1, parts + 1)).astype(np.int64),
                np.arange(0, duration_ms, WINDOW_MS),
                [0, duration_ms + 1],
            ]
        )
    )
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def columns(all_streams: list[Stream], start: int, end: int, seed: int) -> list[dict[str, npt.NDArray[Any]]]:
    """Return the signals of one window as batches of columns, ready to pack."""
    slices = [(s, *np.searchsorted(s.at, [start, end]).tolist()) for s in all_streams]
    kind = np.concatenate([np.full(b - a, s.kind, dtype=np.int64) for s, a, b in slices])
    at = np.concatenate([s.at[a:b] for s, a, b in slices])
    viewer = np.concatenate([s.viewer[a:b] for s, a, b in slices])
    product = np.concatenate([s.product[a:b] for s, a, b in slices])
    order = np.argsort(at, kind="stable")
    result = []
    for part in np.array_split(order, max(1, -(-len(order) // 8000))):
        if not len(part):
            continue
        people, index = np.unique(viewer[part], return_inverse=True)
        result.append(
            {
                "offset_ms": at[part] - start,
                "kind": kind[part],
                "viewer": index,
                "product": product[part] + 1,
                "channel": channel_of(viewer[part]),
                "viewers": mixed(people, seed),
                "traits": traits_of(people),
            }
        )
    return result


def mixed(index: IntArray, seed: int) -> npt.NDArray[np.uint64]:
    """Return a well-mixed 64-bit reference per viewer (splitmix64)."""
    with np.errstate(over="ignore"):
        z = index.astype(np.uint64) + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def channel_of(index: IntArray) -> IntArray:
    """Return each viewer's channel, 1 to 8."""
    spot = (mixed(index, 11) >> np.uint64(11)).astype(np.float64) / 2**53
    return np.searchsorted(np.cumsum(CHANNEL_WEIGHTS)[:-1], spot, side="right") + 1


def traits_of(index: IntArray) -> IntArray:
    """Return each viewer's packed traits as in SignalBatch; one in five tells nothing."""
    z = mixed(index, 23)
    gender = (z & np.uint64(0xFF)).astype(np.int64) % 10
    gender = np.select([gender < 6, gender < 9], [1, 2], 3)
    age = 1 + ((z >> np.uint64(8)) & np.uint64(0xFF)).astype(np.int64) % 5
    follower = np.where(((z >> np.uint64(16)) & np.uint64(0xFF)).astype(np.int64) % 4 == 0, 2, 1)
    silent = ((z >> np.uint64(24)) & np.uint64(0xFF)).astype(np.int64) % 5 == 0
    return np.where(silent, 0, gender | (age << 2) | (follower << 5))
