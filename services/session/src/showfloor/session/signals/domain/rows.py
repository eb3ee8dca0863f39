"""Many batches as one table: their columns joined, their dictionaries merged, every value looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt

from showfloor.metrics.vocabulary import CHANNELS, Kind
from showfloor.session.signals.domain.columns import (
    CHANNEL_CODES,
    KIND_CODES,
    MINUTE_MS,
    TRAIT_CODES,
    Columns,
    about_a_product,
)
from showfloor.session.signals.domain.hll import Values

Ints = npt.NDArray[np.int64]
T = TypeVar("T")

DENSE = 1 << 20  # keys up to here are grouped by counting, larger ones by sorting


class InvalidBatch(Exception):
    """A batch holds a value that no batch may hold. It came by another way than ingest, or was damaged."""


class RowSelection:
    """Some rows of a page: where they are in it, and what is known of each, when it is asked for."""

    def __init__(self, rows: "Rows", at: Ints) -> None:
        self._rows, self.at = rows, at

    @cached_property
    def session(self) -> Ints:
        """Ordinals in Rows.sessions."""
        found: Ints = self._rows.session[self.at]
        return found

    @cached_property
    def cell(self) -> Ints:
        """Ordinals in Rows.cells."""
        found: Ints = self._rows.cell[self.at]
        return found

    @cached_property
    def channel(self) -> Ints:
        """Channels by code."""
        return self._rows.channel[self.at].astype(np.int64)

    @cached_property
    def time_ms(self) -> Ints:
        """Unix milliseconds."""
        found: Ints = self._rows.time_ms[self.at]
        return found

    @cached_property
    def who(self) -> Ints:
        """Ordinals in Rows.people."""
        found: Ints = self._rows.who[self.at]
        return found


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who was behind some rows: ordinals of `Rows.people`, traits, and the region's ordinal or -1."""

    viewer: Ints
    traits: npt.NDArray[np.uint8]
    region: Ints


