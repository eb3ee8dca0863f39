"""Rows about the viewers of a session, as sorted columns: two numbers a row, several rows for a viewer.

What changes is stored as parts: a part names the viewers whose rows it replaces, so that a page writes what it touched
and no more. A whole part replaces everything before it.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from showfloor.session.signals.domain.hll import Values

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_HEAD = struct.Struct("<II")  # viewers touched, rows


def _no_values() -> Values:
    return np.zeros(0, dtype=np.uint64)


def _no_ints() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Columns of one length, sorted by viewer, then by `a`."""

    viewer: Values = field(default_factory=_no_values)
    a: Ints = field(default_factory=_no_ints)
    b: Ints = field(default_factory=_no_ints)

    def __len__(self) -> int:
        return len(self.viewer)

    @property
    def size(self) -> int:
        """Bytes held."""
        return 24 * len(self.viewer)

    @property
    def last_of_viewer(self) -> Mask:
        """Return which rows are the last of their viewer."""
        last = np.ones(len(self), dtype=bool)
        np.not_equal(self.viewer[1:], self.viewer[:-1], out=last[:-1])
        return last

    @property
    def group(self) -> Ints:
        """Return the ordinal of each row's viewer."""
        group = np.zeros(len(self), dtype=np.int64)
        np.cumsum(self.viewer[1:] != self.viewer[:-1], out=group[1:])
        return group

    def where(self, rows: Mask | Ints) -> "Ledger":
        """Return some rows, by a mask or by ordinals."""
        return Ledger(self.viewer[rows], self.a[rows], self.b[rows])

    def of(self, viewers: Values) -> "Ledger":
        """Return the rows of sorted distinct viewers."""
        return self.where(self._rows_of(viewers))

    def holds(self, viewers: Values) -> Mask:
        """Return which of these viewers have rows."""
        if not len(self):
            return np.zeros(len(viewers), dtype=bool)
        at = np.searchsorted(self.viewer, viewers)
        at[at == len(self)] = 0  # past the end: differs from any viewer there
        held: Mask = self.viewer[at] == viewers
        return held

    def replaced(self, viewers: Values, rows: "Ledger") -> "Ledger":
        """Return the ledger with `rows` in place of those of sorted distinct `viewers`, who alone have rows in it."""
        old = self._rows_of(viewers)
        if len(old) == len(rows) and np.array_equal(self.viewer[old], rows.viewer):  # in their places
            a, b = self.a.copy(), self.b.copy()
            a[old], b[old] = rows.a, rows.b
            return Ledger(self.viewer, a, b)
        kept = np.ones(len(self), dtype=bool)
        kept[old] = False
        rest = self.where(kept)
        at = np.searchsorted(rest.viewer, rows.viewer)
        return Ledger(
            np.insert(rest.viewer, at, rows.viewer), np.insert(rest.a, at, rows.a), np.insert(rest.b, at, rows.b)
        )

    def to_part(self, touched: Values | None = None) -> bytes:
        """Return the stored form: the rows that replace those of `touched`, or everything."""
        viewers = _no_values() if touched is None else touched
        columns = (viewers, self.viewer, self.a, self.b)
        return _HEAD.pack(len(viewers), len(self)) + b"".join(column.tobytes() for column in columns)

    def _rows_of(self, viewers: Values) -> Ints:
        return ranges(
            np.searchsorted(self.viewer, viewers, side="left"), np.searchsorted(self.viewer, viewers, side="right")
        )


EMPTY = Ledger()


def join(rows: Ledger, more: Ledger, viewers: Values) -> Ledger:
    """Return the rows of both, by viewer and `a`, the larger `b` first. `viewers`: theirs, sorted and distinct.

    Two sorted runs under one number for each row are merged eight times as fast as three columns are sorted.
    """
    viewer, a, b = (
        np.concatenate((rows.viewer, more.viewer)), np.concatenate((rows.a, more.a)), np.concatenate((rows.b, more.b))
    )  # fmt: skip
    if not len(viewer):
        return EMPTY
    base, span = int(a.min()), int(a.max() - a.min()) + 1
    order = np.argsort((np.searchsorted(viewers, viewer) * span + (a - base)) * 2 - (b & 1), kind="stable")
    return Ledger(viewer[order], a[order], b[order])


def distinct(viewers: Values) -> Values:
    """Return sorted viewers once each."""
    fresh = np.ones(len(viewers), dtype=bool)
    np.not_equal(viewers[1:], viewers[:-1], out=fresh[1:])
    return viewers[fresh]


def from_parts(parts: Iterable[tuple[bool, bytes]]) -> Ledger:
    """Return the ledger that parts, in order and each whole or not, make together."""
    ledger = EMPTY
    for whole, body in parts:
        touched, rows = _HEAD.unpack_from(body)
        columns = np.frombuffer(body, dtype="<u8", offset=_HEAD.size)
        viewers, values = columns[:touched], columns[touched:]
        found = Ledger(values[:rows], *(values[rows:].astype(np.int64).reshape(2, rows)))
        ledger = found if whole else ledger.replaced(viewers, found)
    return ledger


def ranges(starts: Ints, stops: Ints) -> Ints:
    """Return start, start + 1, ... stop - 1 of each pair, one after the other."""
    sizes = stops - starts
    at: Ints = np.arange(int(sizes.sum()), dtype=np.int64)
    at += np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return at
