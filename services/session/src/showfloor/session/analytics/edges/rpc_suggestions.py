"""BoardService: what the host might do."""

from datetime import timedelta
from typing import Any, Final

from showfloor.api.session.v1 import board_service_pb2 as pb
from showfloor.rpc.fields import stamp, text
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.analytics.domain.suggestions import COUNTED, Marker, Minutes, Products, Suggestion, suggest
from showfloor.session.analytics.edges import trend as trends
from showfloor.session.analytics.edges.numbers import Numbers, numbers_of
from showfloor.session.analytics.edges.pin_queries import list_pins
from showfloor.session.analytics.edges.product_analytics import product_analytics
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.show.domain.policy import Policy

MINUTE: Final = timedelta(minutes=1)


class SuggestionReads:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, reads: Reads, policy: Policy) -> None:
        self._reads, self._policy = reads, policy.suggestions

    async def ListSuggestions(self, request: pb.ListSuggestionsRequest, _: Any) -> pb.ListSuggestionsResponse:
        row = await self._reads.session(request.session_id, request.min_position)
        numbers = (await numbers_of(self._reads.database, [row], self._reads.clock()))[row.session_id]
        mark = self._reads.watermark(signals=numbers.signals_newest)
        minutes = await self._minutes(row, numbers)
        if minutes is None:
            return pb.ListSuggestionsResponse(watermark=mark)
        pins = await list_pins(self._reads.database, [row.session_id])
        markers = [Marker("pin", pin.product_id, pin.started_at, pin.ended_at) for pin in pins]
        found = suggest(minutes, markers, self._policy, await self._products(row, numbers))
        return pb.ListSuggestionsResponse(suggestions=map(_message, found), watermark=mark)

    async def _products(self, row: SessionRow, numbers: Numbers) -> Products:
        signals = numbers.signals_newest is not None
        known = await product_analytics(self._reads.database, row.session_id, signals=signals, ended=numbers.ended)
        return Products({one.product_id: one.quadrant for one in known.products}, known.large)

    async def _minutes(self, row: SessionRow, numbers: Numbers) -> Minutes | None:
        """Return the whole minutes that a session was on air, as many as matter; None when there are none."""
        if row.source == "import" or row.started_at is None or numbers.until is None:
            return None
        first, stop = minute_of(row.started_at + MINUTE - timedelta(microseconds=1)), minute_of(numbers.until)
        first = max(first, stop - trends.MOST_POINTS)
        if first >= stop:
            return None
        points = trends.grid(row, minute_start(first), minute_start(stop), numbers.until, 1)
        return Minutes(first, await trends.trend(self._reads.database, row, points, COUNTED))


def _message(found: Suggestion) -> pb.Suggestion:
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