class Rows:
    """The rows of a page of batches. Sessions, products and regions are ordinals of the page's dictionaries.

    `cells` are the pairs (session, Unix minute) that occur, as session << 32 | minute; `cell` is the row's ordinal
    in them. Raises Unsound.
    """

    def __init__(self, batches: Sequence[Columns]) -> None:
        self._batches = batches
        sizes = np.array([batch.rows for batch in batches])
        self.rows = int(sizes.sum())
        self.kind = _joined([batch.kind for batch in batches])
        self._viewer = _joined([batch.viewer for batch in batches])
        self._product = _joined([batch.product for batch in batches])
        self.channel = _joined([batch.channel for batch in batches])
        self._traits = _joined([batch.traits for batch in batches])
        self._region = _joined([batch.region for batch in batches])
        self._dictionaries = np.array([len(batch.viewers) for batch in batches])
        self._check(sizes)
        self._first_viewer = _starts(self._dictionaries)
        self.sessions, session = _merged((batch.session_id,) for batch in batches)
        self.session = np.repeat(session, sizes)
        self.products, self._products = _merged(batch.products for batch in batches)
        self.regions, self._regions = _merged(batch.regions for batch in batches)
        self._first_product = _starts(np.array([len(batch.products) for batch in batches])) - 1
        self._first_region = _starts(np.array([len(batch.regions) for batch in batches])) - 1
        self._batch = np.repeat(np.arange(len(batches)), sizes)
        self._evidence = np.repeat(np.array([batch.evidence for batch in batches]), sizes)
        time_ms = np.repeat(np.array([batch.base_ms for batch in batches]), sizes)
        time_ms += _joined([batch.offset_ms for batch in batches])
        self.time_ms = time_ms
        self.cells, self.cell = self._cells()

    def newest(self) -> dict[UUID, int]:
        """Return the Unix milliseconds of the newest signal of each session."""
        found: dict[UUID, int] = {}
        for batch in self._batches:
            last = batch.base_ms + int(batch.offset_ms.max())
            found[batch.session_id] = max(found.get(batch.session_id, last), last)
        return found

    def slots(self) -> Ints:
        """Return each row's cell and channel as one number."""
        slots: Ints = self.cell * CHANNELS + self.channel
        return slots

    @cached_property
    def people(self) -> tuple[Values, Ints]:
        """The distinct viewers of the page, sorted, and for each place in a batch's dictionary, in order, who it is."""
        values, ordinals = np.unique(_joined([batch.viewers for batch in self._batches]), return_inverse=True)
        return values, ordinals

    @cached_property
    def who(self) -> Ints:
        """Who is behind each row: ordinals of `people`."""
        ordinals: Ints = self.people[1][self._place]
        return ordinals

    @cached_property
    def _place(self) -> Ints:
        """Where each row's viewer is in the dictionaries of the page."""
        place: Ints = self._first_viewer[self._batch] + self._viewer
        return place

    def of_kind(self, *kinds: Kind) -> RowSelection:
        """Return the rows of these kinds."""
        return self._some(np.logical_or.reduce([self.kind == kind for kind in kinds]))

    def sightings(self) -> RowSelection:
        """Return the rows that show that their viewer was in the room."""
        return self._some((self._evidence & (self.kind != Kind.IMPRESSION)) | (self.kind == Kind.PRESENCE))

    def told(self) -> RowSelection:
        """Return the enters and leaves that are believed."""
        return self._some(~self._evidence & ((self.kind == Kind.ENTER) | (self.kind == Kind.LEAVE)))

    def _some(self, wanted: npt.NDArray[np.bool_]) -> RowSelection:
        return RowSelection(self, np.flatnonzero(wanted))

    def product_of(self, some: RowSelection) -> Ints:
        """Return the products of rows that all have one."""
        ordinals: Ints = self._products[self._first_product[self._batch[some.at]] + self._product[some.at]]
        return ordinals

    def viewing(self, some: RowSelection) -> tuple[Values, Viewing]:
        """Return the distinct viewers of the page, sorted, and for each of some rows who it was."""
        where = self._place[some.at]
        local = self._region[where].astype(np.int64)
        region = np.full(len(local), -1)
        told = np.flatnonzero(local)
        region[told] = self._regions[self._first_region[self._batch[some.at[told]]] + local[told]]
        return self.people[0], Viewing(some.who, self._traits[where], region)

    def _cells(self) -> tuple[Ints, Ints]:
        first = int(self.time_ms.min()) // MINUTE_MS
        minute = self.time_ms // MINUTE_MS - first
        span = int(minute.max()) + 1
        pairs, cell = grouped(self.session * span + minute, len(self.sessions) * span)
        session, minutes = np.divmod(pairs, span)
        return (session << 32) | (minutes + first), cell

    def _check(self, sizes: Ints) -> None:
        starts, viewers = _starts(sizes), _starts(self._dictionaries)
        products = np.array([len(batch.products) for batch in self._batches])
        regions = np.array([len(batch.regions) for batch in self._batches])
        sound = (
            not self.kind.tobytes().translate(None, KIND_CODES)
            and not self.channel.tobytes().translate(None, CHANNEL_CODES)
            and not self._traits.tobytes().translate(None, TRAIT_CODES)
            and (np.maximum.reduceat(self._viewer, starts) < self._dictionaries).all()
            and (np.maximum.reduceat(self._product, starts) <= products).all()
            and (np.maximum.reduceat(self._region, viewers) <= regions).all()
            and not (about_a_product(self.kind) & (self._product == 0)).any()
        )
        if not sound:
            raise InvalidBatch


def grouped(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the distinct keys, sorted, and each key's ordinal in them. Keys are below `size`."""
    if size > DENSE:
        distinct, ordinal = np.unique(keys, return_inverse=True)
        return distinct, ordinal
    there = np.zeros(size, dtype=bool)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]


def _joined(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(columns)


def _starts(sizes: Ints) -> Ints:
    return np.cumsum(sizes) - sizes


def _merged(dictionaries: Iterable[Iterable[T]]) -> tuple[list[T], Ints]:
    """Return the distinct words of all dictionaries, and for each word, in order, its ordinal in them."""
    ordinals: dict[T, int] = {}
    words = [ordinals.setdefault(word, len(ordinals)) for words in dictionaries for word in words]
    return list(ordinals), np.array(words, dtype=np.int64)
