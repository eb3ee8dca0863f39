"""Time in slots of 15 seconds, sparse: only slots in which something changes are there."""

from typing import Final

import numpy as np

from showfloor.session.signals.domain.ledger import Ints, ranges

SLOT_MS: Final = 15_000
SLOTS: Final = 60_000 // SLOT_MS  # in a minute

_DENSE: Final = 512

Spread = tuple[Ints, Ints]
"""Slots, rising, and a number for each that is not 0."""


def spread(slot: Ints, step: Ints, once: Ints | None = None, scale: int = 1) -> Spread:
    """Return the sums that lie over each slot: `scale` x the steps up to it, less `once` of the slot itself.

    Steps must add up to 0. So a stay is a step up where it begins and one down where it ends, `once` being the
    milliseconds into the slot: what is left is its milliseconds in each slot.
    """
    if not len(slot):
        return slot, slot
    at, index = _indexed(slot)
    level = np.cumsum(np.bincount(index, weights=step, minlength=len(at)).astype(np.int64))
    less = 0 if once is None else np.bincount(index, weights=once, minlength=len(at)).astype(np.int64)
    if len(at) == at[-1] - at[0] + 1:  # no gaps to fill
        slots, values = at, level * scale - less
    else:
        lengths = np.where(level != 0, np.diff(at, append=at[-1] + 1), 1)
        slots, values = ranges(at, at + lengths), np.repeat(level * scale, lengths)
        values[np.cumsum(lengths) - lengths] -= less
    told = values != 0
    return slots[told], values[told]


def summed(slot: Ints, *values: Ints) -> tuple[Ints, list[Ints]]:
    """Return slots that hold all of these, rising, and the sum of each column over them."""
    at, index = _indexed(slot)
    return at, [np.bincount(index, weights=column, minlength=len(at)).astype(np.int64) for column in values]


def _indexed(slot: Ints) -> tuple[Ints, Ints]:
    """Return rising slots, among them all of these, and where each is. An hour's are counted faster than sorted."""
    if not len(slot):
        return slot, slot
    first, last = int(slot.min()), int(slot.max())
    if last - first < _DENSE:
        return np.arange(first, last + 1), slot - first
    at, index = np.unique(slot, return_inverse=True)
    return at, index
