"""At most one impression and one click per viewer, product and minute, exactly: a set of 64-bit names for each minute.

A name is mixed from viewer, product and kind. Viewers' numbers are keyed hashes already, so two names are the same by
chance only: with a million in a minute, once in thirty million minutes.
"""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from showfloor.metrics.vocabulary import CHANNELS, Kind
from showfloor.session.signals.domain.hll import Values, mix
from showfloor.session.signals.domain.ledger import Ints
from showfloor.session.signals.domain.rows import Rows

MinuteKey = tuple[UUID, int]

_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Shown:
    """The distinct impressions and clicks of a page: each viewer, product, minute and kind once. Side by side."""

    cell: Ints  # ordinal in Rows.cells, rising
    product: Ints  # ordinal in Rows.products
    clicked: npt.NDArray[np.bool_]
    channel: Ints
    name: Values
    repeated: int = 0  # rows that said again what another of the page says

    def where(self, rows: npt.NDArray[np.bool_]) -> "Shown":
        """Return some of them."""
        return Shown(
            self.cell[rows], self.product[rows], self.clicked[rows], self.channel[rows], self.name[rows], self.repeated
        )


def shown(rows: Rows) -> Shown:
    """Return the distinct impressions and clicks of a page. Of two channels the first in the list counts."""
    some = rows.of_kind(Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK)
    viewers, width = rows.people[0], max(1, len(rows.products))
    clicked = rows.kind[some.at] == Kind.PRODUCT_CLICK
    # A page's bytes bound its cells, products and viewers together: their product stays below 2^63.
    key = ((some.cell * width + rows.product_of(some)) * 2 + clicked) * len(viewers) + some.who
    key = key * CHANNELS + some.channel
    key.sort()
    key, channel = np.divmod(key, CHANNELS)
    first = np.ones(len(key), dtype=bool)
    np.not_equal(key[1:], key[:-1], out=first[1:])
    rest, who = np.divmod(key[first], len(viewers))
    rest, kind = np.divmod(rest, 2)
    cell, product = np.divmod(rest, width)
    name = mix(viewers[who] ^ mix(_numbers(rows.products)[product] + kind.astype(np.uint64)))
    return Shown(cell, product, kind == 1, channel[first], name, len(key) - int(first.sum()))


def fresh(
    found: Shown, keys: list[MinuteKey], known: dict[MinuteKey, Values], closed: set[MinuteKey]
) -> tuple[Shown, dict[MinuteKey, Values], int]:
    """Return what was not known before, the new names of each minute, sorted, and how many came for closed minutes.

    `keys` are those of `minutes_of`. Nobody remembers what counted in a closed minute: nothing more does.
    """
    new = np.zeros(len(found.name), dtype=bool)
    added: dict[MinuteKey, Values] = {}
    starts, late = _starts(found.cell), 0
    stops = np.append(starts, len(found.cell))[1:]
    for key, start, stop in zip(keys, starts.tolist(), stops.tolist(), strict=True):
        if key in closed:
            late += int(stop - start)
            continue
        order = np.argsort(found.name[start:stop])  # what is looked up in order is found in the caches
        names = found.name[start:stop][order]
        mine = ~_holds(known[key], names) if len(known[key]) else np.ones(len(names), dtype=bool)
        new[start + order[mine]] = True
        if mine.any():
            added[key] = names[mine]
    return found.where(new), added, late


def minutes_of(rows: Rows, found: Shown) -> list[MinuteKey]:
    """Return the minutes in which something was shown or clicked, in the order of cells."""
    cells = rows.cells[found.cell[_starts(found.cell)]].tolist()
    return [(rows.sessions[cell >> 32], cell & 0xFFFFFFFF) for cell in cells]


def merged(known: Values, names: Values) -> Values:
    """Return both sorted sets as one."""
    return np.insert(known, np.searchsorted(known, names), names)


def _starts(cell: Ints) -> Ints:
    return np.flatnonzero(np.diff(cell, prepend=-1))


def _holds(known: Values, names: Values) -> npt.NDArray[np.bool_]:
    at = np.searchsorted(known, names)
    at[at == len(known)] = 0  # past the end: differs from any name there
    held: npt.NDArray[np.bool_] = known[at] == names
    return held


def _numbers(products: list[UUID]) -> Values:
    """Return a number for each product, the same in every page; one more is that of its clicks."""
    whole = np.array([(product.int & _MASK, product.int >> 64) for product in products], dtype=np.uint64).reshape(-1, 2)
    return mix(whole[:, 0] ^ mix(whole[:, 1])) << np.uint64(1)
