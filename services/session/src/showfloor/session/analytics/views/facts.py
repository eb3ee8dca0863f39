"""What did the facts come to? Sums per session and minute, per session, and per product of a session."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from showfloor.eventstore.statements import Append, Change
from showfloor.eventstore.upsert import adding, insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Event, Recorded
from showfloor.session.activity.domain.comment import CommentPosted
from showfloor.session.activity.domain.follow import AccountFollowed
from showfloor.session.activity.domain.gift import GiftGrown, GiftSent
from showfloor.session.activity.domain.order import OrderPaid, OrderPlaced, OrderRefunded
from showfloor.session.analytics.domain.minutes import minute_of
from showfloor.session.show.domain.session_events import AddedToBag
from showfloor.session.show.views.expiring import GONE, expiring

# Metrics of the registry, and the columns that hold them.
SUMS = (
    "gmv", "direct_gmv", "affiliate_gmv", "refunded", "commission", "orders", "sku_orders", "units_sold",
    "comments", "new_followers", "gifts",
)  # fmt: skip
_PRODUCT_SUMS = ("gmv", "sku_orders", "units_sold")

_SUM_COLUMNS = "".join(f"    {name} bigint NOT NULL,\n" for name in SUMS)
_DDL = f"""
CREATE TABLE fact_minute (
    session_id uuid NOT NULL,
    minute integer NOT NULL, -- Unix time in minutes
{_SUM_COLUMNS}    PRIMARY KEY (session_id, minute)
);
CREATE TABLE fact_total (
    session_id uuid PRIMARY KEY,
{_SUM_COLUMNS}    simulated_orders bigint NOT NULL, -- paid in the test checkout, or in a simulated recording
    newest timestamptz NOT NULL, -- the newest fact
    sign timestamptz -- the newest that shows that somebody is there; on the real clock for a recording
);
CREATE TABLE fact_product (
    session_id uuid NOT NULL,
    product_id uuid NOT NULL,
    gmv bigint NOT NULL,
    sku_orders bigint NOT NULL,
    units_sold bigint NOT NULL,
    PRIMARY KEY (session_id, product_id)
);
CREATE TABLE fact_product_minute (
    session_id uuid NOT NULL,
    product_id uuid NOT NULL,
    minute integer NOT NULL, -- Unix time in minutes
    gmv bigint NOT NULL,
    sku_orders bigint NOT NULL,
    units_sold bigint NOT NULL,
    PRIMARY KEY (session_id, product_id, minute)
);
CREATE TABLE fact_sale ( -- a product in a paid order: what was sold since a moment inside a minute
    session_id uuid NOT NULL,
    product_id uuid NOT NULL,
    at timestamptz NOT NULL,
    gmv bigint NOT NULL,
    units_sold bigint NOT NULL
);
CREATE INDEX fact_sale_time ON fact_sale (session_id, product_id, at);
CREATE TABLE featured ( -- products that were in the bag at any time
    session_id uuid NOT NULL,
    product_id uuid NOT NULL,
    PRIMARY KEY (session_id, product_id)
);
"""

_MINUTE = adding("fact_minute", {"session_id": "uuid", "minute": "integer"}, SUMS)
_TOTAL = adding("fact_total", {"session_id": "uuid"}, (*SUMS, "simulated_orders"), newest=("newest", "sign"))
_PRODUCT = adding("fact_product", {"session_id": "uuid", "product_id": "uuid"}, _PRODUCT_SUMS)
_PRODUCT_MINUTE = adding(
    "fact_product_minute", {"session_id": "uuid", "product_id": "uuid", "minute": "integer"}, _PRODUCT_SUMS
)
_SALE = ("uuid", "uuid", "timestamptz", "bigint", "bigint")
_FEATURED = "INSERT INTO featured SELECT * FROM unnest(%s::uuid[], %s::uuid[]) ON CONFLICT DO NOTHING"


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Sum up a page, then add it to the tables."""
    minutes: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    product_minutes: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    sales: list[tuple[Any, ...]] = []
    newest: dict[UUID, datetime] = {}
    signs: dict[UUID, datetime] = {}
    featured: dict[Any, tuple[UUID, UUID]] = {}
    simulated: Counter[UUID] = Counter()
    for recorded in page:
        event = recorded.event
        if isinstance(event, AddedToBag):
            featured |= {(event.session_id, name): (event.session_id, name) for name in event.product_ids}
            continue
        session_id: UUID = event.session_id  # type: ignore[attr-defined]  # every other event handled has one
        newest[session_id] = max(event.at, newest.get(session_id, event.at))
        if (sign := _sign(event)) is not None:
            signs[session_id] = max(sign, signs.get(session_id, sign))
        row = minutes[session_id, minute_of(event.at)]
        for name, amount in _adds(event).items():
            row[name] += amount
        if isinstance(event, OrderPaid):
            sales += _sold(product_minutes, event)
            simulated[session_id] += event.source == "simulated"
    yield from insert(_MINUTE, [(*key, *row.values()) for key, row in minutes.items()])
    yield from insert(_TOTAL, _totals(minutes, simulated, newest, signs))
    yield from insert(_PRODUCT, _product_totals(product_minutes))
    yield from insert(_PRODUCT_MINUTE, [(*key, *row) for key, row in product_minutes.items()])
    yield Append("fact_sale", _SALE, sales)
    yield from keyed(_FEATURED, featured)


