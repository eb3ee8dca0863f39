"""Rows of imports as commands: the one place that knows what a row may hold, for single calls and for whole files.

`tell` says what becomes of a value that is refused: `at_once` ends the row, `Collected` goes on, so that a file gets
all its problems at once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from showfloor.api.session.v1.product_pb2 import Product
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.service.allowing import ShopHome
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product import ProductKept, product_stream
from showfloor.session.catalogue.edges import shapes

T = TypeVar("T")


MAX_ROWS = 500  # of one call


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


def _price(field: str, row: Product, shop: ShopHome) -> int:
    price = checks.money(field, row.price)
    if price.currency != shop.currency:
        raise refusals.wrong_currency(price.currency, shop.currency, f"{field}.currency")
    return price.minor


def count(field: str, rows: Any) -> None:
    """Refuse a call with too many rows, or none. Raises TOO_LARGE, INVALID_FIELD."""
    if len(rows) > MAX_ROWS:
        text = f"{field}: at most {MAX_ROWS} in one call; send the rest in another."
        raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", text, {"limit": str(MAX_ROWS), "field": field})
    checks.count(field, rows, 1, MAX_ROWS)


def once(field: str, keys: Any) -> None:
    """Refuse a list that names one thing twice: which of the two would count?"""
    seen: set[Any] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise invalid(f"{field}[{number}]", "names the same thing as an earlier row")
        seen.add(key)
