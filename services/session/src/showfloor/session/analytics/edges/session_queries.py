"""What is asked of the sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from showfloor.access.membership.lists import Scope, visible
from showfloor.eventstore.query import Database
from showfloor.session.catalogue.domain.searching import containing
from showfloor.session.show.domain.session import Status
from showfloor.session.show.domain.session_events import (
    Source,
)


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A session as lists and boards show it."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    currency: str
    title: str
    title_key: str
    state: Status
    source: Source
    simulated: bool
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    sort_at: datetime
    pinned_product: UUID | None
    pinned_comment: UUID | None
    bag_size: int
    version: int
    over_at: datetime | None
    expired: bool
    went_at: datetime | None
    touched_at: datetime | None
    for_silence: bool
    affiliate: bool | None = None
    event_id: UUID | None = None
    not_before: datetime | None = None
    sort_value: int = 0  # in a list that is sorted by it


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions: those of `scope` that meet every other condition. None: no condition."""

    scope: Scope
    only_accounts: Sequence[UUID] | None = None
    start_from: datetime | None = None
    start_until: datetime | None = None
    query: str = ""
    states: Sequence[str] | None = None
    event_id: UUID | None = None
    before_at: datetime | None = None
    before_id: UUID | None = None
    limit: int


class Order(msgspec.Struct, frozen=True):
    """The order of a list: by which value, which way, and the value and id after which a page begins."""

    by: Literal["start", "gmv", "units_sold", "duration"] = "start"
    ascending: bool = False
    after_value: int | None = None
    after_id: UUID | None = None


_FILTERS = """
  (%(only_accounts)s::uuid[] IS NULL OR account_id = ANY(%(only_accounts)s))
  AND (%(start_from)s::timestamptz IS NULL OR started_at >= %(start_from)s)
  AND (%(start_until)s::timestamptz IS NULL OR started_at < %(start_until)s)
  AND title_key LIKE %(pattern)s
  AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
  AND (%(event_id)s::uuid IS NULL OR event_id = %(event_id)s)
"""
_MEETS = f"""{_FILTERS}
  AND (sort_at, session_id) < (coalesce(%(before_at)s::timestamptz, 'infinity'),
                               coalesce(%(before_id)s, 'ffffffff-ffff-ffff-ffff-ffffffffffff')::uuid)"""
_PAGE = "ORDER BY sort_at DESC, session_id DESC LIMIT %(limit)s"
# A page of each owner, in the order of its index, then the first of all: with OR, every row would be sorted.
_LIST = f"""
SELECT * FROM (
  SELECT s.* FROM unnest(%(accounts)s::uuid[]) AS owner (id), LATERAL (
    SELECT * FROM session_row WHERE account_id = owner.id AND {_MEETS} {_PAGE}) AS s
  UNION
  SELECT s.* FROM unnest(%(shops)s::uuid[]) AS owner (id), LATERAL (
    SELECT * FROM session_row WHERE shop_id = owner.id AND {_MEETS} {_PAGE}) AS s
) AS found {_PAGE}"""  # noqa: S608 - constants
# For somebody with very many owners: of some accounts, those that they may see; else all sessions in order, or all of
# each state, until a page of theirs is full. What started within a time is sorted by its start.
_LIST_SOME = f"""
SELECT s.* FROM unnest(%(only_accounts)s::uuid[]) AS owner (id)
LEFT JOIN directory_account home ON home.account_id = owner.id, LATERAL (
  SELECT * FROM session_row WHERE account_id = owner.id AND {_MEETS} {_PAGE}) AS s
WHERE {visible("owner.id", "home.shop_id")} {_PAGE}"""  # noqa: S608 - constants
_MANY = f"""{_MEETS}
  AND sort_at >= coalesce(%(start_from)s::timestamptz, '-infinity')
  AND sort_at < coalesce(%(start_until)s::timestamptz, 'infinity')
  AND {visible("s.account_id", "s.shop_id")} {_PAGE}"""