def _sign(event: Event) -> datetime | None:
    """Return when a fact shows that somebody is in the room. Money that moves elsewhere, later, does not."""
    match event:
        case CommentPosted(practice=False) | AccountFollowed() | GiftSent() | GiftGrown() | OrderPlaced(direct=True):
            return event.told_at or event.at
        case _:
            return None


def _adds(event: Event) -> dict[str, int]:  # noqa: PLR0911 - one per event
    match event:
        case OrderPaid():
            return {
                "gmv": event.total_minor,
                "direct_gmv": event.total_minor if event.direct else 0,
                "affiliate_gmv": event.affiliate_minor,
                "commission": event.commission_minor,
                "orders": 1,
                "sku_orders": len({item.product_id for item in event.items}),
                "units_sold": sum(item.quantity for item in event.items),
            }
        case OrderRefunded():
            return {"refunded": event.amount_minor}
        case CommentPosted() if not event.from_host and not event.practice:
            return {"comments": 1}
        case AccountFollowed():
            return {"new_followers": 1}
        case GiftSent():
            return {"gifts": event.count}
        case GiftGrown():
            return {"gifts": event.more}
        case _:
            return {}


def _sold(minutes: dict[Any, list[int]], event: OrderPaid) -> Iterable[tuple[Any, ...]]:
    """Add what an order sold of each of its products to the minute; return it as rows."""
    sold: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for item in event.items:
        sold[item.product_id][0] += item.total_minor
        sold[item.product_id][1] += item.quantity
    for product_id, (gmv, units) in sold.items():
        row = minutes[event.session_id, product_id, minute_of(event.at)]
        for at, amount in enumerate((gmv, 1, units)):
            row[at] += amount
        yield event.session_id, product_id, event.at, gmv, units


def _product_totals(minutes: Mapping[Any, Sequence[int]]) -> list[tuple[Any, ...]]:
    totals: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (session_id, product_id, _), row in minutes.items():
        for at, amount in enumerate(row):
            totals[session_id, product_id][at] += amount
    return [(*key, *row) for key, row in totals.items()]


def _totals(
    minutes: dict[Any, dict[str, int]],
    simulated: Mapping[UUID, int],
    newest: Mapping[UUID, datetime],
    signs: Mapping[UUID, datetime],
) -> list[tuple[Any, ...]]:
    totals: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for (session_id, _), row in minutes.items():
        for name, amount in row.items():
            totals[session_id][name] += amount
    return [
        (session_id, *row.values(), simulated[session_id], newest[session_id], signs.get(session_id))
        for session_id, row in totals.items()
    ]


VIEW = View(
    name="facts",
    ddl=_DDL,
    handles=(
        OrderPlaced,
        OrderPaid,
        OrderRefunded,
        CommentPosted,
        AccountFollowed,
        GiftSent,
        GiftGrown,
        AddedToBag,
        *GONE,
    ),
    evolve=expiring(
        evolve, "fact_minute", "fact_total", "fact_product", "fact_product_minute", "fact_sale", "featured"
    ),
)
