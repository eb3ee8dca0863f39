"""HyperLogLog with 2^12 registers as plain numpy: what a set of 64-bit values amounts to, within about 1.6 %.

Registers only ever grow and are merged with `maximum`, so the order of values, merges and repetitions does not
matter. The estimator is Ertl's (arXiv:1702.01284, section 4): no bias corrections and no thresholds.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

Registers = npt.NDArray[np.uint8]
Values = npt.NDArray[np.uint64]

PRECISION: Final = 12
REGISTERS: Final = 1 << PRECISION
_TAIL: Final = 64 - PRECISION  # bits below the register's number
_MASK: Final = np.uint64((1 << _TAIL) - 1)
_ALPHA: Final = 0.5 / math.log(2)


def empty() -> Registers:
    """Return the registers of the empty set."""
    return np.zeros(REGISTERS, dtype=np.uint8)


def observe(registers: Registers, values: Values) -> Registers:
    """Return the registers after more values."""
    mixed = mix(values)
    tail = (mixed & _MASK).astype(np.float64)  # below 2^53: exact
    rank = (_TAIL + 1 - np.frexp(tail)[1]).astype(np.uint8)
    merged = registers.copy()
    np.maximum.at(merged, (mixed >> np.uint64(_TAIL)).astype(np.intp), rank)
    return merged


def merge(left: Registers, right: Registers) -> Registers:
    """Return the registers of the union."""
    return np.maximum(left, right)


def estimate(registers: Registers) -> int:
    """Return how many distinct values there are, about."""
    counts = np.bincount(registers, minlength=_TAIL + 2).astype(np.float64)
    total = REGISTERS * _tau(1 - counts[_TAIL + 1] / REGISTERS)
    for count in counts[_TAIL:0:-1]:
        total = 0.5 * (total + count)
    total += REGISTERS * _sigma(counts[0] / REGISTERS)
    return 0 if math.isinf(total) else round(_ALPHA * REGISTERS * REGISTERS / total)


def mix(values: Values) -> Values:
    """SplitMix64's finaliser: viewers' numbers need not be well spread."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _sigma(x: float) -> float:
    if x == 1.0:
        return math.inf
    y, z, before = 1.0, x, -1.0
    while z != before:
        x *= x
        before = z
        z += x * y
        y += y
    return z


def _tau(x: float) -> float:
    if x in (0.0, 1.0):
        return 0.0
    y, z, before = 1.0, 1 - x, -1.0
    while z != before:
        x = math.sqrt(x)
        before = z
        y *= 0.5
        z -= (1 - x) ** 2 * y
    return z / 3
