"""Presence by evidence: who was seen when. A pure function of the set of sightings, whatever their order.

A viewer's sightings that follow each other within 75 seconds make one stay, from the first to the last: that is what
was watched. The viewer is present for 75 seconds after the last one, or until it when it was a leave. So one sighting
more never takes anything from anybody, and a leave takes presence from its own viewer alone, never time watched.

Rows: `a` is when the stay began, `b` is twice when it was last seen, and 1 more unless that was a leave.
"""

from typing import Final

import numpy as np

from showfloor.session.signals.domain.hll import Values
from showfloor.session.signals.domain.ledger import Ints, Ledger, Mask, join
from showfloor.session.signals.domain.slots import SLOT_MS, Spread, spread

GONE_AFTER_MS: Final = 75_000
FADING: Final = GONE_AFTER_MS // 1000 + 1  # seconds for which somebody may still be present


def stays(sightings: Ledger) -> Ledger:
    """Return the stays that rows make: rows may be sightings (a = b // 2), stays, or both."""
    if not len(sightings):
        return sightings
    group, base = sightings.group, int(sightings.a.min())
    high = 2 * (int(sightings.b.max()) // 2 - base + 1)
    # The latest so far, viewer by viewer: every viewer's numbers lie above those of the viewer before.
    latest = np.maximum.accumulate(sightings.b - 2 * base + group * high) - group * high + 2 * base
    first = np.ones(len(sightings), dtype=bool)
    first[1:] = (group[1:] != group[:-1]) | (sightings.a[1:] > (latest[:-1] >> 1) + GONE_AFTER_MS)
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(sightings)) - 1
    return Ledger(sightings.viewer[starts], sightings.a[starts], latest[ends])


def joined(before: Ledger, fresh: Ledger, viewers: Values) -> Ledger:
    """Return the stays of viewers after fresh ones. `viewers`: theirs, sorted and distinct."""
    return stays(join(before, fresh, viewers))


def present(rows: Ledger) -> tuple[Ints, Ints]:
    """Return the first and last slot in which each stay's viewer was present. Where two meet, one has the slot."""
    start = rows.a // SLOT_MS
    stop = ((rows.b >> 1) + (rows.b & 1) * (GONE_AFTER_MS - 1)) // SLOT_MS
    again = np.flatnonzero((rows.viewer[1:] == rows.viewer[:-1]) & (start[1:] <= stop[:-1])) + 1
    if len(again):
        start[again] = stop[again - 1] + 1
        stop = np.maximum(stop, start - 1)
    return start, stop


def difference(before: Ledger, after: Ledger) -> tuple[Spread, Spread]:
    """Return by slot how many more are present, and how many more milliseconds were watched."""
    (start, stop), (old_start, old_stop) = present(after), present(before)
    one, old = np.ones(len(after), dtype=np.int64), np.ones(len(before), dtype=np.int64)
    level = spread(np.concatenate((start, stop + 1, old_start, old_stop + 1)), np.concatenate((one, -one, -old, old)))
    times = np.concatenate((after.a, after.b >> 1, before.a, before.b >> 1))
    steps = np.concatenate((one, -one, -old, old))
    return level, spread(times // SLOT_MS, steps, times % SLOT_MS * steps, SLOT_MS)


def fading(rows: Ledger, newest_ms: int) -> list[int]:
    """Return how many were last seen in the second of `newest_ms`, in the one before, and so on; not those who left."""
    last = rows.b[rows.last_of_viewer & ((rows.b & 1) == 1)] // 2000
    ago = newest_ms // 1000 - last
    counts: list[int] = np.bincount(np.clip(ago[ago < FADING], 0, None), minlength=FADING).tolist()
    return counts


def lasting(rows: Ledger, since_ms: int) -> Mask:
    """Return which stays a sighting after `since_ms` might still join."""
    return (rows.b >> 1) >= since_ms - GONE_AFTER_MS
