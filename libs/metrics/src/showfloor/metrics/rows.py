"""The rows of the registry, by group (decisions D3, D11, D14)."""

from typing import Final

from showfloor.metrics.model import Metric

_BOTH: Final = ("session", "product")

SALES: Final = (
    Metric(
        name="gmv", group="sales", unit="money", title="GMV", scopes=_BOTH,
        definition="Paid amount of the orders attributed to the LIVE, counted when paid; refunds never change it.",
        formula="sum of order totals, by time of payment",
    ),
    Metric(
        name="direct_gmv", group="sales", unit="money", title="Direct GMV",
        definition="The part of GMV that was ordered inside the room while it was live.",
        formula="sum of order totals where the order was placed in the room",
    ),
    Metric(
        name="affiliate_gmv", group="sales", unit="money", title="Affiliate GMV",
        definition="The part of GMV that carries a creator commission.",
        formula="sum of paid item totals whose commission is above zero",
    ),
    Metric(
        name="refunded", group="sales", unit="money", title="Refunded",
        definition="What has been paid back to buyers, counted when paid back.",
        formula="sum of refunds",
    ),
    Metric(
        name="net_gmv", group="sales", unit="money", title="Net GMV", kind="difference",
        numerator="gmv", denominator="refunded",
        definition="GMV less what has been paid back.",
        formula="gmv - refunded",
    ),
    Metric(
        name="commission", group="sales", unit="money", title="Commission",
        definition="Creator commission in the paid orders, as promised when each order was placed.",
        formula="sum of order commissions, by time of payment",
    ),
    Metric(
        name="orders", group="sales", unit="count", title="Orders",
        definition="Orders that were paid.",
        formula="count of paid orders",
    ),
    Metric(
        name="sku_orders", group="sales", unit="count", title="SKU orders", scopes=_BOTH,
        definition="Paid orders counted once for each different product in them.",
        formula="count of pairs of paid order and product",
    ),
    Metric(
        name="units_sold", group="sales", unit="count", title="Units sold", scopes=_BOTH,
        definition="Pieces in the paid orders.",
        formula="sum of quantities in paid orders",
    ),
    Metric(
        name="buyers", group="sales", unit="count", title="Buyers", kind="unique",
        definition="Different viewers with at least one paid order.",
        formula="count of distinct buyers",
    ),
    Metric(
        name="first_time_buyers", group="sales", unit="count", title="First-time buyers",
        definition="Buyers whose first paid order with the account was made through this LIVE.",
        formula="count of paid orders that are the buyer's first with the account",
    ),
    Metric(
        name="average_order_value", group="sales", unit="money", title="Average order value", kind="ratio",
        numerator="gmv", denominator="orders",
        definition="GMV of one paid order, on average.",
        formula="gmv / orders",
    ),
    Metric(
        name="gpm", group="sales", unit="money", title="GPM", kind="ratio",
        numerator="gmv", denominator="views", scale=1000,
        definition="GMV per 1,000 views.",
        formula="1000 x gmv / views",
    ),
    Metric(
        name="gmv_per_hour", group="sales", unit="money", title="GMV per hour", kind="ratio",
        numerator="gmv", denominator="duration", scale=3600,
        definition="GMV per hour on air.",
        formula="3600 x gmv / duration",
    ),
    Metric(
        name="conversion", group="sales", unit="rate", title="Conversion", kind="ratio",
        numerator="orders", denominator="views",
        definition="Paid orders per view.",
        formula="orders / views",
    ),
)  # fmt: skip

