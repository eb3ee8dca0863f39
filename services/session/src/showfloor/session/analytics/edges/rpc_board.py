"""BoardService: what the LIVE Board shows, and what the host might do."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import Channel, Session
from showfloor.kernel.refusal import invalid
from showfloor.metrics.compute import written
from showfloor.metrics.model import Value
from showfloor.metrics.registry import SESSION_METRICS
from showfloor.rpc import checks
from showfloor.rpc.fields import stamp, text
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.analytics.domain.suggestions import COUNTED, Marker, Minutes, Products, Suggestion, suggest
from showfloor.session.analytics.edges import trend as trends
from showfloor.session.analytics.edges.audience import audience
from showfloor.session.analytics.edges.minute_range import MINUTE, MinuteRange, bounds, minute_range_of
from showfloor.session.analytics.edges.numbers import Numbers, numbers_of
from showfloor.session.analytics.edges.pin_queries import list_pins
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
from showfloor.session.analytics.edges.session_queries import SessionRow, find_sessions
from showfloor.session.analytics.edges.since_pin import SincePin, since_pins
from showfloor.session.analytics.edges.traffic import ChannelRow, list_channels
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import imported, session_not_live

MAX_TREND_METRICS: Final = 12


class BoardCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, reads: Reads, policy: Policy) -> None:
        self._reads, self._policy = reads, policy

    async def GetBoard(self, request: pb.GetBoardRequest, _: Any) -> pb.GetBoardResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        return (await boards(self._reads, [row.session_id]))[row.session_id]

    async def GetViewers(self, request: pb.GetViewersRequest, _: Any) -> pb.GetViewersResponse:
        row = await self._reads.session(request.session_id)
        numbers = await self._reads.numbers(row)
        shown = row_message(self._reads, row, numbers)
        session = Session(
            session_id=shown.session_id, account_id=shown.account_id, shop_id=shown.shop_id, state=shown.state
        )
        now = None if numbers.ended else numbers.values(["viewers_now"])["viewers_now"].value
        return pb.GetViewersResponse(session=session, viewers_now=None if now is None else int(now))

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
        numbers = await self._reads.numbers(row)
        points = _grid(row, numbers, start, until, step)
        mark = self._reads.watermark(signals=numbers.signals_newest)
        values = await trends.trend(self._reads.database, row, points, names)
        pins = await list_pins(self._reads.database, [row.session_id])
        channels = await list_channels(self._reads.database, [row.session_id], MinuteRange(points.first, points.stop))
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
            channels=_channels(channels),
        )

    async def ListProductAnalytics(
        self, request: pb.ListProductAnalyticsRequest, _: Any
    ) -> pb.ListProductAnalyticsResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = await self._reads.numbers(row)
        found = await self._reads.products(row, numbers, minutes=minute_range_of(request, row, numbers))
        return pb.ListProductAnalyticsResponse(
            products=[product_numbers(product, row.currency) for product in found.products],
            ctr_threshold=found.ctr_threshold,
            ctor_threshold=found.ctor_threshold,
            watermark=self._reads.watermark(signals=numbers.signals_newest),
        )

    async def GetAudience(self, request: pb.GetAudienceRequest, _: Any) -> pb.GetAudienceResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = await self._reads.numbers(row)
        minutes = minute_range_of(request, row, numbers)
        found = await audience(self._reads.database, row.session_id, minutes)
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
            buyers_only=minutes is not None,
        )

    async def ListSuggestions(self, request: pb.ListSuggestionsRequest, _: Any) -> pb.ListSuggestionsResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = await self._reads.numbers(row)
        mark = self._reads.watermark(signals=numbers.signals_newest)
        minutes = await self._whole_minutes(row, numbers)
        if minutes is None:
            return pb.ListSuggestionsResponse(watermark=mark)
        pins = await list_pins(self._reads.database, [row.session_id])
        markers = [Marker("pin", pin.product_id, pin.started_at, pin.ended_at) for pin in pins]
        known = await self._reads.products(row, numbers)
        products = Products({one.product_id: one.quadrant for one in known.products}, known.large)
        found = suggest(minutes, markers, self._policy.suggestions, products)
        return pb.ListSuggestionsResponse(suggestions=map(_suggestion, found), watermark=mark)

    async def _whole_minutes(self, row: SessionRow, numbers: Numbers) -> Minutes | None:
        """Return the whole minutes that a session was on air, as many as matter; None when there are none."""
        if row.source == "import" or row.started_at is None or numbers.until is None:
            return None
        first, stop = minute_of(row.started_at + MINUTE - timedelta(microseconds=1)), minute_of(numbers.until)
        first = max(first, stop - trends.MOST_POINTS)
        if first >= stop:
            return None
        points = trends.grid(row, minute_start(first), minute_start(stop), numbers.until, 1)
        return Minutes(first, await trends.trend(self._reads.database, row, points, COUNTED))


async def boards(reads: Reads, session_ids: Sequence[UUID]) -> dict[UUID, pb.GetBoardResponse]:
    """Return the boards of sessions in a number of queries that does not grow with them."""
    mark = reads.watermark()
    rows = await find_sessions(reads.database, session_ids)
    numbers = await numbers_of(reads.database, rows, reads.clock())
    pins = defaultdict(list)
    every_pin = await list_pins(reads.database, session_ids)
    for pin in every_pin:
        pins[pin.session_id].append(pin_interval(pin))
    since = await since_pins(reads.database, every_pin)
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
        _show_pins(board, since.get(row.session_id, []), mine, row.currency)
        board.watermark.signals_time = reads.watermark(signals=mine.signals_newest).signals_time
        found[row.session_id] = board
    return found


def _show_pins(board: pb.GetBoardResponse, since: Sequence[SincePin], numbers: Numbers, currency: str) -> None:
    board.units_since_pin.extend(
        pb.UnitsSincePin(
            product_id=str(one.pin.product_id),
            pin_time=stamp(one.pin.started_at),
            units_sold=one.counted["units_sold"],
        )
        for one in since
    )
    for one in since:
        if one.showing:
            until = max(numbers.until or one.pin.started_at, one.pin.started_at)
            board.now_showing.CopyFrom(
                pb.NowShowing(
                    product_id=str(one.pin.product_id),
                    pin_time=stamp(one.pin.started_at),
                    pinned_s=int((until - one.pin.started_at).total_seconds()),
                    readings=reading_messages(one.values(signals=numbers.signals_newest is not None), currency),
                )
            )


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
    first, last = bounds(row, numbers, start, until)
    known = max(numbers.until, row.started_at + timedelta(seconds=1))
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


def _suggestion(found: Suggestion) -> pb.Suggestion:
    return pb.Suggestion(
        rule=found.rule,
        title=found.title,
        advice=found.advice,
        metrics=found.metrics,
        product_id=text(found.product_id),
        from_time=stamp(found.start),
        until_time=stamp(found.until),
        change=found.change,
    )
