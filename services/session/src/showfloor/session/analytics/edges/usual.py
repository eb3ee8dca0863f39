"""Where do an account's LIVEs usually stand after so many minutes on air? Quartiles at equal elapsed time."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
import numpy.typing as npt

from showfloor.eventstore.query import Database
from showfloor.session.analytics.domain.minutes import minute_of
from showfloor.session.analytics.edges.pace import whole_minutes
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.signals.domain.slots import SLOTS

METRICS: Final = ("gmv", "orders", "product_clicks", "viewers_now")
LIVES: Final = 20  # at most, the newest
LEAST: Final = 3
MOST_MINUTES: Final = 1_440
KEPT: Final = timedelta(minutes=1)  # for which a curve is good: what is paid late changes it, too
MOST_KEPT: Final = 500  # curves, least recently asked for out first

Curve = npt.NDArray[np.float64]
"""A row for each minute that has passed: how many LIVEs count, lower quartile, median, upper quartile."""

_OF: Final = "FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS s (session_id, first, stop)"
_FACTS: Final = f"""
SELECT s.session_id, minute - s.first AS at, gmv, orders {_OF} JOIN fact_minute m USING (session_id)
WHERE minute >= s.first AND minute < s.stop"""
_CLICKS: Final = f"""
SELECT s.session_id, minute - s.first AS at, sum(product_clicks)::bigint AS product_clicks
{_OF} JOIN signals.minute m USING (session_id)
WHERE minute >= s.first AND minute < s.stop GROUP BY s.session_id, at"""
# Those told to be inside add up from the first signal on; those by evidence are counted slot by slot.
_ROOM: Final = f"""
SELECT s.session_id, greatest(slot / {SLOTS} - s.first, 0) AS at, sum(came - went)::bigint AS moved,
    coalesce(max(level) FILTER (WHERE slot %% {SLOTS} = {SLOTS - 1} AND slot >= s.first * {SLOTS}), 0) AS level
{_OF} JOIN signals.presence p USING (session_id)
WHERE slot < s.stop * {SLOTS} GROUP BY s.session_id, at"""
_WITH_SIGNALS: Final = "SELECT session_id FROM signals.session WHERE session_id = ANY(%s)"
_LIVES: Final = """
SELECT * FROM session_row WHERE account_id = %s AND currency = %s AND state = 'ended' AND NOT expired
  AND source <> 'import' AND simulated = %s AND session_id <> %s
ORDER BY sort_at DESC, session_id DESC LIMIT %s"""


class Usual(msgspec.Struct, frozen=True):
    """The curves of some LIVEs by metric; none when there are too few."""

    sessions: int
    curves: Mapping[str, Curve]


class UsualCurves:
    """Computes curves, and keeps them for a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[tuple[UUID, ...], tuple[datetime, Usual]] = OrderedDict()

    async def beside(self, session: SessionRow, now: datetime) -> Usual:
        """Return the curves of the account's other LIVEs. Five queries, however many LIVEs there are."""
        params = (session.account_id, session.currency, session.simulated, session.session_id, LIVES)
        lives = await self._database.fetch(_LIVES, params, into=SessionRow)
        if len(lives) < LEAST:
            return Usual(len(lives), {})
        key = tuple(one.session_id for one in lives)
        kept = self._kept.get(key)
        if kept is not None and timedelta() <= now - kept[0] < KEPT:
            self._kept.move_to_end(key)
            return kept[1]
        found = Usual(len(lives), await _curves(self._database, lives))
        self._kept[key] = now, found
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found


async def _curves(database: Database, lives: Sequence[SessionRow]) -> dict[str, Curve]:
    ids = [one.session_id for one in lives]
    firsts = [minute_of(one.started_at) for one in lives if one.started_at is not None]
    minutes = [min(whole_minutes(one, one.ended_at), MOST_MINUTES) for one in lives if one.ended_at is not None]
    params = (ids, firsts, [first + most for first, most in zip(firsts, minutes, strict=True)])
    facts, clicks = await database.fetch(_FACTS, params), await database.fetch(_CLICKS, params)
    room = await database.fetch(_ROOM, params)
    with_signals = {row["session_id"] for row in await database.fetch(_WITH_SIGNALS, (ids,))}
    shape = len(lives), max(minutes)
    place = {session_id: at for at, session_id in enumerate(ids)}
    lasted = np.arange(1, shape[1] + 1) <= np.array(minutes)[:, np.newaxis]
    told = np.array([session_id in with_signals for session_id in ids])[:, np.newaxis]

    def table(rows: Sequence[Mapping[str, Any]], name: str) -> npt.NDArray[np.float64]:
        values = np.zeros(shape)
        for row in rows:
            values[place[row["session_id"]], row["at"]] += row[name]
        return values

    viewers = np.maximum(table(room, "moved").cumsum(axis=1) + table(room, "level"), 0)
    values = {
        "gmv": (table(facts, "gmv").cumsum(axis=1), lasted),
        "orders": (table(facts, "orders").cumsum(axis=1), lasted),
        "product_clicks": (table(clicks, "product_clicks").cumsum(axis=1), lasted & told),
        "viewers_now": (viewers, lasted & told),
    }
    return {name: curve(*values[name]) for name in METRICS}


def curve(values: npt.NDArray[np.float64], counts: npt.NDArray[np.bool_]) -> Curve:
    """Return the quartiles of a table (a row for each LIVE, a column for each minute passed) where its cells count.

    It ends where fewer than `LEAST` count.
    """
    many = counts.sum(axis=0)
    enough = int(np.argmax(many < LEAST)) if (many < LEAST).any() else len(many)
    if enough == 0:
        return np.zeros((0, 4))
    known = np.where(counts, values, np.nan)[:, :enough]
    return np.vstack([many[:enough], np.nanpercentile(known, (25, 50, 75), axis=0)]).T
