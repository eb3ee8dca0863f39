"""How did any metrics move over any interval of a session?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from showfloor.eventstore.query import Database
from showfloor.metrics.compute import compute
from showfloor.metrics.model import Value
from showfloor.metrics.registry import operands
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.analytics.edges.numbers import SIGNAL_SUMS, room_until, unix_ms
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.analytics.views import facts
from showfloor.session.signals.domain import sketch
from showfloor.session.signals.domain.columns import MINUTE_MS
from showfloor.session.signals.domain.sketch import Scope
from showfloor.session.signals.domain.slots import SLOT_MS, SLOTS

MAX_POINTS: Final = 240  # chosen by us
MOST_POINTS: Final = 1_440  # asked for
MAX_STEP: Final = 60  # minutes

Numbers = npt.NDArray[np.int64]

_SIGNALS = """
SELECT minute, sum(impressions)::bigint AS impressions, sum(enters)::bigint AS enters,
    sum(product_impressions)::bigint AS product_impressions, sum(product_clicks)::bigint AS product_clicks,
    sum(likes)::bigint AS likes, sum(shares)::bigint AS shares
FROM signals.minute WHERE session_id = %s AND minute >= %s AND minute < %s GROUP BY minute"""
_ROOM = "SELECT * FROM signals.presence WHERE session_id = %s AND slot >= %s AND slot < %s"
_BEFORE = """
SELECT newest, (SELECT coalesce(sum(came - went), 0)::bigint FROM signals.presence p
                WHERE p.session_id = s.session_id AND slot < %s) AS inside
FROM signals.session s WHERE session_id = %s"""
_FACTS = "SELECT * FROM fact_minute WHERE session_id = %s AND minute >= %s AND minute < %s"
_SKETCHES = """
SELECT key::integer AS minute, sketch FROM signals.distinct_viewers
WHERE session_id = %s AND scope = %s AND key::integer >= %s AND key::integer < %s"""
_STEP = "(floor(extract(epoch FROM {time}))::bigint / 60 - %s) / %s"
_BUYERS = f"""
SELECT {_STEP.format(time="paid_at")} AS step, count(DISTINCT viewer_ref) AS value
FROM order_row WHERE session_id = %s AND paid_at >= %s AND paid_at < %s AND viewer_ref <> '' GROUP BY step"""  # noqa: S608
_FIRST = f"""
SELECT {_STEP.format(time="at")} AS step, count(*) AS value
FROM account_buyer WHERE session_id = %s AND at >= %s AND at < %s GROUP BY step"""  # noqa: S608
_ROOM_COLUMNS: Final = ("level", "came", "went", "came_ms", "went_ms", "watch_ms")
_DISTINCT: Final = {"unique_viewers": Scope.MINUTE, "click_uv": Scope.CLICK_MINUTE}
_COUNTED_BY_STEP: Final = {"buyers": _BUYERS, "first_time_buyers": _FIRST}


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Points in time: `steps` of `step` minutes from Unix minute `first` on. `known_until`: nothing is known after."""

    first: int
    step: int
    steps: int
    started_at: datetime
    known_until: datetime

    @property
    def stop(self) -> int:
        """The Unix minute after the last."""
        return self.first + self.step * self.steps

    @property
    def times(self) -> list[datetime]:
        """The start of each step."""
        return [minute_start(self.first + at * self.step) for at in range(self.steps)]

    def on_air(self, at: int) -> float:
        """Seconds of a step that the session was on air."""
        start = minute_start(self.first + at * self.step)
        end = start + timedelta(minutes=self.step)
        return max(0.0, (min(end, self.known_until) - max(start, self.started_at)).total_seconds())


