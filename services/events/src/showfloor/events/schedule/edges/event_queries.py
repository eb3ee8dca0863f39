"""What is asked of the events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.membership.lists import Scope, visible
from showfloor.events.schedule.domain.schedule import EventSession, LiveEvent
from showfloor.events.schedule.domain.schedule_events import Origin
from showfloor.eventstore.query import Database

REACH: Final = timedelta(days=7)
"""How long before a moment an event that still runs then may have started: a list looks no further back."""

_SESSIONS: Final = """
(SELECT coalesce(json_agg(json_build_object('session_id', s.session_id, 'number', s.number, 'started_at', s.started_at,
    'ended_at', s.ended_at) ORDER BY s.number), '[]') FROM event_session s WHERE s.event_id = e.event_id) AS sessions"""
_FIND: Final = f"SELECT e.*, {_SESSIONS} FROM live_event e WHERE e.event_id = %s"  # noqa: S608 - constants
_TOUCHES: Final = """NOT e.deleted
  AND (%(after)s::timestamptz IS NULL OR (e.start_at > %(reach)s
    AND (e.end_at > %(after)s OR e.over_at > %(after)s OR (e.on_air AND %(after)s <= %(now_at)s))))
  AND (%(before)s::timestamptz IS NULL OR e.start_at < %(before)s)"""


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the tables have it."""

    event_id: UUID
    account_id: UUID
    shop_id: UUID
    title: str
    description: str
    start_at: datetime
    end_at: datetime
    time_zone: str
    origin: Origin
    recommend_on_videos: bool
    teaser_urls: list[str]
    sequence: int
    changes: int
    made_at: datetime
    on_air: bool
    over_at: datetime | None
    deleted: bool
    sessions: list[dict[str, Any]]

    def event(self) -> LiveEvent:
        """Return the event."""
        return LiveEvent(
            event_id=self.event_id, account_id=self.account_id, shop_id=self.shop_id, title=self.title,
            description=self.description, start_at=self.start_at, end_at=self.end_at, time_zone=self.time_zone,
            origin=self.origin, sessions=msgspec.convert(self.sessions, tuple[EventSession, ...]),
            recommend_on_videos=self.recommend_on_videos, teaser_urls=tuple(self.teaser_urls),
            sequence=self.sequence, version=self.changes, made_at=self.made_at, over_at=self.over_at,
            deleted=self.deleted,
        )  # fmt: skip


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which events: of one account, or of all that a scope shows; those that touch a time. None: no condition.

    `place`: the start and the id after which the page begins.
    """

    scope: Scope | None = None
    account_id: UUID | None = None
    after: datetime | None = None
    before: datetime | None = None
    latest_first: bool = False
    place: tuple[datetime, UUID] | None = None
    limit: int
    now: datetime


async def find_event(database: Database, event_id: UUID) -> EventRow | None:
    """Return an event, also one that was deleted."""
    return await database.fetch_one(_FIND, [event_id], into=EventRow)


async def list_events(database: Database, wanted: Wanted) -> Sequence[EventRow]:
    """Return a page of events in the order of their starts."""
    than, way = ("<", "DESC") if wanted.latest_first else (">", "ASC")
    meets = f"{_TOUCHES} AND (%(at)s::timestamptz IS NULL OR (e.start_at, e.event_id) {than} (%(at)s, %(id)s::uuid))"
    page = f"ORDER BY e.start_at {way}, e.event_id {way} LIMIT %(limit)s"
    if wanted.scope is None:
        chosen = f"SELECT e.* FROM live_event e WHERE e.account_id = %(account)s AND {meets} {page}"  # noqa: S608
    elif wanted.scope.many:
        # For somebody with very many owners: all events in order, until a page of theirs is full.
        mine = visible("e.account_id", "e.shop_id")
        chosen = f"SELECT e.* FROM live_event e WHERE {meets} AND {mine} {page}"  # noqa: S608 - constants
    else:
        # A page of each owner, in the order of its index, then the first of all: with OR, every row would be sorted.
        of = "SELECT e.* FROM unnest(%({0}s)s::uuid[]) AS owner (id), LATERAL (SELECT e.* FROM live_event e"
        each = " UNION ".join(
            f"{of.format(owner)} WHERE e.{owner}_id = owner.id AND {meets} {page}) AS e"
            for owner in ("account", "shop")
        )
        chosen = f"SELECT e.* FROM ({each}) AS e {page}"  # noqa: S608 - constants
    sql = f"SELECT e.*, {_SESSIONS} FROM ({chosen}) AS e ORDER BY e.start_at {way}, e.event_id {way}"  # noqa: S608
    return await database.fetch(sql, _params(wanted), into=EventRow)


def _params(wanted: Wanted) -> dict[str, Any]:
    scope = wanted.scope.values() if wanted.scope is not None else {}
    at, last = wanted.place or (None, None)
    reach = wanted.after - REACH if wanted.after is not None else None
    return {
        **scope, "account": wanted.account_id, "after": wanted.after, "reach": reach, "before": wanted.before,
        "at": at, "id": last, "limit": wanted.limit, "now_at": wanted.now,
    }  # fmt: skip
