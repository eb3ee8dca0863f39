"""How does each product of a session do, and what should the host do about it?"""

from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics.compute import compute_all
from showfloor.metrics.model import Missing, Value
from showfloor.metrics.registry import PRODUCT_METRICS
from showfloor.session.analytics.domain.advice import Counts, Quadrant, earns_much, verdicts
from showfloor.session.analytics.edges.minute_range import MinuteRange
from showfloor.session.signals.domain.sketch import Scope

MAX_PRODUCTS: Final = 1_000

_PRODUCTS = f"""
SELECT product_id, coalesce(p.title, '') AS title, f.gmv, f.sku_orders, f.units_sold, g.impressions, g.clicks,
    v.estimate AS click_uv
FROM (SELECT product_id FROM featured WHERE session_id = %(id)s
      UNION SELECT product_id FROM fact_product WHERE session_id = %(id)s
      UNION SELECT product_id FROM signals.product WHERE session_id = %(id)s) AS all_products
LEFT JOIN (SELECT * FROM fact_product WHERE session_id = %(id)s) AS f USING (product_id)
LEFT JOIN (SELECT * FROM signals.product WHERE session_id = %(id)s) AS g USING (product_id)
LEFT JOIN (SELECT key, estimate FROM signals.distinct_viewers
           WHERE session_id = %(id)s AND scope = {int(Scope.PRODUCT_CLICKS)}) AS v ON v.key = product_id::text
LEFT JOIN product_row p USING (product_id)
ORDER BY coalesce(f.gmv, 0) DESC, coalesce(g.clicks, 0) DESC, product_id LIMIT %(limit)s"""  # noqa: S608 - constants
_MINUTES = "session_id = %(id)s AND minute >= %(first)s AND minute < %(stop)s"
# Products of the bag are in it without a count, as they are over the whole session.
_OF_MINUTES = f"""
SELECT product_id, coalesce(p.title, '') AS title, f.gmv, f.sku_orders, f.units_sold, g.impressions, g.clicks
FROM (SELECT product_id FROM featured WHERE session_id = %(id)s
      UNION SELECT product_id FROM fact_product_minute WHERE {_MINUTES}
      UNION SELECT product_id FROM signals.product_minute WHERE {_MINUTES}) AS all_products
LEFT JOIN (SELECT product_id, sum(gmv)::bigint AS gmv, sum(sku_orders)::bigint AS sku_orders,
               sum(units_sold)::bigint AS units_sold
           FROM fact_product_minute WHERE {_MINUTES} GROUP BY product_id) AS f USING (product_id)
LEFT JOIN (SELECT product_id, sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks
           FROM signals.product_minute WHERE {_MINUTES} GROUP BY product_id) AS g USING (product_id)
LEFT JOIN product_row p USING (product_id)
ORDER BY coalesce(f.gmv, 0) DESC, coalesce(g.clicks, 0) DESC, product_id LIMIT %(limit)s"""  # noqa: S608 - constants

ADVICE: Final = {
    Quadrant.UNKNOWN: "",
    Quadrant.STAR: "Clicked and bought more: show it longer, stress its selling points.",
    Quadrant.EXPLAIN: "Clicked more, bought less: run a giveaway for it, or explain it further.",
    Quadrant.SHOW: "Clicked less, but those who click buy more: show it better.",
    Quadrant.REPLACE: "Clicked and bought less: spotlight other products.",
}


class ProductNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A product of a session: its numbers by registry metric, its quadrant and what to do."""

    product_id: UUID
    title: str
    values: dict[str, Value]
    quadrant: Quadrant

    @property
    def advice(self) -> str:
        """What to do, in a sentence (more, less: than others of the session); empty when there is not enough data."""
        return ADVICE[self.quadrant]


class Analytics(msgspec.Struct, frozen=True, kw_only=True):
    """The products of a session, best GMV first, and CTR and CTOR of all of them together."""

    products: list[ProductNumbers]
    ctr_threshold: float | None
    ctor_threshold: float | None
    large: frozenset[UUID]  # products that carry a large share of the GMV


async def product_analytics(
    database: Database,
    session_id: UUID,
    *,
    signals: bool,
    ended: bool,
    limit: int = MAX_PRODUCTS,
    minutes: MinuteRange | None = None,
) -> Analytics:
    """Return the products of a session. `signals`: whether the session has any, so that none means zero.

    Different viewers are counted for the whole session: over a part of it `click_uv` is not known.
    """
    asked = {"id": session_id, "limit": MAX_PRODUCTS}
    if minutes is None:
        rows = await database.fetch(_PRODUCTS, asked)
    else:
        rows = await database.fetch(_OF_MINUTES, asked | msgspec.structs.asdict(minutes))
    missing: Missing = "not_known" if ended or (minutes is not None and signals) else "not_yet"
    values = [compute_all(PRODUCT_METRICS, _counted(row, signals=signals), missing) for row in rows]
    counts = {row["product_id"]: _counts(found) for row, found in zip(rows, values, strict=True)}
    total = {name: sum(getattr(one, name) for one in counts.values()) for name in Counts.__struct_fields__}
    verdict = verdicts(counts)
    products = [
        ProductNumbers(
            product_id=row["product_id"],
            title=row["title"],
            values=found,
            quadrant=verdict[row["product_id"]],
        )
        for row, found in zip(rows[:limit], values, strict=False)
    ]
    return Analytics(
        products=products,
        ctr_threshold=total["clicks"] / total["impressions"] if total["impressions"] else None,
        ctor_threshold=total["orders"] / total["clicks"] if total["clicks"] else None,
        large=frozenset(product for product, one in counts.items() if earns_much(one.gmv, total["gmv"])),
    )


def _counts(values: dict[str, Value]) -> Counts:
    def known(name: str) -> float:
        return values[name].value or 0.0

    return Counts(
        impressions=known("product_impressions"),
        clicks=known("product_clicks"),
        orders=known("sku_orders"),
        gmv=known("gmv"),
    )


def _counted(row: dict[str, Any], *, signals: bool) -> dict[str, Value]:
    counted = {name: Value(float(row[name] or 0)) for name in ("gmv", "sku_orders", "units_sold")}
    if signals:
        counted["product_impressions"] = Value(float(row["impressions"] or 0))
        counted["product_clicks"] = Value(float(row["clicks"] or 0))
        if "click_uv" in row:
            counted["click_uv"] = Value(float(row["click_uv"] or 0))
    return counted
