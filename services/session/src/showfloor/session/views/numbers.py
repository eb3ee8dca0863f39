"""What are the numbers of these sessions? Counted metrics of any page of sessions in two or three queries.

Board, list, comparison, recap and report all come through here, so that they cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics import EXPIRED, NOT_KNOWN, SESSION_METRICS, Value, compute_all, operands
from showfloor.session.signals.sketch import Scope
from showfloor.session.views import facts
from showfloor.session.views.session_list import SessionRow

# Columns of signals.session and the metrics they are.
SIGNAL_SUMS: Final = {
    "impressions": "impressions",
    "enters": "views",
    "product_impressions": "product_impressions",
    "product_clicks": "product_clicks",
    "likes": "likes",
    "shares": "shares",
}
IMPORTED: Final = (
    "views", "pcu", "acu", "average_stay", "likes", "gifts", "new_followers", "products", "units_sold", "gmv",
)  # fmt: skip

_ALL = f"""
SELECT s.session_id, to_jsonb(f) AS facts, to_jsonb(g) AS signals, to_jsonb(i) AS imported,
    f.newest AS facts_newest, g.newest AS signals_newest,
    coalesce(b.buyers, 0) AS buyers, coalesce(n.buyers, 0) AS first_time_buyers,
    (SELECT count(*) FROM featured p WHERE p.session_id = s.session_id) AS products,
    (SELECT estimate FROM signals.distinct_viewers v
     WHERE v.session_id = s.session_id AND v.scope = {int(Scope.SESSION)} AND v.key = '') AS unique_viewers,
    (SELECT estimate FROM signals.distinct_viewers v
     WHERE v.session_id = s.session_id AND v.scope = {int(Scope.CLICKS)} AND v.key = '') AS click_uv
FROM unnest(%s::uuid[]) AS s (session_id)
LEFT JOIN fact_total f USING (session_id)
LEFT JOIN signals.session g USING (session_id)
LEFT JOIN session_import i USING (session_id)
LEFT JOIN session_buyer_count b USING (session_id)
LEFT JOIN account_buyer_count n USING (session_id)"""  # noqa: S608 - constants

# The room at the end of each minute is what came in less what went out, up to then.
_PEAKS = """
SELECT session_id, max(online) AS pcu FROM (
    SELECT session_id, sum(sum(enters) - sum(leaves)) OVER (PARTITION BY session_id ORDER BY minute) AS online
    FROM signals.minute WHERE session_id = ANY(%s) GROUP BY session_id, minute
) AS room GROUP BY session_id"""


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a session. `until`: the moment that "now" is for it; `signals_newest`: its watermark."""

    counted: Mapping[str, Value]
    ended: bool
    until: datetime | None
    signals_newest: datetime | None = None
    simulated_payments: bool = False  # some of its orders were paid in the test checkout, or a simulated recording

    def values(self, names: Iterable[str]) -> dict[str, Value]:
        """Return metrics by name. Raises KeyError for a name outside the registry."""
        return compute_all(names, self.counted, "not_known" if self.ended else "not_yet")


async def numbers_of(
    database: Database, sessions: Sequence[SessionRow], names: Iterable[str], now: datetime
) -> dict[UUID, Numbers]:
    """Return the numbers of sessions, as far as `names` need them. Two queries at most, whatever the page."""
    if not sessions:
        return {}
    ids = [session.session_id for session in sessions]
    rows = {row["session_id"]: row for row in await database.fetch(_ALL, (ids,))}
    peaks: dict[UUID, int] = {}
    if "pcu" in operands(list(names)):
        peaks = {row["session_id"]: row["pcu"] for row in await database.fetch(_PEAKS, (ids,))}
    return {
        session.session_id: _numbers(session, rows[session.session_id], peaks.get(session.session_id), now)
        for session in sessions
    }


def moment_of(session: SessionRow, newest: Sequence[datetime | None], now: datetime) -> datetime | None:
    """Return what "now" is for a session: its end, the clock, or for a recording how far it has been played."""
    if session.ended_at is not None or session.started_at is None:
        return session.ended_at
    if session.source == "replay":
        return max([session.started_at, *(moment for moment in newest if moment is not None)])
    return max(session.started_at, now)


def _numbers(session: SessionRow, row: dict[str, Any], pcu: int | None, now: datetime) -> Numbers:
    until = moment_of(session, (row["facts_newest"], row["signals_newest"]), now)
    ended = session.state == "ended"
    if session.expired:
        return Numbers(counted=dict.fromkeys(SESSION_METRICS, EXPIRED), ended=True, until=until)
    if session.source == "import":
        return Numbers(counted=_imported(session, row), ended=True, until=until)
    counted = {"products": Value(float(row["products"]))}
    if session.started_at is not None and until is not None:
        counted["duration"] = Value((until - session.started_at).total_seconds())
        counted |= _facts(row)
        if row["signals"] is not None:
            counted |= _signals(row, pcu, until, ended=ended)
    return Numbers(
        counted=counted,
        ended=ended,
        until=until,
        signals_newest=row["signals_newest"],
        simulated_payments=bool((row["facts"] or {}).get("simulated_orders")),
    )


def _imported(session: SessionRow, row: dict[str, Any]) -> dict[str, Value]:
    """Totals as the source tells them. What it does not tell is not known, never zero."""
    assert session.started_at is not None and session.ended_at is not None
    totals = row["imported"] or {}
    told = {name: totals.get(name) for name in IMPORTED}
    counted = {name: NOT_KNOWN if value is None else Value(float(value)) for name, value in told.items()}
    return counted | {"duration": Value((session.ended_at - session.started_at).total_seconds())}


def _facts(row: dict[str, Any]) -> dict[str, Value]:
    """Facts are complete: once a session has run, none is zero."""
    sums = row["facts"] or {}
    counted = {name: Value(float(sums.get(name, 0))) for name in facts.SUMS}
    return counted | {name: Value(float(row[name])) for name in ("buyers", "first_time_buyers")}


def _signals(row: dict[str, Any], pcu: int | None, until: datetime, *, ended: bool) -> dict[str, Value]:
    sums = row["signals"]
    counted = {name: Value(float(sums[column])) for column, name in SIGNAL_SUMS.items()}
    inside = sums["enters"] - sums["leaves"]
    counted["viewers_now"] = Value(0.0 if ended else float(max(0, inside)))
    counted["watch_time"] = Value(watch_seconds(int(sums["stay_ms"]), inside, until))
    for name in ("unique_viewers", "click_uv"):
        counted[name] = Value(float(row[name] or 0))
    if pcu is not None:
        counted["pcu"] = Value(float(max(0, pcu)))
    return counted


def watch_seconds(stay_ms: int, inside: int, until: datetime) -> float:
    """Return the time spent in the room: leave times - enter times, and `until` for those still inside."""
    until_ms = (until - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
    return max(0.0, (stay_ms + inside * until_ms) / 1000)
