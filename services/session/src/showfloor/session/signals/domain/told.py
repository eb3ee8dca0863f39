"""Presence by enters and leaves, as a trusted source tells them: a leave ends a stay of its own viewer, or nothing.

Rows are what waits for its other half: `a` is the time, `b` 1 for an enter and 0 for a leave that came before its
enter. Nobody's leaves, however many, take anybody else out of the room.
"""

from dataclasses import dataclass

import numpy as np

from showfloor.session.signals.domain.ledger import Ints, Ledger, Mask

ENTER, LEAVE = 1, 0


@dataclass(frozen=True, slots=True)
class Paired:
    """What came of the events of some viewers: the leaves that ended a stay, and what waits now."""

    left: Ints  # times
    waiting: Ledger


def pair(events: Ledger) -> Paired:
    """Pair the enters and leaves of viewers: a leave ends the stay that began last.

    Events are in order of viewer and time, in one moment the enter first.
    """
    if not len(events):
        return Paired(events.a, events)
    enters, group = events.b == ENTER, events.group
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    step = np.where(enters, 1, -1)
    balance = np.cumsum(step)
    balance -= (balance - step)[starts][group]  # from 0 for each viewer
    apart = 2 * len(events) + 2
    lowest = np.minimum.accumulate(balance - group * apart) + group * apart
    before = np.roll(lowest, 1)
    before[starts] = 0
    surplus = ~enters & (balance < np.minimum(before, 0))  # nobody was there to leave
    inside = balance - np.minimum(lowest, 0)
    later = (np.minimum.accumulate((inside + group * apart)[::-1])[::-1]) - group * apart
    stays = enters & (later >= inside)
    return Paired(events.a[~enters & ~surplus], events.where(surplus | stays))


def too_old(waiting: Ledger, since_ms: int) -> Mask:
    """Return which leaves can no longer get their enter: none from before `since_ms` is taken."""
    old: Mask = (waiting.b == LEAVE) & (waiting.a < since_ms)
    return old
