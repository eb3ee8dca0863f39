"""The table of LIVEs that are on air now."""

from collections.abc import Sequence
from datetime import UTC

from showfloor.api.session.v1.session_events_pb2 import SessionEnded, WentLive
from showfloor.api.session.v1.session_pb2 import SessionSource
from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.gateway.http.native.shapes import LiveNow
from showfloor.gateway.http.transcode import enum_names

LIMIT = 200
_SOURCES = {number: name for name, number in enum_names(SessionSource.DESCRIPTOR).items()}
_STARTED = """
INSERT INTO live_now (session_id, account_id, shop_id, title, start_time, source, simulated, currency)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (session_id) DO UPDATE SET title = EXCLUDED.title"""
# Safe: the row repeats public events of a LIVE that has ended; the session service keeps the session.
_ENDED = "DELETE FROM live_now WHERE session_id = %s"
_ON_AIR = """
SELECT session_id, account_id, shop_id, title, start_time, source, simulated, currency
FROM live_now ORDER BY start_time DESC, session_id LIMIT %s"""


def started(live: WentLive) -> Statement:
    """Add a LIVE that went on air."""
    row = (
        live.session_id,
        live.account_id,
        live.shop_id,
        live.title,
        live.start_time.ToDatetime(tzinfo=UTC),
        _SOURCES.get(live.source, _SOURCES[0]),
        live.simulated,
        live.currency,
    )
    return Statement(_STARTED, rows=[row])


def ended(live: SessionEnded) -> Statement:
    """Remove a LIVE that is over."""
    return Statement(_ENDED, rows=[(live.session_id,)])


async def on_air(database: Database) -> Sequence[LiveNow]:
    """Return the LIVEs on air, newest first, at most LIMIT."""
    return await database.fetch(_ON_AIR, [LIMIT], into=LiveNow)
