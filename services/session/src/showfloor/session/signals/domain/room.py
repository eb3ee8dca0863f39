"""The room of a session: who is present, what was watched, the peak. Pure: what a page brings in, what changes out."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from showfloor.session.signals.domain import seen, slots, told
from showfloor.session.signals.domain.hll import Values
from showfloor.session.signals.domain.ledger import EMPTY, Ints, Ledger, distinct, join
from showfloor.session.signals.domain.slots import SLOT_MS

LATE_MS: Final = 600_000
"""Live signals come at most so late: ingest refuses them after 5 to 6 minutes. Those of a recording always come."""
MAX_PRESENT: Final = 500_000  # viewers of one room that are followed one by one; more are not counted as present


@dataclass(frozen=True, slots=True)
class Visits:
    """What a page of signals tells of the room: sightings as stays (see `seen`), enters and leaves (see `told`)."""

    seen: Ledger = EMPTY
    told: Ledger = EMPTY


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is after some pages.

    `slot`, `level` and `net` lie side by side: in each slot, how many were present by evidence, and how many more came
    than left. `peak` and `watched_ms` may fall when a leave comes late; `peak_high` and `watch_high_ms` never do.
    """

    seen: Ledger = EMPTY
    told: Ledger = EMPTY
    slot: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    level: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    net: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    inside: int = 0  # entered and not left, as told
    stay_ms: int = 0  # leave times - enter times, as told
    watch_ms: int = 0  # seen
    newest_ms: int = 0
    peak_high: int = 0
    watch_high_ms: int = 0
    by_evidence: bool = False
    by_enters: bool = False

    @property
    def size(self) -> int:
        """Bytes held."""
        return self.seen.size + self.told.size + 3 * self.slot.nbytes

    @property
    def peak(self) -> int:
        """The most that were present in one slot."""
        return int((self.level + np.cumsum(self.net)).max()) if len(self.slot) else 0

    @property
    def watched_ms(self) -> int:
        """What was seen, and what was told up to the newest signal."""
        return self.watch_ms + self.stay_ms + self.inside * self.newest_ms


@dataclass(frozen=True, slots=True)
class Change:
    """What a page changed.

    `slots` rows: (slot, level, came, went, came_ms, went_ms, watch_ms), each to be added; `touched_*`: the viewers
    whose rows in the ledgers are others now; `dropped`: what did not count, by reason.
    """

    slots: list[tuple[int, ...]]
    touched_seen: Values
    touched_told: Values
    dropped: Counter[str]


def advance(room: Room, visits: Visits, newest_ms: int, *, recorded: bool) -> tuple[Room, Change]:
    """Return the room after a page, and what it changed. Pages may come in any order and any cut."""
    dropped: Counter[str] = Counter()
    newest = max(room.newest_ms, newest_ms)
    before, since = (0, 0) if recorded else (room.newest_ms - LATE_MS, newest - LATE_MS)
    fresh = _taken(visits.seen, room.seen, before, dropped)
    events = _taken(visits.told, room.told, before, dropped)
    seen_now, level, watched = _see(room.seen, fresh)
    waiting, left = _tell(room.told, events)
    came = events.a[events.b == told.ENTER]
    late = told.too_old(waiting, since)
    dropped["leave_without_enter"] += int(late.sum())
    columns = _slots(level, watched, came, left)
    slot, (levels, net) = slots.summed(
        np.concatenate((room.slot, columns[0])),
        np.concatenate((room.level, columns[1])),
        np.concatenate((room.net, columns[2] - columns[3])),
    )
    changed = replace(
        room,
        seen=seen_now.where(seen.lasting(seen_now, since)),
        told=waiting.where(~late),
        slot=slot,
        level=levels,
        net=net,
        inside=room.inside + len(came) - len(left),
        stay_ms=room.stay_ms + int(left.sum()) - int(came.sum()),
        watch_ms=room.watch_ms + int(watched[1].sum()),
        newest_ms=newest,
        by_evidence=room.by_evidence or len(fresh) > 0,
        by_enters=room.by_enters or len(events) > 0,
    )
    changed = replace(
        changed,
        peak_high=max(room.peak_high, changed.peak),
        watch_high_ms=max(room.watch_high_ms, changed.watched_ms),
    )
    rows = np.column_stack(columns).tolist()
    return changed, Change(list(map(tuple, rows)), distinct(fresh.viewer), distinct(events.viewer), +dropped)


def _taken(rows: Ledger, held: Ledger, since_ms: int, dropped: Counter[str]) -> Ledger:
    """Leave out what is too late to be put in its place, and who comes into a room that is full."""
    late = rows.a < since_ms
    dropped["too_late"] += int(late.sum())
    full = np.zeros(len(rows), dtype=bool)
    if len(held) + len(rows) > MAX_PRESENT:
        room_for = max(0, MAX_PRESENT - len(held))
        strangers = ~held.holds(rows.viewer)
        full = strangers & (np.cumsum(strangers) > room_for)
        dropped["room_full"] += int(full.sum())
    return rows.where(~late & ~full) if late.any() or full.any() else rows


def _see(before: Ledger, fresh: Ledger) -> tuple[Ledger, slots.Spread, slots.Spread]:
    if not len(fresh):
        return before, (fresh.a, fresh.a), (fresh.a, fresh.a)
    viewers = distinct(fresh.viewer)
    old = before.of(viewers)
    now = seen.joined(old, fresh, viewers)
    level, watched = seen.difference(old, now)
    return before.replaced(viewers, now), level, watched


def _tell(before: Ledger, events: Ledger) -> tuple[Ledger, Ints]:
    if not len(events):
        return before, events.a
    viewers = distinct(events.viewer)
    paired = told.pair(join(before.of(viewers), events, viewers))
    return before.replaced(viewers, paired.waiting), paired.left


def _slots(level: slots.Spread, watched: slots.Spread, came: Ints, left: Ints) -> list[Ints]:
    """Return the slots that change, and by how much, column by column."""
    parts = (level[0], came // SLOT_MS, left // SLOT_MS, watched[0])
    sizes = [len(part) for part in parts]

    def column(at: int, values: Ints) -> Ints:
        whole = np.zeros(sum(sizes), dtype=np.int64)
        start = sum(sizes[:at])
        whole[start : start + sizes[at]] = values
        return whole

    slot, sums = slots.summed(
        np.concatenate(parts),
        column(0, level[1]),
        column(1, np.ones(len(came), dtype=np.int64)),
        column(2, np.ones(len(left), dtype=np.int64)),
        column(1, came % SLOT_MS),
        column(2, left % SLOT_MS),
        column(3, watched[1]),
    )
    return [slot, *sums]