TRAFFIC: Final = (
    Metric(
        name="duration", group="traffic", unit="seconds", title="Duration",
        definition="Time on air, until now while the LIVE runs.",
        formula="end (or now) - start",
    ),
    Metric(
        name="impressions", group="traffic", unit="count", title="LIVE impressions",
        definition="Times the LIVE was shown outside the room (LIVE room exposure).",
        formula="count of impression signals",
    ),
    Metric(
        name="views", group="traffic", unit="count", title="Views",
        definition="Times somebody entered the room.",
        formula="count of enter signals",
    ),
    Metric(
        name="unique_viewers", group="traffic", unit="count", title="Viewers", kind="unique",
        definition="Different viewers who entered the room: exact up to 4,096, then an estimate within about 2 %.",
        formula="count of distinct viewers with an enter signal",
    ),
    Metric(
        name="entry_rate", group="traffic", unit="rate", title="Entry rate", kind="ratio",
        numerator="views", denominator="impressions",
        definition="Views per impression of the LIVE.",
        formula="views / impressions",
    ),
    Metric(
        name="viewers_now", group="traffic", unit="count", title="Viewers now", kind="level",
        definition="Viewers in the room at this moment: seen in the last 75 seconds, or, where a source tells enters"
        " and leaves, entered and not left. 0 once the LIVE has ended.",
        formula="distinct viewers with a sign of life in the last 75 s, not left since + (enters - leaves) as told",
        version=2,
    ),
    Metric(
        name="pcu", group="traffic", unit="count", title="Peak viewers", kind="peak",
        definition="The highest number of viewers in the room within any quarter of a minute. It never falls.",
        formula="max over quarter minutes of (distinct viewers present + (enters - leaves up to its end) as told)",
        version=2,
    ),
    Metric(
        name="acu", group="traffic", unit="count", title="Average viewers", kind="ratio",
        numerator="watch_time", denominator="duration",
        definition="Viewers in the room at a time, on average.",
        formula="watch_time / duration",
        version=2,
    ),
    Metric(
        name="watch_time", group="traffic", unit="seconds", title="Watch time",
        definition="Time that viewers were seen in the room, together: from a viewer's first to the last sign of life,"
        " without gaps above 75 seconds; where a source tells enters and leaves, from enter to leave. It never falls.",
        formula="sum of times between a viewer's signs at most 75 s apart"
        " + sum of (leave, or newest signal, or end - enter) as told",
        version=2,
    ),
    Metric(
        name="average_stay", group="traffic", unit="seconds", title="Average stay", kind="ratio",
        numerator="watch_time", denominator="views",
        definition="Time in the room per view.",
        formula="watch_time / views",
        version=2,
    ),
    Metric(
        name="impressions_per_hour", group="traffic", unit="count", title="Impressions per hour", kind="ratio",
        numerator="impressions", denominator="duration", scale=3600,
        definition="LIVE impressions per hour on air.",
        formula="3600 x impressions / duration",
    ),
)  # fmt: skip

ENGAGEMENT: Final = (
    Metric(
        name="likes", group="engagement", unit="count", title="Likes",
        definition="Likes given in the room.",
        formula="count of like signals",
    ),
    Metric(
        name="shares", group="engagement", unit="count", title="Shares",
        definition="Times the LIVE was shared.",
        formula="count of share signals",
    ),
    Metric(
        name="comments", group="engagement", unit="count", title="Comments",
        definition="Comments written by viewers; what the host's side writes does not count.",
        formula="count of viewers' comments",
    ),
    Metric(
        name="gifts", group="engagement", unit="count", title="Gifts",
        definition="Gifts sent, by the piece.",
        formula="sum of gift counts",
    ),
    Metric(
        name="new_followers", group="engagement", unit="count", title="New followers",
        definition="Viewers who followed the account during the LIVE.",
        formula="count of follows",
    ),
    Metric(
        name="comment_rate", group="engagement", unit="rate", title="Comment rate", kind="ratio",
        numerator="comments", denominator="views",
        definition="Viewers' comments per view.",
        formula="comments / views",
    ),
    Metric(
        name="follow_rate", group="engagement", unit="rate", title="Follow rate", kind="ratio",
        numerator="new_followers", denominator="views",
        definition="New followers per view.",
        formula="new_followers / views",
    ),
)  # fmt: skip

PRODUCTS: Final = (
    Metric(
        name="products", group="products", unit="count", title="Products in the bag", kind="unique",
        definition="Different products that were in the shopping bag at any time.",
        formula="count of distinct products put into the bag",
    ),
    Metric(
        name="products_featured", group="products", unit="count", title="Products featured", kind="unique",
        definition="Different products that were pinned while the session was on air.",
        formula="count of distinct products pinned",
    ),
    Metric(
        name="product_impressions", group="products", unit="count", title="Product impressions", scopes=_BOTH,
        definition="Times a product of the bag was shown to a viewer in the room, at most once a minute for each.",
        formula="count of distinct (viewer, product, minute) with a product impression signal while it was in the bag",
        version=2,
    ),
    Metric(
        name="product_clicks", group="products", unit="count", title="Product clicks", scopes=_BOTH,
        definition="Times a viewer clicked a product of the bag, at most once a minute for each viewer and product.",
        formula="count of distinct (viewer, product, minute) with a product click signal while it was in the bag",
        version=2,
    ),
    Metric(
        name="click_uv", group="products", unit="count", title="Click UV", kind="unique", scopes=_BOTH,
        definition="Different viewers who clicked: exact up to 4,096, then an estimate within about 2 %.",
        formula="count of distinct viewers with a product click signal",
    ),
    Metric(
        name="ctr", group="products", unit="rate", title="CTR", kind="ratio", scopes=_BOTH,
        numerator="product_clicks", denominator="product_impressions",
        definition="Click-through rate: product clicks per product impression.",
        formula="product_clicks / product_impressions",
        version=2,
    ),
    Metric(
        name="ctor", group="products", unit="rate", title="CTOR", kind="ratio", scopes=_BOTH,
        numerator="sku_orders", denominator="product_clicks",
        definition="Click-to-order rate: paid SKU orders per product click.",
        formula="sku_orders / product_clicks",
        version=2,
    ),
)  # fmt: skip