_LIST_MANY = f"SELECT s.* FROM session_row s WHERE {_MANY}"  # noqa: S608 - constants
_LIST_STATES = f"""
SELECT s.* FROM unnest(%(states)s::text[]) AS wanted (one), LATERAL (
  SELECT s.* FROM session_row s WHERE s.state = wanted.one AND {_MANY}) AS s {_PAGE}"""  # noqa: S608 - constants
_OTHERS = """
SELECT * FROM session_row WHERE account_id = %s AND currency = %s AND state = 'ended' AND NOT expired
  AND session_id <> %s
ORDER BY sort_at DESC, session_id DESC LIMIT %s"""


_COUNTED = """CASE WHEN s.source = 'import'
    THEN (SELECT i.{name} FROM session_import i WHERE i.session_id = s.session_id)
    WHEN s.expired OR s.started_at IS NULL THEN NULL
    ELSE coalesce((SELECT f.{name} FROM fact_total f WHERE f.session_id = s.session_id), 0) END"""
_VALUES: Final = {
    "start": "(extract(epoch FROM s.sort_at) * 1000000)::bigint",
    "gmv": _COUNTED.format(name="gmv"),
    "units_sold": _COUNTED.format(name="units_sold"),
    "duration": "(extract(epoch FROM s.ended_at - s.started_at) * 1000000)::bigint",
}
_OWN = "(s.account_id = ANY(%(accounts)s) OR s.shop_id = ANY(%(shops)s))"
_LAST: Final = {True: 2**62, False: -(2**62)}  # what is missing comes last, whichever way


async def sorted_sessions(database: Database, wanted: Wanted, order: Order) -> list[SessionRow]:
    """Return a page of sessions in another order: it looks at all that meet the conditions."""
    than, way = (">", "ASC") if order.ascending else ("<", "DESC")
    sql = f"""
SELECT * FROM (
  SELECT s.*, coalesce({_VALUES[order.by]}, {_LAST[order.ascending]}) AS sort_value
  FROM session_row s WHERE {_mine(wanted)} AND {_FILTERS}
) AS found
WHERE %(after_id)s::uuid IS NULL OR (sort_value, session_id) {than} (%(after_value)s::bigint, %(after_id)s::uuid)
ORDER BY sort_value {way}, session_id {way} LIMIT %(limit)s"""  # noqa: S608 - constants
    params = _params(wanted) | {"after_value": order.after_value, "after_id": order.after_id}
    return await database.fetch(sql, params, into=SessionRow)


async def count_sessions(database: Database, wanted: Wanted) -> int:
    """Return how many sessions meet the conditions, on all pages."""
    sql = f"SELECT count(*) AS many FROM session_row s WHERE {_mine(wanted)} AND {_FILTERS}"  # noqa: S608 - constants
    (row,) = await database.fetch(sql, _params(wanted))
    return int(row["many"])


def _mine(wanted: Wanted) -> str:
    return visible("s.account_id", "s.shop_id") if wanted.scope.many else _OWN


def _params(wanted: Wanted) -> dict[str, Any]:
    params = msgspec.structs.asdict(wanted)
    scope: Scope = params.pop("scope")
    return params | {"pattern": containing(wanted.query), **scope.values()}


async def list_sessions(database: Database, wanted: Wanted) -> list[SessionRow]:
    """Return a page of sessions, newest first."""
    return await database.fetch(_list_of(wanted), _params(wanted), into=SessionRow)


def _list_of(wanted: Wanted) -> str:
    if not wanted.scope.many:
        return _LIST
    if wanted.only_accounts is not None:
        return _LIST_SOME
    return _LIST_MANY if wanted.states is None else _LIST_STATES


async def find_sessions(database: Database, session_ids: Sequence[UUID]) -> list[SessionRow]:
    """Return the sessions with these ids, as far as they exist."""
    sql = "SELECT * FROM session_row WHERE session_id = ANY(%s)"
    return await database.fetch(sql, (list(session_ids),), into=SessionRow)


async def other_ended(database: Database, session: SessionRow, limit: int) -> list[SessionRow]:
    """Return the account's other ended sessions in the same currency whose numbers are still there, newest first."""
    params = (session.account_id, session.currency, session.session_id, limit)
    return await database.fetch(_OTHERS, params, into=SessionRow)
