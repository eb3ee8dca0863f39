"""BoardService: what the LIVE Board, the comparison and the recap show. Its lists are in rpc_session_lists."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import Channel
from showfloor.kernel.refusal import invalid
from showfloor.metrics.compute import compute_all, mean, written
from showfloor.metrics.model import Value
from showfloor.metrics.registry import SESSION_METRICS
from showfloor.rpc import checks
from showfloor.rpc.fields import stamp
from showfloor.session.analytics.edges import trend as trends
from showfloor.session.analytics.edges.audience import audience
from showfloor.session.analytics.edges.numbers import Numbers, numbers_of
from showfloor.session.analytics.edges.pace import at_elapsed, whole_minutes
from showfloor.session.analytics.edges.pin_queries import list_pins
from showfloor.session.analytics.edges.product_analytics import Analytics, product_analytics
from showfloor.session.analytics.edges.reads import (
    PRESENCES,
    Reads,
    metric_names,
    pin_interval,
    product_numbers,
    reading_message,
    reading_messages,
    row_message,
)
from showfloor.session.analytics.edges.session_queries import SessionRow, find_sessions, other_ended
from showfloor.session.analytics.edges.traffic import ChannelRow, list_channels
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import imported, outside_session, session_not_live, session_running

MAX_TREND_METRICS: Final = 12
MAX_COMPARED: Final = 1_000  # other sessions of the account, the newest
TOP_PRODUCTS: Final = 10
MINUTE: Final = timedelta(minutes=1)


class BoardReads:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, reads: Reads, policy: Policy) -> None:
        self._reads, self._policy = reads, policy

    async def GetBoard(self, request: pb.GetBoardRequest, _: Any) -> pb.GetBoardResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        return (await boards(self._reads, [row.session_id]))[row.session_id]

    async def GetTrend(self, request: pb.GetTrendRequest, _: Any) -> pb.GetTrendResponse:
        checks.count("metrics", request.metrics, 1, MAX_TREND_METRICS)
        names = metric_names(request.metrics, (), MAX_TREND_METRICS)
        step = checks.number("step_minutes", request.step_minutes, 0, trends.MAX_STEP)
        start, until = checks.when(request, "from"), checks.when(request, "until")
        row = await self._reads.session(request.session_id, request.min_position)
        if row.source == "import":
            raise imported(row.session_id)
        if row.started_at is None:
            raise session_not_live(row.session_id, row.state)
        numbers = await self._numbers(row, ())
        points = _grid(row, numbers, start, until, step)
        mark = self._reads.watermark(signals=numbers.signals_newest)
        values = await trends.trend(self._reads.database, row, points, names)
        pins = await list_pins(self._reads.database, [row.session_id])
        times = points.times
        end = times[-1] + points.step * MINUTE
        return pb.GetTrendResponse(
            times=filter(None, map(stamp, times)),
            step_minutes=points.step,
            series=[_series(name, values[name], row.currency) for name in names],
            pins=[
                pin_interval(pin)
                for pin in pins
                if pin.started_at < end and (pin.ended_at is None or pin.ended_at >= times[0])
            ],
            watermark=mark,
        )

    async def ListProductAnalytics(
        self, request: pb.ListProductAnalyticsRequest, _: Any
    ) -> pb.ListProductAnalyticsResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = await self._numbers(row, ())
        found = await self._products(row, numbers)
        return pb.ListProductAnalyticsResponse(
            products=[product_numbers(product, row.currency) for product in found.products],
            ctr_threshold=found.ctr_threshold,
            ctor_threshold=found.ctor_threshold,
            watermark=self._reads.watermark(signals=numbers.signals_newest),
        )

    async def GetAudience(self, request: pb.GetAudienceRequest, _: Any) -> pb.GetAudienceResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = await self._numbers(row, ())
        found = await audience(self._reads.database, row.session_id)
        counted = row.source != "import" and row.started_at is not None
        return pb.GetAudienceResponse(
            slices=[
                pb.AudienceSlice(dimension=one.dimension, value=one.value, viewers=one.viewers, buyers=one.buyers)
                for one in found.slices
            ],
            viewers=found.viewers,
            buyers=found.buyers if counted else None,
            first_time_buyers=found.first_time_buyers if counted else None,
            watermark=self._reads.watermark(signals=numbers.signals_newest),
        )

    async def CompareSession(
        self, request: analytics_pb.CompareSessionRequest, _: Any
    ) -> analytics_pb.CompareSessionResponse:
        names = metric_names(request.metrics, SESSION_METRICS, len(SESSION_METRICS))
        row = await self._reads.session(request.session_id)
        others = await other_ended(self._reads.database, row, MAX_COMPARED)
        if row.state == "live":
            return await self._compare_running(row, others, names)
        numbers = await numbers_of(self._reads.database, [row, *others], self._reads.clock())
        mine = numbers[row.session_id].values(names)
        theirs = [numbers[other.session_id].values(names) for other in others]
        return analytics_pb.CompareSessionResponse(
            comparisons=[
                _comparison(name, mine[name], mean(values[name] for values in theirs), row.currency) for name in names
            ],
            sessions=len(others),
        )

    async def _compare_running(
        self, row: SessionRow, others: Sequence[SessionRow], names: Sequence[str]
    ) -> analytics_pb.CompareSessionResponse:
        """Compare at equal elapsed time: running totals beside whole sessions would always look bad."""
        until = (await self._numbers(row, names)).until
        assert until is not None
        minutes = whole_minutes(row, until)
        counted = await at_elapsed(self._reads.database, [row, *others], minutes)
        found = {session: compute_all(names, values, "not_known") for session, values in counted.items()}
        mine = found.pop(row.session_id)
        return analytics_pb.CompareSessionResponse(
            comparisons=[
                _comparison(name, mine[name], mean(values[name] for values in found.values()), row.currency)
                for name in names
            ],
            sessions=len(found),
            elapsed_minutes=minutes,
        )

    async def GetRecap(self, request: analytics_pb.GetRecapRequest, _: Any) -> analytics_pb.GetRecapResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        if row.ended_at is None or row.started_at is None:
            raise session_running(row.session_id)
        mark = self._reads.watermark()
        numbers = await self._numbers(row, SESSION_METRICS)
        values = numbers.values(SESSION_METRICS)
        best = await self._products(row, numbers, TOP_PRODUCTS)
        mark.signals_time = self._reads.watermark(signals=numbers.signals_newest).signals_time
        return analytics_pb.GetRecapResponse(
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

    async def _numbers(self, row: SessionRow, names: Sequence[str]) -> Numbers:
        return (await numbers_of(self._reads.database, [row], self._reads.clock()))[row.session_id]

    async def _products(self, row: SessionRow, numbers: Numbers, limit: int = 1_000) -> Analytics:
        return await product_analytics(
            self._reads.database,
            row.session_id,
            signals=numbers.signals_newest is not None,
            ended=numbers.ended,
            limit=limit,
        )


async def boards(reads: Reads, session_ids: Sequence[UUID]) -> dict[UUID, pb.GetBoardResponse]:
    """Return the boards of sessions in a number of queries that does not grow with them."""
    mark = reads.watermark()
    rows = await find_sessions(reads.database, session_ids)
    numbers = await numbers_of(reads.database, rows, reads.clock())
    pins = defaultdict(list)
    for pin in await list_pins(reads.database, session_ids):
        pins[pin.session_id].append(pin_interval(pin))
    channels = defaultdict(list)
    for channel in await list_channels(reads.database, session_ids):
        channels[channel.session_id].append(channel)
    found = {}
    for row in rows:
        mine = numbers[row.session_id]
        board = pb.GetBoardResponse(
            session=row_message(reads, row, mine),
            core=reading_messages(mine.values(SESSION_METRICS), row.currency),
            channels=_channels(channels[row.session_id]),
            pins=pins[row.session_id],
            watermark=mark,
            presence_source=PRESENCES[mine.presence],
        )
        board.watermark.signals_time = reads.watermark(signals=mine.signals_newest).signals_time
        found[row.session_id] = board
    return found


def _channels(rows: Sequence[ChannelRow]) -> list[pb.ChannelTraffic]:
    views = sum(row.views for row in rows)
    return [
        pb.ChannelTraffic(
            channel=Channel.ValueType(row.channel),
            impressions=row.impressions,
            views=row.views,
            share=row.views / views if views else None,
        )
        for row in rows
    ]


def _grid(row: SessionRow, numbers: Numbers, start: datetime | None, until: datetime | None, step: int) -> trends.Grid:
    """Return the points of an interval inside the session. Raises INVALID_FIELD, OUTSIDE_SESSION."""
    assert row.started_at is not None and numbers.until is not None
    known = max(numbers.until, row.started_at + timedelta(seconds=1))
    if start is not None and not row.started_at - MINUTE < start < known:
        raise outside_session("from")
    if until is not None and not row.started_at < until < known + MINUTE:
        raise outside_session("until")
    first, last = start or row.started_at, until or known
    if first >= last:
        raise invalid("until", "must be after from")
    points = trends.grid(row, first, last, known, step)
    if points.steps > trends.MOST_POINTS:
        raise invalid("step_minutes", f"must be larger: at most {trends.MOST_POINTS} points come back")
    return points


def _series(name: str, values: Sequence[Value], currency: str) -> pb.Series:
    none = reading_message(name, Value(None), currency)
    points = [pb.Point(value=written(name, value).value) for value in values]
    return pb.Series(
        metric=name,
        currency=none.currency,
        exponent=none.exponent if none.HasField("exponent") else None,
        points=points,
    )


def _comparison(name: str, mine: Value, average: Value, currency: str) -> analytics_pb.Comparison:
    apart = None
    if mine.value is not None and average.value:
        apart = (mine.value - average.value) / average.value
    return analytics_pb.Comparison(
        reading=reading_message(name, mine, currency),
        average=reading_message(name, average, currency),
        difference=apart,
    )
