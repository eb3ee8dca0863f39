"""What are the numbers of these sessions? Counted metrics of any page of sessions in two or three queries.

Board, list, comparison, recap and report all come through here, so that they cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics.compute import compute_all
from showfloor.metrics.model import EXPIRED, NOT_APPLICABLE, NOT_KNOWN, Value
from showfloor.metrics.registry import SESSION_METRICS
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.analytics.views import facts
from showfloor.session.signals.domain.sketch import Scope

Presence = Literal["unknown", "evidence", "enters_and_leaves", "counts", "mixed"]

# Columns of signals.session and the metrics they are.
SIGNAL_SUMS: Final = {
    "impressions": "impressions",
    "enters": "views",
    "product_impressions": "product_impressions",
    "product_clicks": "product_clicks",
    "likes": "likes",
    "shares": "shares",
}
OF_AFFILIATES: Final = ("affiliate_gmv", "commission")
IMPORTED: Final = (
    "views", "pcu", "acu", "average_stay", "likes", "gifts", "new_followers", "products", "units_sold", "gmv",
)  # fmt: skip

_ALL = f"""
SELECT s.session_id, to_jsonb(f) AS facts, to_jsonb(g) AS signals, to_jsonb(i) AS imported,
    f.newest AS facts_newest, g.newest AS signals_newest, f.sign, g.heard_at,
    coalesce(b.buyers, 0) AS buyers, coalesce(n.buyers, 0) AS first_time_buyers,
    (SELECT count(*) FROM featured p WHERE p.session_id = s.session_id) AS products,
    (SELECT count(DISTINCT product_id) FROM pin p WHERE p.session_id = s.session_id) AS products_featured,
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


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a session. `until`: the moment that "now" is for it; `signals_newest`: its watermark."""

    counted: Mapping[str, Value]
    ended: bool
    until: datetime | None
    signals_newest: datetime | None = None
    last_sign: datetime | None = None  # of life, by the real clock, while it is on air
    simulated_payments: bool = False  # some of its orders were paid in the test checkout, or a simulated recording
    presence: Presence = "unknown"  # what viewers now, peak and watch time rest on

    def values(self, names: Iterable[str]) -> dict[str, Value]:
        """Return metrics by name. Raises KeyError for a name outside the registry."""
        return compute_all(names, self.counted, "not_known" if self.ended else "not_yet")


async def numbers_of(database: Database, sessions: Sequence[SessionRow], now: datetime) -> dict[UUID, Numbers]:
    """Return the numbers of sessions. One query, whatever the page."""
    if not sessions:
        return {}
    ids = [session.session_id for session in sessions]
    rows = {row["session_id"]: row for row in await database.fetch(_ALL, (ids,))}
    return {session.session_id: _numbers(session, rows[session.session_id], now) for session in sessions}


def moment_of(session: SessionRow, newest: Sequence[datetime | None], now: datetime) -> datetime | None:
    """Return what "now" is for a session: its end, the clock, or for a recording how far it has been played."""
    if session.ended_at is not None or session.started_at is None:
        return session.ended_at
    if session.source == "replay":
        return max([session.started_at, *(moment for moment in newest if moment is not None)])
    return max(session.started_at, now)


def _numbers(session: SessionRow, row: dict[str, Any], now: datetime) -> Numbers:
    until = moment_of(session, (row["facts_newest"], row["signals_newest"]), now)
    ended = session.state == "ended"
    if session.expired:
        return Numbers(counted=dict.fromkeys(SESSION_METRICS, EXPIRED), ended=True, until=until)
    if session.source == "import":
        return Numbers(counted=_imported(session, row), ended=True, until=until, presence="counts")
    counted = {name: Value(float(row[name])) for name in ("products", "products_featured")}
    if session.started_at is not None and until is not None:
        counted["duration"] = Value((until - session.started_at).total_seconds())
        counted |= _facts(session, row)
        if row["signals"] is not None:
            counted |= _signals(session, row, until)
    return Numbers(
        counted=counted,
        ended=ended,
        until=until,
        signals_newest=row["signals_newest"],
        last_sign=_last_sign(session, row),
        simulated_payments=bool((row["facts"] or {}).get("simulated_orders")),
        presence=_presence(row["signals"] or {}),
    )


def _last_sign(session: SessionRow, row: dict[str, Any]) -> datetime | None:
    """Return when a running session last showed that somebody is there: the same as `session_rules.last_sign`."""
    if session.state != "live":
        return None
    recording = session.source == "replay"
    own = session.went_at if recording else session.touched_at
    signs = (session.went_at, own, row["sign"], row["heard_at"] if recording else row["signals_newest"])
    return max(filter(None, signs), default=None)


def _imported(session: SessionRow, row: dict[str, Any]) -> dict[str, Value]:
    """Totals as the source tells them. What it does not tell is not known, never zero."""
    assert session.started_at is not None and session.ended_at is not None
    totals = row["imported"] or {}
    told = {name: totals.get(name) for name in IMPORTED}
    counted = {name: NOT_KNOWN if value is None else Value(float(value)) for name, value in told.items()}
    return counted | {"duration": Value((session.ended_at - session.started_at).total_seconds())}


def _facts(session: SessionRow, row: dict[str, Any]) -> dict[str, Value]:
    """Facts are complete: once a session has run, none is zero. A shop's own account is nobody's affiliate."""
    sums = row["facts"] or {}
    counted = {name: Value(float(sums.get(name, 0))) for name in facts.SUMS}
    if session.affiliate is False:
        counted |= {name: NOT_APPLICABLE for name in OF_AFFILIATES if not counted[name].value}
    return counted | {name: Value(float(row[name])) for name in ("buyers", "first_time_buyers")}


def _signals(session: SessionRow, row: dict[str, Any], until: datetime) -> dict[str, Value]:
    sums, newest = row["signals"], row["signals_newest"]
    counted = {name: Value(float(sums[column])) for column, name in SIGNAL_SUMS.items()}
    for name in ("unique_viewers", "click_uv"):
        counted[name] = Value(float(row[name] or 0))
    ended = session.state == "ended"
    counted["viewers_now"] = Value(
        0.0 if ended else float(sums["inside"] + still_present(sums["fading"], newest, until))
    )
    watched = watch_ms(sums, room_until(newest, session.ended_at))
    exact = session.source == "replay" and ended  # it may have come in any order, and is complete now
    counted["watch_time"] = Value((watched if exact else max(watched, sums["watch_high_ms"])) / 1000)
    counted["pcu"] = Value(float(sums["peak"] if exact else sums["peak_high"]))
    return counted


def still_present(fading: Sequence[int], newest: datetime, now: datetime) -> int:
    """Return how many by evidence are present: seen in the last 75 seconds.

    `fading`: how many were last seen in the second of `newest`, in the one before, and so on.
    """
    passed = max(0, int(now.timestamp()) - int(newest.timestamp()))
    return sum(fading[: max(0, len(fading) - passed)])


def room_until(newest: datetime, ended_at: datetime | None) -> datetime:
    """Return until when those who are told to be inside have watched: of the time after nobody has told yet."""
    return newest if ended_at is None else max(newest, ended_at)


def watch_ms(sums: Mapping[str, Any], until: datetime) -> int:
    """Return what was watched: by evidence, and as told, by those still inside until `until`."""
    return max(0, int(sums["watch_ms"]) + int(sums["stay_ms"]) + int(sums["inside"]) * unix_ms(until))


def unix_ms(moment: datetime) -> int:
    """Return the Unix milliseconds of a moment."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _presence(sums: Mapping[str, Any]) -> Presence:
    match sums.get("by_evidence"), sums.get("by_enters"):
        case True, True:
            return "mixed"
        case True, _:
            return "evidence"
        case _, True:
            return "enters_and_leaves"
        case _:
            return "unknown"
