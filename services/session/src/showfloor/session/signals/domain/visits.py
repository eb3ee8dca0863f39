"""What a page of signals tells of each session's room: rows as ledgers, no object per signal."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from showfloor.metrics.vocabulary import Kind
from showfloor.session.signals.domain import told
from showfloor.session.signals.domain.hll import Values
from showfloor.session.signals.domain.ledger import EMPTY, Ints, Ledger
from showfloor.session.signals.domain.room import Visits
from showfloor.session.signals.domain.rows import Rows, RowSelection
from showfloor.session.signals.domain.seen import GONE_AFTER_MS

_LARGEST = 1 << 62
_DENSE = 1 << 21  # pairs of session and viewer that are counted rather than sorted


def visits(rows: Rows) -> dict[int, Visits]:
    """Return what is told of each session, by its ordinal."""
    viewers = rows.people[0]
    seen = dict(_seen(rows, rows.sightings(), viewers))
    enters = dict(_told(rows, rows.told(), viewers))
    return {at: Visits(seen.get(at, EMPTY), enters.get(at, EMPTY)) for at in seen.keys() | enters.keys()}


def _seen(rows: Rows, some: RowSelection, viewers: Values) -> Iterator[tuple[int, Ledger]]:
    """Join the sightings that follow each other: thousands of rows become one for each viewer."""
    if not len(some.at):
        return
    when = some.time_ms * 2 + (rows.kind[some.at] != Kind.LEAVE)
    span, pairs = int(when.max() - when.min()), len(rows.sessions) * len(viewers)
    if span < 2 * GONE_AFTER_MS and pairs <= _DENSE:  # a page of a LIVE: all that a viewer does in it is one stay
        pair = some.session * len(viewers) + some.who
        last, first = np.zeros(pairs, dtype=np.int64), np.full(pairs, when.max())
        np.maximum.at(last, pair, when)
        np.minimum.at(first, pair, when)
        there = np.flatnonzero(last)
        session, who = np.divmod(there, len(viewers))
        yield from _by_session(session, viewers[who], first[there] >> 1, last[there])
        return
    session, who, when = _sorted(some.session, some.who, when, len(viewers))
    begins = np.ones(len(session), dtype=bool)
    begins[1:] = (who[1:] != who[:-1]) | (session[1:] != session[:-1])
    begins[1:] |= (when[1:] >> 1) > (when[:-1] >> 1) + GONE_AFTER_MS
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(session)) - 1
    yield from _by_session(session[starts], viewers[who[starts]], when[starts] >> 1, when[ends])


def _told(rows: Rows, some: RowSelection, viewers: Values) -> Iterator[tuple[int, Ledger]]:
    enters = (rows.kind[some.at] == Kind.ENTER).astype(np.int64)
    session, who, when = _sorted(some.session, some.who, some.time_ms * 2 + enters, len(viewers))
    if len(session):
        yield from _by_session(session, viewers[who], when >> 1, np.where(when & 1, told.ENTER, told.LEAVE))


def _sorted(session: Ints, who: Ints, when: Ints, people: int) -> tuple[Ints, Ints, Ints]:
    """Return the columns in order of session, viewer and time. As one number each they sort five times as fast."""
    if not len(session):
        return session, who, when
    base = int(when.min()) & ~1
    span = int(when.max()) - base + 1
    if (int(session.max()) + 1) * people * span >= _LARGEST:
        order = np.lexsort((when, who, session))
        return session[order], who[order], when[order]
    key = (session * people + who) * span + (when - base)
    key.sort()
    pair, after = np.divmod(key, span)
    session, who = np.divmod(pair, people)
    return session, who, after + base


def _by_session(session: Ints, viewer: Values, a: Ints, b: npt.NDArray[np.int64]) -> Iterator[tuple[int, Ledger]]:
    starts = np.flatnonzero(np.diff(session, prepend=-1))
    stops = np.append(starts, len(session))[1:]
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        yield int(session[start]), Ledger(viewer[start:stop], a[start:stop], b[start:stop])