def grid(session: SessionRow, start: datetime, until: datetime, known_until: datetime, step: int) -> Grid:
    """Return the points from `start` to `until`. `step` 0 chooses so that at most 240 come back."""
    first, stop = minute_of(start), minute_of(until - timedelta(microseconds=1)) + 1
    minutes = max(1, stop - first)
    step = step or max(1, -(-minutes // MAX_POINTS))
    assert session.started_at is not None
    return Grid(
        first=first,
        step=step,
        steps=-(-minutes // step),
        started_at=session.started_at,
        known_until=known_until,
    )


async def trend(database: Database, session: SessionRow, points: Grid, names: Sequence[str]) -> dict[str, list[Value]]:
    """Return one value per point for each metric. Points before the start or still to come have none."""
    needed = operands(list(names))
    counted: dict[str, Sequence[float] | None] = {}
    counted |= await _facts(database, session, points)
    counted |= await _signals(database, session, points)
    for name, scope in _DISTINCT.items():
        if name in needed and counted["views"] is not None:
            counted[name] = await _viewers(database, session, points, scope)
    for name, sql in _COUNTED_BY_STEP.items():
        if name in needed:
            counted[name] = await _by_step(database, session, points, sql)
    counted["duration"] = [points.on_air(at) for at in range(points.steps)]
    return {name: [_value(name, counted, points, at) for at in range(points.steps)] for name in names}


def _value(name: str, counted: Mapping[str, Sequence[float] | None], points: Grid, at: int) -> Value:
    if points.on_air(at) <= 0 and not _happened(counted, at):
        return Value(None, "not_yet")
    here = {key: Value(float(row[at])) for key, row in counted.items() if row is not None}
    return compute(name, here)


def _happened(counted: Mapping[str, Sequence[float] | None], at: int) -> bool:
    """True when facts were recorded outside the time on air, such as a late payment."""
    return any(row is not None and row[at] for name, row in counted.items() if name in facts.SUMS)


async def _facts(database: Database, session: SessionRow, points: Grid) -> dict[str, Sequence[float] | None]:
    rows = await database.fetch(_FACTS, (session.session_id, points.first, points.stop))
    return {name: _steps(_column(rows, name, points.first, points.stop), points) for name in facts.SUMS}


async def _signals(database: Database, session: SessionRow, points: Grid) -> dict[str, Sequence[float] | None]:
    before = await database.fetch_one(_BEFORE, (points.first * SLOTS, session.session_id))
    if before is None:
        return dict.fromkeys((*SIGNAL_SUMS.values(), "viewers_now", "pcu", "watch_time"))
    rows = await database.fetch(_SIGNALS, (session.session_id, points.first, points.stop))
    found: dict[str, Sequence[float] | None] = {
        name: _steps(_column(rows, column, points.first, points.stop), points) for column, name in SIGNAL_SUMS.items()
    }
    slots = (points.first * SLOTS, points.stop * SLOTS)
    rows = await database.fetch(_ROOM, (session.session_id, *slots))
    room = {name: _column(rows, name, *slots, key="slot") for name in _ROOM_COLUMNS}
    return found | _room(room, before["inside"], room_until(before["newest"], session.ended_at), points)


def _room(room: Mapping[str, Numbers], before: int, until: datetime, points: Grid) -> dict[str, Sequence[float]]:
    """Return the room by step: the level at its end, or now; the highest of its slots; what was watched.

    `before` were told to be inside when the first step begins. What is told counts until `until`.
    """
    inside = before + np.cumsum(room["came"] - room["went"])
    level = np.maximum(room["level"] + inside, 0)
    wide = points.step * SLOTS
    known = (unix_ms(points.known_until) - 1) // SLOT_MS - points.first * SLOTS
    ends = np.minimum(np.arange(1, points.steps + 1) * wide - 1, np.clip(known, 0, len(level) - 1))
    starts = np.concatenate(([before], inside[:-1]))
    slot_ms = np.arange(len(level), dtype=np.int64) * SLOT_MS
    told_ms = np.clip(unix_ms(until) - points.first * MINUTE_MS - slot_ms, 0, SLOT_MS)
    watched = room["watch_ms"] + starts * told_ms
    watched += room["came"] * told_ms - room["came_ms"] - (room["went"] * told_ms - room["went_ms"])
    return {
        "viewers_now": level[ends].tolist(),
        "pcu": level.reshape(points.steps, wide).max(axis=1).tolist(),
        "watch_time": (np.maximum(watched.reshape(points.steps, wide).sum(axis=1), 0) / 1000).tolist(),
    }


async def _viewers(database: Database, session: SessionRow, points: Grid, scope: Scope) -> list[float]:
    rows = await database.fetch(_SKETCHES, (session.session_id, int(scope), points.first, points.stop))
    steps: list[list[sketch.Sketch]] = [[] for _ in range(points.steps)]
    for row in rows:
        steps[(row["minute"] - points.first) // points.step].append(sketch.from_bytes(row["sketch"]))
    return [float(sketch.union(found).estimate) for found in steps]


async def _by_step(database: Database, session: SessionRow, points: Grid, sql: str) -> list[float]:
    bounds = (minute_start(points.first), minute_start(points.stop))
    rows = await database.fetch(sql, (points.first, points.step, session.session_id, *bounds))
    values = [0.0] * points.steps
    for row in rows:
        values[int(row["step"])] = float(row["value"])
    return values


def _column(rows: Iterable[Mapping[str, Any]], name: str, first: int, stop: int, key: str = "minute") -> Numbers:
    column = np.zeros(stop - first, dtype=np.int64)
    for row in rows:
        column[row[key] - first] = row[name]
    return column


def _steps(column: Numbers, points: Grid) -> list[float]:
    """Sum a column of minutes up by step."""
    sums: list[float] = column.reshape(points.steps, points.step).sum(axis=1).tolist()
    return sums
