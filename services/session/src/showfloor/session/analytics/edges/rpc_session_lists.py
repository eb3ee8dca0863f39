"""BoardService: lists over many sessions. SQL keeps what the caller may see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.membership.lists import Scope
from showfloor.access.resources import System
from showfloor.api.session.v1 import analytics_service_pb2 as board_pb
from showfloor.kernel.refusal import invalid
from showfloor.metrics.registry import LIST_DEFAULT, SESSION_METRICS
from showfloor.rpc import checks, cursors
from showfloor.service.allowing import listed, may
from showfloor.session.analytics.edges.day_queries import DayRow, WantedDays, list_days
from showfloor.session.analytics.edges.numbers import numbers_of
from showfloor.session.analytics.edges.reads import BOARD, Reads, metric_names, reading_messages, row_message
from showfloor.session.analytics.edges.session_queries import Wanted, list_sessions
from showfloor.session.show.edges.messages import STATES

MAX_QUERY: Final = 100
MAX_ACCOUNTS: Final = 200
_STATE_WORDS: Final[dict[int, str]] = {number: word for word, number in STATES.items()}


class AfterSession(msgspec.Struct, frozen=True):
    """The last session of a page."""

    at: datetime
    session_id: UUID


class AfterDay(msgspec.Struct, frozen=True):
    """The last row of a page of daily totals."""

    account_id: UUID
    shop_id: UUID
    day: date
    currency: str
    simulated: bool


class SessionLists:
    """The lists of BoardService."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def ListSessions(self, request: board_pb.ListSessionsRequest, _: Any) -> board_pb.ListSessionsResponse:
        await may(System())
        names = metric_names(request.metrics, LIST_DEFAULT, len(SESSION_METRICS))
        size = checks.page_size(request.page_size)
        filters = cursors.filters_of(request, "page_token", "page_size", "metrics", "min_position")
        after = cursors.decode(request.page_token, AfterSession, filters)
        wanted = _wanted_sessions(request, await listed(), size, after)
        await self._reads.reached(BOARD, request.min_position)
        rows = await list_sessions(self._reads.database, wanted)
        page, more = rows[:size], len(rows) > size
        numbers = await numbers_of(self._reads.database, page, self._reads.clock())
        last = AfterSession(page[-1].sort_at, page[-1].session_id) if more else None
        return board_pb.ListSessionsResponse(
            sessions=[
                board_pb.SessionRow(
                    session=row_message(self._reads, row, numbers[row.session_id]),
                    readings=reading_messages(numbers[row.session_id].values(names), row.currency),
                )
                for row in page
            ],
            next_page_token=cursors.encode(last, filters) if last else "",
        )

    async def ListDailyTotals(
        self, request: board_pb.ListDailyTotalsRequest, _: Any
    ) -> board_pb.ListDailyTotalsResponse:
        await may(System())
        size = checks.page_size(request.page_size)
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterDay, filters)
        wanted = WantedDays(
            scope=await listed(),
            only_accounts=_accounts(request.account_ids),
            from_day=checks.day("from_day", request.from_day),
            until_day=checks.day("until_day", request.until_day),
            before=msgspec.structs.astuple(after) if after else None,
            limit=size + 1,
        )
        await self._reads.reached(("daily",), request.min_position)
        rows = await list_days(self._reads.database, wanted)
        end = rows[size - 1] if len(rows) > size else None
        last = AfterDay(end.account_id, end.shop_id, end.day, end.currency, end.simulated) if end else None
        return board_pb.ListDailyTotalsResponse(
            days=[_day_message(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
        )


def _wanted_sessions(
    request: board_pb.ListSessionsRequest, scope: Scope, size: int, after: AfterSession | None
) -> Wanted:
    if any(state not in _STATE_WORDS for state in request.states):
        raise invalid("states", "must hold known values only")
    states = [_STATE_WORDS[state] for state in request.states]
    return Wanted(
        scope=scope,
        only_accounts=_accounts(request.account_ids),
        start_from=checks.when(request, "start_from"),
        start_until=checks.when(request, "start_until"),
        query=checks.line("query", request.query, 0, MAX_QUERY),
        states=states or None,
        before_at=after.at if after else None,
        before_id=after.session_id if after else None,
        limit=size + 1,
    )


def _accounts(names: Sequence[str]) -> list[UUID] | None:
    checks.count("account_ids", names, 0, MAX_ACCOUNTS)
    return [checks.uuid(f"account_ids[{at}]", name) for at, name in enumerate(names)] or None


def _day_message(row: DayRow) -> board_pb.DailyTotal:
    return board_pb.DailyTotal(
        account_id=str(row.account_id),
        shop_id=str(row.shop_id),
        day=row.day.isoformat(),
        sessions=row.sessions,
        simulated=row.simulated,
        readings=reading_messages(row.values(), row.currency),
    )
