"""The tables of what hosts did last: what public events write into them, and what Home reads."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.events.home.domain.checklist import LONG, Deed
from showfloor.events.home.domain.promoting import FROM
from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement

_NEWEST: Final = """
ON CONFLICT (account_id, deed) DO UPDATE SET last_at = greatest(host_deed.last_at, EXCLUDED.last_at)"""
_ON_AIR: Final = "INSERT INTO host_on_air VALUES (%s, %s, %s) ON CONFLICT (session_id) DO NOTHING"
# Safe: it says whose LIVE it is, while it is on air.
_OVER: Final = "DELETE FROM host_on_air WHERE session_id = %s"
_DID: Final = f"INSERT INTO host_deed VALUES (%s, %s, %s) {_NEWEST}"  # noqa: S608 - constants
_DID_IN: Final = f"""
INSERT INTO host_deed SELECT account_id, %s::text, %s::timestamptz FROM host_on_air WHERE session_id = %s
AND started_at <= %s {_NEWEST}"""  # noqa: S608 - constants
_DEEDS: Final = "SELECT deed, last_at FROM host_deed WHERE account_id = %s"
_PLANNED: Final = """
SELECT made_at, start_at, recommend_on_videos OR teaser_urls <> '{}' AS promoted FROM live_event
WHERE account_id = %s AND NOT deleted AND start_at > %s ORDER BY start_at DESC LIMIT 500"""
_SOON: Final = """
SELECT event_id, title, start_at, recommend_on_videos OR teaser_urls <> '{}' AS promoted FROM live_event
WHERE account_id = %s AND NOT deleted AND start_at > %s AND start_at <= %s ORDER BY start_at, event_id LIMIT 50"""


class Planned(msgspec.Struct, frozen=True):
    """An event of the account: when it was made, when it starts, and whether anything promotes it."""

    made_at: datetime
    start_at: datetime
    promoted: bool


class Soon(msgspec.Struct, frozen=True):
    """An event that starts soon."""

    event_id: UUID
    title: str
    start_at: datetime
    promoted: bool


def went_live(live: public.WentLive) -> list[Statement]:
    """Keep that a host went on air."""
    at = _moment(live.start_time)
    deed: Deed = "go_live"
    return [
        Statement(_ON_AIR, rows=[(live.session_id, live.account_id, at)]),
        Statement(_DID, rows=[(live.account_id, deed, at)]),
    ]


def ended(live: public.SessionEnded) -> list[Statement]:
    """Keep whether a LIVE was long, and that it is over."""
    at = _moment(live.end_time)
    return [_did("stay_on_air", live.session_id, at, at - LONG), Statement(_OVER, rows=[(live.session_id,)])]


def did(deed: Deed, session_id: str, time: Timestamp) -> Statement:
    """Keep that a host did something in a LIVE on air. In a recording it is nobody's deed."""
    at = _moment(time)
    return _did(deed, session_id, at, at)


async def deeds_of(database: Database, account_id: UUID) -> dict[str, datetime]:
    """Return when an account did each thing last in its LIVEs."""
    rows = await database.fetch(_DEEDS, [account_id])
    return {row["deed"]: row["last_at"] for row in rows}


async def planned_since(database: Database, account_id: UUID, since: datetime) -> Sequence[Planned]:
    """Return the events of an account that start after a moment."""
    return await database.fetch(_PLANNED, [account_id, since], into=Planned)


async def starting_soon(database: Database, account_id: UUID, now: datetime) -> Sequence[Soon]:
    """Return the events of an account of which it may be reminded now."""
    return await database.fetch(_SOON, [account_id, now, now + FROM], into=Soon)


def _did(deed: Deed, session_id: str, at: datetime, began_before: datetime) -> Statement:
    return Statement(_DID_IN, rows=[(deed, at, session_id, began_before)])


def _moment(time: Timestamp) -> datetime:
    return time.ToDatetime(tzinfo=UTC)
