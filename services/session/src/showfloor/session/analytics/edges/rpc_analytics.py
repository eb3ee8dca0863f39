"""AnalyticsService: lists over many sessions, comparison and recap. SQL keeps what the caller may see."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.membership.lists import Scope
from showfloor.access.resources import System
from showfloor.api.session.v1 import analytics_service_pb2 as pb
from showfloor.kernel.refusal import invalid
from showfloor.metrics.compute import compute_all, mean
from showfloor.metrics.model import Value
from showfloor.metrics.registry import LIST_DEFAULT, SESSION_METRICS
from showfloor.rpc import checks, cursors
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import listed, may
from showfloor.session.analytics.edges import session_lists
from showfloor.session.analytics.edges.day_queries import DayRow, WantedDays, list_days
from showfloor.session.analytics.edges.numbers import numbers_of
from showfloor.session.analytics.edges.pace import at_elapsed, whole_minutes
from showfloor.session.analytics.edges.reads import (
    BOARD,
    PRESENCES,
    Reads,
    metric_names,
    product_numbers,
    reading_message,
    reading_messages,
    row_message,
)
from showfloor.session.analytics.edges.session_lists import NEWEST_FIRST, AfterValue
from showfloor.session.analytics.edges.session_queries import (
    SessionRow,
    Wanted,
    count_sessions,
    list_sessions,
    other_ended,
    sorted_sessions,
)
from showfloor.session.analytics.edges.trend import MAX_POINTS, MAX_STEP
from showfloor.session.analytics.edges.usual import Curve, UsualCurves
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import session_running
from showfloor.session.show.edges.messages import STATES

MAX_QUERY: Final = 100
MAX_COMPARED: Final = 1_000  # other sessions of the account, the newest
TOP_PRODUCTS: Final = 10
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


class AnalyticsCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, reads: Reads, policy: Policy) -> None:
        self._reads, self._policy = reads, policy
        self._usual = UsualCurves(reads.database)

    async def ListSessions(self, request: pb.ListSessionsRequest, _: Any) -> pb.ListSessionsResponse:
        await may(System())
        names = metric_names(request.metrics, LIST_DEFAULT, len(SESSION_METRICS))
        size = checks.page_size(request.page_size)
        filters = cursors.filters_of(request, "page_token", "page_size", "metrics", "min_position", "with_total")
        order = session_lists.order_of(request)
        await self._reads.reached(BOARD, request.min_position)
        if order == NEWEST_FIRST:
            after = cursors.decode(request.page_token, AfterSession, filters)
            wanted = _wanted_sessions(request, await listed(), size, after)
            rows = await list_sessions(self._reads.database, wanted)
            last: AfterSession | AfterValue | None = None
            if rows[size:]:
                last = AfterSession(rows[size - 1].sort_at, rows[size - 1].session_id)
        else:
            place = cursors.decode(request.page_token, AfterValue, filters)
            wanted = _wanted_sessions(request, await listed(), size, None)
            rows = await sorted_sessions(self._reads.database, wanted, session_lists.after(order, place))
            last = session_lists.place_of(rows[size - 1]) if rows[size:] else None
        total = await count_sessions(self._reads.database, wanted) if request.with_total else None
        return pb.ListSessionsResponse(
            sessions=await session_lists.messages(self._reads, rows[:size], names),
            next_page_token=cursors.encode(last, filters) if last else "",
            total_size=total,
        )

    async def ExportSessions(
        self, request: pb.ExportSessionsRequest, _: Any
    ) -> AsyncIterator[pb.ExportSessionsResponse]:
        names = metric_names(request.metrics, LIST_DEFAULT, len(SESSION_METRICS))
        order, place = session_lists.order_of(request), None
        for _page in range(session_lists.MOST_PAGES):
            await may(System())  # whose right has ended reads no further
            wanted = _wanted_sessions(request, await listed(), session_lists.PAGE, None)
            rows = await sorted_sessions(self._reads.database, wanted, session_lists.after(order, place))
            sessions = await session_lists.messages(self._reads, rows[: session_lists.PAGE], names)
            yield pb.ExportSessionsResponse(sessions=sessions, metrics=names)
            if len(rows) <= session_lists.PAGE:
                return
            place = session_lists.place_of(rows[session_lists.PAGE - 1])

    async def ListDailyTotals(self, request: pb.ListDailyTotalsRequest, _: Any) -> pb.ListDailyTotalsResponse:
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
            with_imported=request.with_imported,
        )
        views = ("daily", "session_list") if request.with_imported else ("daily",)
        await self._reads.reached(views, request.min_position)
        rows = await list_days(self._reads.database, wanted)
        end = rows[size - 1] if len(rows) > size else None
        last = AfterDay(end.account_id, end.shop_id, end.day, end.currency, end.simulated) if end else None
        return pb.ListDailyTotalsResponse(
            days=[_day_message(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
        )

    async def CompareSession(self, request: pb.CompareSessionRequest, _: Any) -> pb.CompareSessionResponse:
        names = metric_names(request.metrics, SESSION_METRICS, len(SESSION_METRICS))
        row = await self._reads.session(request.session_id)
        others = await other_ended(self._reads.database, row, MAX_COMPARED)
        if row.state == "live":
            return await self._compare_running(row, others, names)
        numbers = await numbers_of(self._reads.database, [row, *others], self._reads.clock())
        mine = numbers[row.session_id].values(names)
        theirs = [numbers[other.session_id].values(names) for other in others]
        return pb.CompareSessionResponse(
            comparisons=[
                _comparison(name, mine[name], mean(values[name] for values in theirs), row.currency) for name in names
            ],
            sessions=len(others),
        )

    async def _compare_running(
        self, row: SessionRow, others: Sequence[SessionRow], names: Sequence[str]
    ) -> pb.CompareSessionResponse:
        """Compare at equal elapsed time: running totals beside whole sessions would always look bad."""
        until = (await self._reads.numbers(row)).until
        assert until is not None
        minutes = whole_minutes(row, until)
        counted = await at_elapsed(self._reads.database, [row, *others], minutes)
        found = {session: compute_all(names, values, "not_known") for session, values in counted.items()}
        mine = found.pop(row.session_id)
        return pb.CompareSessionResponse(
            comparisons=[
                _comparison(name, mine[name], mean(values[name] for values in found.values()), row.currency)
                for name in names
            ],
            sessions=len(found),
            elapsed_minutes=minutes,
        )

    async def GetUsualCurve(self, request: pb.GetUsualCurveRequest, _: Any) -> pb.GetUsualCurveResponse:
        step = checks.number("step_minutes", request.step_minutes, 0, MAX_STEP)
        row = await self._reads.session(request.session_id)
        usual = await self._usual.beside(row, self._reads.clock())
        longest = max(map(len, usual.curves.values()), default=0)
        step = step or max(1, -(-longest // MAX_POINTS))
        return pb.GetUsualCurveResponse(
            sessions=usual.sessions,
            missing="" if usual.curves else "too_few_sessions",
            step_minutes=step,
            series=[
                _usual_series(name, found, step, row.currency) for name, found in usual.curves.items() if len(found)
            ],
        )

    async def GetRecap(self, request: pb.GetRecapRequest, _: Any) -> pb.GetRecapResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        if row.ended_at is None or row.started_at is None:
            raise session_running(row.session_id)
        mark = self._reads.watermark()
        numbers = await self._reads.numbers(row)
        values = numbers.values(SESSION_METRICS)
        best = await self._reads.products(row, numbers, TOP_PRODUCTS)
        mark.signals_time = self._reads.watermark(signals=numbers.signals_newest).signals_time
        return pb.GetRecapResponse(
            session=row_message(self._reads, row, numbers),
            duration_s=int((row.ended_at - row.started_at).total_seconds()),
            products_featured=int(values["products_featured"].value or 0),
            readings=reading_messages(values, row.currency),
            top_products=[product_numbers(product, row.currency) for product in best.products],
            replay_expire_time=stamp(row.ended_at + self._policy.replay_kept),
            detail_expire_time=stamp(self._policy.details_until(row.over_at) if row.over_at else None),
            watermark=mark,
            presence_source=PRESENCES[numbers.presence],
        )


def _wanted_sessions(
    request: pb.ListSessionsRequest | pb.ExportSessionsRequest, scope: Scope, size: int, after: AfterSession | None
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
        event_id=checks.uuid("event_id", request.event_id) if request.event_id else None,
        before_at=after.at if after else None,
        before_id=after.session_id if after else None,
        limit=size + 1,
    )


def _accounts(names: Sequence[str]) -> list[UUID] | None:
    checks.count("account_ids", names, 0, MAX_ACCOUNTS)
    return [checks.uuid(f"account_ids[{at}]", name) for at, name in enumerate(names)] or None


def _day_message(row: DayRow) -> pb.DailyTotal:
    return pb.DailyTotal(
        account_id=str(row.account_id),
        shop_id=str(row.shop_id),
        day=row.day.isoformat(),
        sessions=row.sessions,
        simulated=row.simulated,
        imported_sessions=row.imported,
        readings=reading_messages(row.values(), row.currency),
    )


def _usual_series(name: str, found: Curve, step: int, currency: str) -> pb.UsualSeries:
    none = reading_message(name, Value(None), currency)
    points = [
        pb.UsualPoint(minutes=minutes, sessions=int(many), lower_quartile=low, median=middle, upper_quartile=high)
        for minutes, (many, low, middle, high) in enumerate(found.tolist(), 1)
        if minutes % step == 0
    ]
    exponent = none.exponent if none.HasField("exponent") else None
    return pb.UsualSeries(metric=name, currency=none.currency, exponent=exponent, points=points)


def _comparison(name: str, mine: Value, average: Value, currency: str) -> pb.Comparison:
    apart = None
    if mine.value is not None and average.value:
        apart = (mine.value - average.value) / average.value
    return pb.Comparison(
        reading=reading_message(name, mine, currency),
        average=reading_message(name, average, currency),
        difference=apart,
    )
