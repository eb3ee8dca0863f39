"""A set of viewers: exact while it is small, HyperLogLog beyond. A pure function of the set, whatever the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from showfloor.session.signals.domain import hll

EXACT_LIMIT: Final = 4096  # distinct values kept one by one: 32 KiB at most


class Scope(IntEnum):
    """Whose viewers a sketch counts. Eternal: the numbers are stored; the key's meaning is beside each."""

    SESSION = 1  # ""
    MINUTE = 2  # Unix minute
    CHANNEL = 3  # channel code
    TRAIT = 4  # "<dimension>/<word>"; what is not known is not kept
    CLICKS = 5  # "": viewers who clicked any product
    PRODUCT_CLICKS = 6  # product id
    CLICK_MINUTE = 7  # Unix minute: viewers who clicked any product


@dataclass(frozen=True, slots=True)
class Sketch:
    """Either `values` (sorted, distinct) or `registers`."""

    values: hll.Values | None
    registers: hll.Registers | None = None

    @property
    def estimate(self) -> int:
        """How many viewers: exact up to EXACT_LIMIT."""
        if self.values is not None:
            return len(self.values)
        assert self.registers is not None
        return hll.estimate(self.registers)

    @property
    def size(self) -> int:
        """Bytes held."""
        held = self.values if self.values is not None else self.registers
        assert held is not None
        return held.nbytes

    def with_values(self, values: hll.Values) -> "Sketch":
        """Return the set with sorted distinct `values` in it; the same object when it holds them all."""
        if self.registers is not None:
            grown = hll.observe(self.registers, values)
            return self if np.array_equal(grown, self.registers) else Sketch(None, grown)
        assert self.values is not None
        if not len(self.values):
            return of(values.copy())
        where = np.searchsorted(self.values, values)
        where[where == len(self.values)] = 0  # past the end: differs from any value there
        fresh = values[self.values[where] != values]
        return of(np.sort(np.concatenate((self.values, fresh)))) if len(fresh) else self

    def merged(self, other: "Sketch") -> "Sketch":
        """Return the union."""
        if other.values is not None:
            return self.with_values(other.values)
        if self.values is not None:
            return other.with_values(self.values)
        assert self.registers is not None and other.registers is not None
        return Sketch(None, hll.merge(self.registers, other.registers))

    def to_bytes(self) -> bytes:
        """Return the stored form."""
        if self.values is not None:
            return b"E" + self.values.astype("<u8", copy=False).tobytes()
        assert self.registers is not None
        return b"H" + self.registers.tobytes()


EMPTY: Final = Sketch(np.zeros(0, dtype=np.uint64))


def of(values: hll.Values) -> Sketch:
    """Return the sketch of sorted distinct values."""
    if len(values) <= EXACT_LIMIT:
        return Sketch(values)
    return Sketch(None, hll.observe(hll.empty(), values))


def from_bytes(stored: bytes) -> Sketch:
    """Return a sketch from its stored form. Raises ValueError for anything else."""
    if stored[:1] == b"E":
        return Sketch(np.frombuffer(stored, dtype="<u8", offset=1))
    if stored[:1] == b"H" and len(stored) == hll.REGISTERS + 1:
        return Sketch(None, np.frombuffer(stored, dtype=np.uint8, offset=1))
    raise ValueError("not a stored sketch")


def union(sketches: Iterable[Sketch]) -> Sketch:
    """Return the union of sketches."""
    result = EMPTY
    for sketch in sketches:
        result = result.merged(sketch)
    return result
