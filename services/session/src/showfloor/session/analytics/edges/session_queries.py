"""What is asked of the sessions."""

from collections.abc import Sequence
from datetime import datetime
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


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions: those of `scope` that meet every other condition. None: no condition."""

    scope: Scope
    only_accounts: Sequence[UUID] | None = None
    start_from: datetime | None = None
    start_until: datetime | None = None
    query: str = ""
    states: Sequence[str] | None = None
    before_at: datetime | None = None
    before_id: UUID | None = None
    limit: int


_MEETS = """
  (%(only_accounts)s::uuid[] IS NULL OR account_id = ANY(%(only_accounts)s))
  AND (%(start_from)s::timestamptz IS NULL OR started_at >= %(start_from)s)
  AND (%(start_until)s::timestamptz IS NULL OR started_at < %(start_until)s)
  AND title_key LIKE %(pattern)s
  AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
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


async def list_sessions(database: Database, wanted: Wanted) -> list[SessionRow]:
    """Return a page of sessions, newest first."""
    params = msgspec.structs.asdict(wanted)
    scope: Scope = params.pop("scope")
    params |= {"pattern": containing(wanted.query), **scope.values()}
    return await database.fetch(_list_of(wanted), params, into=SessionRow)


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
