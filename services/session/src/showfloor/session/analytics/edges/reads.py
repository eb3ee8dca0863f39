"""What every read goes through: who may ask, how new the answer must be, and rows as protobuf messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from showfloor.api.common.v1.common_pb2 import Reading, Watermark
from showfloor.api.session.v1 import board_service_pb2 as board_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.eventstore.query import Database
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.kernel.clock import Clock
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.metrics.compute import written
from showfloor.metrics.model import Value
from showfloor.metrics.registry import REGISTRY
from showfloor.rpc import checks
from showfloor.rpc.fields import stamp, text
from showfloor.service import watermarks
from showfloor.service.builder import Builder
from showfloor.session.analytics.edges.minute_range import MinuteRange
from showfloor.session.analytics.edges.numbers import Numbers, numbers_of
from showfloor.session.analytics.edges.pin_queries import PinRow
from showfloor.session.analytics.edges.product_analytics import Analytics, ProductNumbers, product_analytics
from showfloor.session.analytics.edges.session_queries import SessionRow, find_sessions
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import session_not_found
from showfloor.session.show.edges.authorizing import detailed_session_for
from showfloor.session.show.edges.messages import SOURCES, STATES

MAX_PRODUCTS: Final = 1_000  # of one session, in one answer
BOARD: Final = ("session_list", "facts", "pins", "buyers", "orders")
"""The views that boards, trends and lists of sessions read."""


@dataclass(frozen=True)
class Reads:
    """What reading needs: the log (for who may ask), the views' rows, the time."""

    store: Store
    views: Views
    database: Database
    clock: Clock
    quiet_after: timedelta = timedelta(minutes=10)  # without a sign of life

    @classmethod
    def of(cls, base: Builder, policy: Policy) -> "Reads":
        """Return what reading needs of a service that is being put together."""
        return cls(base.store, base.views, base.database, base.clock, policy.quiet_after)

    async def reached(self, names: Sequence[str], min_position: int) -> None:
        """Return once these views contain the position asked for. Raises INVALID_FIELD, NOT_YET."""
        await watermarks.reached(self.store, self.views, names, min_position)

    async def session(self, session_id: str, min_position: int = 0) -> SessionRow:
        """Return the session if the caller may do the current RPC to it, as new as the board's views.

        Raises INVALID_FIELD, SESSION_NOT_FOUND, PERMISSION, DETAIL_EXPIRED, NOT_YET.
        """
        state = await detailed_session_for(self.store, session_id)
        await self.reached(BOARD, min_position)
        rows = await find_sessions(self.database, [state.session_id])
        if not rows:  # opened a moment ago: the list has not heard of it yet
            await self.views.wait_for(BOARD, await self.store.last_position())
            rows = await find_sessions(self.database, [state.session_id])
        if not rows:
            raise session_not_found(state.session_id)
        return rows[0]

    async def numbers(self, row: SessionRow) -> Numbers:
        """Return what is counted of a session."""
        return (await numbers_of(self.database, [row], self.clock()))[row.session_id]

    async def products(
        self, row: SessionRow, numbers: Numbers, limit: int = MAX_PRODUCTS, minutes: MinuteRange | None = None
    ) -> Analytics:
        """Return how a session's products do, over all of it or over a range of minutes, the best first."""
        signals = numbers.signals_newest is not None
        return await product_analytics(
            self.database, row.session_id, signals=signals, ended=numbers.ended, limit=limit, minutes=minutes
        )

    def watermark(self, names: Sequence[str] = BOARD, signals: datetime | None = None) -> Watermark:
        """Return how far an answer from these views goes."""
        return watermarks.watermark(self.views, names, signals)


def metric_names(names: Sequence[str], default: Sequence[str], maximum: int, field: str = "metrics") -> list[str]:
    """Return the metrics asked for, or the default. Raises UNKNOWN_METRIC, INVALID_FIELD."""
    if not names:
        return list(default)
    checks.count(field, names, 1, maximum)
    for name in names:
        if name not in REGISTRY:
            message = f"{field}: the registry has no metric of this name"
            raise Refusal(RefusalKind.INVALID, "UNKNOWN_METRIC", message, {"field": field, "metric": name})
    return list(dict.fromkeys(names))


def reading_message(name: str, value: Value, currency: str) -> Reading:
    """Return a metric's value, or why there is none."""
    told = written(name, value)
    message = Reading(metric=name, value=told.value, missing=told.missing)
    if REGISTRY[name].unit == "money":
        message.currency, message.exponent = currency, EXPONENTS[currency]
    return message


def reading_messages(values: Mapping[str, Value], currency: str) -> list[Reading]:
    """Return metrics in their order."""
    return [reading_message(name, value, currency) for name, value in values.items()]


def row_message(reads: Reads, row: SessionRow, numbers: Numbers) -> pb.Session:
    """Return a session as its view has it, and what its numbers say about it: everything but the script."""
    sign = numbers.last_sign
    quiet = sign is not None and reads.clock() - sign >= reads.quiet_after
    return pb.Session(
        session_id=str(row.session_id),
        account_id=str(row.account_id),
        shop_id=str(row.shop_id),
        title=row.title,
        state=STATES[row.state],
        source=SOURCES[row.source],
        currency=row.currency,
        currency_exponent=EXPONENTS[row.currency],
        open_time=stamp(row.opened_at),
        start_time=stamp(row.started_at),
        end_time=stamp(row.ended_at),
        simulated=row.simulated,
        simulated_payments=numbers.simulated_payments,
        no_sign_of_life_since=stamp(sign if quiet else None),
        ended_for_silence=row.for_silence,
        pinned_comment_id=text(row.pinned_comment),
        pinned_product_id=text(row.pinned_product),
        version=row.version,
        bag_size=row.bag_size,
        event_id=text(row.event_id),
        not_before_time=stamp(row.not_before),
    )


def pin_interval(pin: PinRow) -> pb.PinInterval:
    """Return the time for which a product was pinned."""
    return pb.PinInterval(
        product_id=str(pin.product_id), start_time=stamp(pin.started_at), end_time=stamp(pin.ended_at)
    )


def product_numbers(product: ProductNumbers, currency: str) -> board_pb.ProductAnalytics:
    """Return how one product does."""
    return board_pb.ProductAnalytics(
        product_id=str(product.product_id),
        title=product.title,
        readings=reading_messages(product.values, currency),
        quadrant=board_pb.Quadrant.ValueType(product.quadrant.value),
        advice=product.advice,
    )


PRESENCES = {
    "unknown": pb.PRESENCE_SOURCE_UNSPECIFIED,
    "evidence": pb.PRESENCE_SOURCE_EVIDENCE,
    "enters_and_leaves": pb.PRESENCE_SOURCE_ENTERS_AND_LEAVES,
    "counts": pb.PRESENCE_SOURCE_COUNTS,
    "mixed": pb.PRESENCE_SOURCE_MIXED,
}
