"""The table of past LIVEs: what public events write into it, and what a suggestion reads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.events.suggested_time.domain.past_live import PastLive
from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement

_BEGUN: Final = """
INSERT INTO past_live (session_id, account_id, currency, imported, simulated, started_at)
VALUES (%s, %s, %s, false, %s, %s) ON CONFLICT (session_id) DO NOTHING"""
_ENDED: Final = "UPDATE past_live SET ended_at = %s WHERE session_id = %s"
_REPORTED: Final = """
UPDATE past_live SET gmv = %s, impressions = %s, average_viewers = %s, simulated = simulated OR %s
WHERE session_id = %s"""
_IMPORTED: Final = """
INSERT INTO past_live
    (session_id, account_id, currency, imported, simulated, started_at, ended_at, gmv, average_viewers)
VALUES (%s, %s, %s, true, false, %s, %s, %s, %s)
ON CONFLICT (session_id) DO UPDATE SET currency = EXCLUDED.currency, started_at = EXCLUDED.started_at,
    ended_at = EXCLUDED.ended_at, gmv = EXCLUDED.gmv, average_viewers = EXCLUDED.average_viewers"""
# Safe: the details of these LIVEs are gone at the session service, too; their days keep the totals.
_EXPIRED: Final = "DELETE FROM past_live WHERE NOT imported AND ended_at < %s"
_OF_ACCOUNT: Final = """
SELECT currency, simulated, started_at, ended_at, gmv AS gmv_minor, impressions, average_viewers FROM past_live
WHERE account_id = %s AND ended_at > started_at AND (imported OR ended_at > %s)
ORDER BY started_at DESC LIMIT %s"""
LIMIT: Final = 1_000  # rows of one question; how many of them count is policy


class History(NamedTuple):
    """The past of an account. `currency` is that of all money in it; empty when none is known."""

    lives: list[PastLive]
    currency: str
    simulated: bool


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    currency: str
    simulated: bool
    started_at: datetime
    ended_at: datetime
    gmv_minor: int | None
    impressions: int | None
    average_viewers: float | None


def begun(live: public.WentLive) -> Statement:
    """Keep that a LIVE went on air."""
    start = live.start_time.ToDatetime(tzinfo=UTC)
    return Statement(_BEGUN, rows=[(live.session_id, live.account_id, live.currency, live.simulated, start)])


def ended(live: public.SessionEnded, kept: timedelta) -> list[Statement]:
    """Keep when a LIVE ended. What is older than `kept` by then goes."""
    end = live.end_time.ToDatetime(tzinfo=UTC)
    return [Statement(_ENDED, rows=[(end, live.session_id)]), Statement(_EXPIRED, rows=[(end - kept,)])]


def reported(report: public.SessionReported) -> Statement:
    """Keep the figures of a final report; a later one takes the place of those before."""
    known = {one.metric: one.value for one in report.readings if one.HasField("value")}
    counts = (None if known.get(name) is None else round(known[name]) for name in ("gmv", "impressions"))
    return Statement(_REPORTED, rows=[(*counts, known.get("acu"), report.simulated, report.session_id)])


def imported(session_id: str, account_id: str, totals: PastSession) -> Statement:
    """Keep an imported LIVE, or what it was put right to."""
    start = totals.start_time.ToDatetime(tzinfo=UTC)
    end = start + timedelta(seconds=totals.duration_s)
    gmv = totals.gmv.minor if totals.HasField("gmv") else None
    viewers = totals.average_viewers if totals.HasField("average_viewers") else None
    return Statement(
        _IMPORTED, rows=[(session_id, account_id, totals.gmv.currency, start, end, gmv, viewers)]
    )  # fmt: skip


async def history_of(database: Database, account_id: UUID, since: datetime) -> History:
    """Return the past LIVEs of an account; of our own those that ended after `since`.

    Simulated ones count where there are no others. Money of another currency than the newest counts as not known.
    """
    rows = await database.fetch(_OF_ACCOUNT, [account_id, since, LIMIT], into=_Row)
    real = [row for row in rows if not row.simulated]
    return _history(real or rows, simulated=bool(rows) and not real)


def _history(rows: Sequence[_Row], *, simulated: bool) -> History:
    currency = next((row.currency for row in rows if row.gmv_minor is not None), "")
    lives = [
        PastLive(
            started_at=row.started_at,
            ended_at=row.ended_at,
            gmv_minor=row.gmv_minor if row.currency == currency else None,
            impressions=row.impressions,
            average_viewers=row.average_viewers,
        )
        for row in rows
    ]
    return History(lives, currency, simulated)
