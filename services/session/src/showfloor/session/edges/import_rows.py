"""Rows of imports as commands: the one place that knows what a row may hold, for single calls and for whole files.

`tell` says what becomes of a value that is refused: `at_once` ends the row, `Collected` goes on, so that a file gets
all its problems at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import Product
from showfloor.kernel.refusal import Refusal
from showfloor.rpc import checks
from showfloor.service.allowing import AccountHome, ShopHome
from showfloor.session.domain import refusals
from showfloor.session.domain.import_rules import Import, import_stream
from showfloor.session.domain.product import ProductKept, product_stream
from showfloor.session.domain.session_events import SessionImported
from showfloor.session.edges import shapes

T = TypeVar("T")

MAX_DURATION_S = 604_800
MAX_COUNT = 10**12
COUNTS = (
    "views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers",
    "products", "units_sold",
)  # fmt: skip


class Tell(Protocol):
    """Checks a value. Returns `instead` for one that is refused, or does not return."""

    def __call__(self, check: Callable[..., T], *args: Any, instead: T) -> T: ...


def at_once(check: Callable[..., T], *args: Any, instead: T) -> T:
    """Let the first refusal of a row end it."""
    return check(*args)


class Collected:
    """Keeps every refusal of a row."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def __call__(self, check: Callable[..., T], *args: Any, instead: T) -> T:
        """Note a refusal and go on."""
        try:
            return check(*args)
        except Refusal as refusal:
            self.refusals.append(refusal)
            return instead


def product(field: str, row: Product, shop: ShopHome, now: datetime, tell: Tell = at_once) -> ProductKept:
    """Return a product to keep. Raises INVALID_FIELD, WRONG_CURRENCY."""
    reference = tell(checks.reference, f"{field}.reference", row.reference, instead="")
    price = tell(_price, f"{field}.price", row, shop, instead=0)
    category = tell(checks.line, f"{field}.category", row.category, 0, 60, instead="")
    return ProductKept(
        at=now,
        product_id=product_stream(shop.shop_id, reference),
        shop_id=shop.shop_id,
        reference=reference,
        title=tell(checks.line, f"{field}.title", row.title, 1, 200, instead=""),
        category=category or shapes.NOT_KNOWN,
        price_minor=price,
        currency=shop.currency,
        commission_bps=tell(checks.number, f"{field}.commission_bps", row.commission_bps, 0, 10_000, instead=0),
        label=tell(shapes.label, f"{field}.label", row.label, instead=""),
        in_showcase=row.in_showcase,
        collab_invite=tell(checks.line, f"{field}.collab_invite", row.collab_invite, 0, 200, instead=""),
        link=tell(checks.https, f"{field}.link", row.link, instead="") if row.link else "",
    )


def past(field: str, row: pb.PastSession, home: AccountHome, now: datetime, tell: Tell = at_once) -> Import:
    """Return a past session to keep. Raises INVALID_FIELD, WRONG_CURRENCY, IN_THE_FUTURE."""
    reference = tell(checks.reference, f"{field}.reference", row.reference, instead="")
    start = tell(_start, f"{field}.start_time", row, now, instead=checks.EARLIEST)
    duration = tell(checks.number, f"{field}.duration_s", row.duration_s, 1, MAX_DURATION_S, instead=0)
    end = start + timedelta(seconds=duration)
    tell(_over, f"{field}.duration_s", end, now, instead=None)
    totals = {
        name: tell(checks.number, f"{field}.{name}", getattr(row, name), 0, MAX_COUNT, instead=0)
        for name in COUNTS
        if row.HasField(name)  # type: ignore[arg-type]
    }
    if row.HasField("gmv"):
        totals["gmv_minor"] = tell(_gmv, f"{field}.gmv", row, home, instead=0)
    title = tell(checks.line, f"{field}.title", row.title, 1, 120, instead="")
    event = SessionImported(
        at=now,
        session_id=import_stream(home.shop_id, reference),
        account_id=home.account_id,
        shop_id=home.shop_id,
        currency=home.currency,
        reference=reference,
        title=title,
        started_at=start,
        ended_at=end,
        **totals,
    )
    return Import(session_id=event.session_id, now=now, event=event)


def _price(field: str, row: Product, shop: ShopHome) -> int:
    price = checks.money(field, row.price)
    if price.currency != shop.currency:
        raise refusals.wrong_currency(price.currency, shop.currency, f"{field}.currency")
    return price.minor


def _gmv(field: str, row: pb.PastSession, home: AccountHome) -> int:
    gmv = checks.money(field, row.gmv, 0, MAX_COUNT * 1_000)
    if gmv.currency != home.currency:
        raise refusals.wrong_currency(gmv.currency, home.currency, f"{field}.currency")
    return gmv.minor


def _start(field: str, row: pb.PastSession, now: datetime) -> datetime:
    start = checks.timestamp(field, row.start_time)
    if start > now:
        raise refusals.in_the_future(field)
    return start


def _over(field: str, end: datetime, now: datetime) -> None:
    if end > now:
        raise refusals.in_the_future(field)
