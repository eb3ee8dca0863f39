"""What has come of showing a product, since it was pinned the last time? Of any sessions in one query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics.compute import compute_all
from showfloor.metrics.model import Value
from showfloor.session.analytics.domain.minutes import minute_of, minute_start
from showfloor.session.analytics.edges.pin_queries import PinRow

METRICS: Final = ("product_impressions", "product_clicks", "sku_orders", "units_sold", "gmv")
MOST: Final = 200  # products of a session: those pinned last

# Whole minutes after the pin come from the rollup, the rest of its own minute sale by sale: exact, and bounded however
# long the pin lasts. Signals have minutes alone.
_SINCE: Final = """
SELECT w.session_id, w.product_id,
    coalesce(m.gmv, 0) + coalesce(s.gmv, 0) AS gmv,
    coalesce(m.sku_orders, 0) + coalesce(s.sku_orders, 0) AS sku_orders,
    coalesce(m.units_sold, 0) + coalesce(s.units_sold, 0) AS units_sold,
    coalesce(g.impressions, 0) AS product_impressions, coalesce(g.clicks, 0) AS product_clicks
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::integer[], %s::timestamptz[], %s::boolean[])
    AS w (session_id, product_id, since, minute, next_minute, showing)
LEFT JOIN LATERAL (
    SELECT sum(gmv)::bigint AS gmv, sum(sku_orders)::bigint AS sku_orders, sum(units_sold)::bigint AS units_sold
    FROM fact_product_minute f
    WHERE f.session_id = w.session_id AND f.product_id = w.product_id AND f.minute > w.minute
) AS m ON true
LEFT JOIN LATERAL (
    SELECT sum(gmv)::bigint AS gmv, count(*) AS sku_orders, sum(units_sold)::bigint AS units_sold FROM fact_sale f
    WHERE f.session_id = w.session_id AND f.product_id = w.product_id AND f.at >= w.since AND f.at < w.next_minute
) AS s ON true
LEFT JOIN LATERAL (
    SELECT sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks FROM signals.product_minute p
    WHERE w.showing AND p.session_id = w.session_id AND p.product_id = w.product_id AND p.minute >= w.minute
) AS g ON true"""


class SincePin(msgspec.Struct, frozen=True):
    """What came of a product since its latest pin began. Impressions and clicks only while it is pinned."""

    pin: PinRow
    counted: Mapping[str, int]

    @property
    def showing(self) -> bool:
        """True while it is pinned."""
        return self.pin.ended_at is None

    def values(self, *, signals: bool) -> dict[str, Value]:
        """Return the metrics. `signals`: whether the session has any, so that none means zero."""
        left_out = () if signals else ("product_impressions", "product_clicks")
        known = {name: Value(float(found)) for name, found in self.counted.items() if name not in left_out}
        return compute_all(METRICS, known, "not_yet")


async def since_pins(database: Database, pins: Iterable[PinRow]) -> dict[UUID, list[SincePin]]:
    """Return the products that were pinned, by session, the one pinned last first. `pins`: in order of their start."""
    latest: dict[UUID, dict[UUID, PinRow]] = {}
    for pin in pins:
        mine = latest.setdefault(pin.session_id, {})
        mine.pop(pin.product_id, None)
        mine[pin.product_id] = pin
    wanted = [pin for mine in latest.values() for pin in list(mine.values())[: -MOST - 1 : -1]]
    if not wanted:
        return {}
    found: dict[UUID, list[SincePin]] = {session_id: [] for session_id in latest}
    rows = {(row["session_id"], row["product_id"]): row for row in await database.fetch(_SINCE, _columns(wanted))}
    for pin in wanted:
        row: Mapping[str, Any] = rows[pin.session_id, pin.product_id]
        found[pin.session_id].append(SincePin(pin, {name: int(row[name]) for name in METRICS}))
    return found


def _columns(pins: Sequence[PinRow]) -> tuple[list[Any], ...]:
    minutes = [minute_of(pin.started_at) for pin in pins]
    return (
        [pin.session_id for pin in pins],
        [pin.product_id for pin in pins],
        [pin.started_at for pin in pins],
        minutes,
        [minute_start(minute) + timedelta(minutes=1) for minute in minutes],
        [pin.ended_at is None for pin in pins],
    )
