"""Where did sessions stand when they had been on air as long as this one?

Running totals against whole sessions would always look bad. What can be added up by the minute is compared at the same
elapsed time; distinct viewers and levels are not kept for that moment, and sessions that came in as totals have no
minutes at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from showfloor.eventstore.query import Database
from showfloor.metrics.model import Value
from showfloor.session.analytics.domain.minutes import minute_of
from showfloor.session.analytics.edges.numbers import SIGNAL_SUMS
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.analytics.views import facts

_COLUMNS: Final = {**{name: f"f.{name}" for name in facts.SUMS}, **{m: f"g.{c}" for c, m in SIGNAL_SUMS.items()}}

_SUMS = f"""
SELECT s.session_id, g.session_id IS NOT NULL AS signals, {", ".join(f"{sql} AS {n}" for n, sql in _COLUMNS.items())}
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS s (session_id, first, stop)
LEFT JOIN LATERAL (
    SELECT {", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in facts.SUMS)}
    FROM fact_minute m WHERE m.session_id = s.session_id AND m.minute >= s.first AND m.minute < s.stop
) AS f ON true
LEFT JOIN LATERAL (
    SELECT s.session_id, {", ".join(f"coalesce(sum({c}), 0)::bigint AS {c}" for c in SIGNAL_SUMS)}
    FROM signals.minute m WHERE m.session_id = s.session_id AND m.minute >= s.first AND m.minute < s.stop
      AND EXISTS (SELECT FROM signals.session t WHERE t.session_id = s.session_id) HAVING count(*) > 0
) AS g ON true"""  # noqa: S608 - constants


async def at_elapsed(database: Database, sessions: Sequence[SessionRow], minutes: int) -> dict[UUID, dict[str, Value]]:
    """Return what each session had counted by the minute before `minutes` had passed; without those that have none.

    One query, whatever the number of sessions. A session that was shorter counts with all that it had.
    """
    known = [one for one in sessions if one.source != "import" and one.started_at is not None]
    first = [minute_of(one.started_at) for one in known if one.started_at is not None]
    if not known:
        return {}
    ids = [one.session_id for one in known]
    rows = await database.fetch(_SUMS, (ids, first, [start + minutes for start in first]))
    return {
        row["session_id"]: {name: Value(float(row[name])) for name in _COLUMNS if name in facts.SUMS or row["signals"]}
        for row in rows
    }


def whole_minutes(session: SessionRow, until: datetime) -> int:
    """Return for how many minutes of the clock a session has been on air, the one that runs left out."""
    assert session.started_at is not None
    return max(0, minute_of(until) - minute_of(session.started_at))
