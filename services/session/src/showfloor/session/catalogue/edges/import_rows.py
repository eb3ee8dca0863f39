"""Rows of imports as commands: the one place that knows what a row may hold, for single calls and for whole files.

`tell` says what becomes of a value that is refused: `at_once` ends the row, `Collected` goes on, so that a file gets
all its problems at once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1.product_pb2 import Product, ProductVariant, ProductVariants
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.service.allowing import ShopHome
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product import (
    MAX_OPTIONS,
    MAX_VARIANTS,
    ProductImported,
    Variant,
    product_stream,
)
from showfloor.session.catalogue.edges import shapes

T = TypeVar("T")


MAX_ROWS = 500  # of one call
MAX_STOCK = 10**9


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


def product(field: str, row: Product, shop: ShopHome, now: datetime, tell: Tell = at_once) -> ProductImported:
    """Return a product to keep. Raises INVALID_FIELD, WRONG_CURRENCY."""
    reference = tell(checks.reference, f"{field}.reference", row.reference, instead="")
    compared = row.compare_at_price if row.HasField("compare_at_price") else None
    counted = row.stock if row.HasField("stock") else None
    options, kinds = variants(f"{field}.", row, shop, tell)
    return ProductImported(
        at=now,
        product_id=product_stream(shop.shop_id, reference),
        shop_id=shop.shop_id,
        reference=reference,
        title=tell(title, f"{field}.title", row.title, instead=""),
        category=tell(category, f"{field}.category", row.category, instead=""),
        price_minor=tell(price, f"{field}.price", row.price, shop, instead=0),
        currency=shop.currency,
        commission_bps=tell(commission, f"{field}.commission_bps", row.commission_bps, instead=0),
        label=tell(shapes.label, f"{field}.label", row.label, instead=""),
        in_showcase=row.in_showcase,
        collab_invite=tell(invite, f"{field}.collab_invite", row.collab_invite, instead=""),
        link=tell(link, f"{field}.link", row.link, instead=""),
        compare_at_minor=None
        if compared is None
        else tell(price, f"{field}.compare_at_price", compared, shop, instead=None),
        stock=None if counted is None else tell(stock, f"{field}.stock", counted, instead=None),
        image_url=tell(link, f"{field}.image_url", row.image_url, instead=""),
        options=options,
        variants=kinds,
    )


def variants(
    prefix: str, row: Product | ProductVariants, shop: ShopHome, tell: Tell = at_once
) -> tuple[tuple[str, ...], tuple[Variant, ...]]:
    """Return what the variants of a product differ in, and the variants. Raises INVALID_FIELD, WRONG_CURRENCY."""
    options, kinds = f"{prefix}options", f"{prefix}variants"
    tell(checks.count, options, row.options, 0, MAX_OPTIONS, instead=None)
    tell(checks.count, kinds, row.variants, 0, MAX_VARIANTS, instead=None)
    if bool(row.options) != bool(row.variants):
        tell(
            _refused, options if row.variants else kinds, "are needed: options and variants come together", instead=None
        )
    names = tuple(
        tell(checks.line, f"{options}[{number}].name", one.name, 1, 60, instead="")
        for number, one in enumerate(row.options)
    )
    tell(_once, options, names, "has the name of an earlier option", instead=None)
    found = tuple(
        _variant(f"{kinds}[{number}]", one, len(names), shop, tell) for number, one in enumerate(row.variants)
    )
    tell(_once, kinds, [one.reference for one in found], "has the reference of an earlier variant", instead=None)
    tell(_once, kinds, [one.values for one in found], "has the values of an earlier variant", instead=None)
    return names, found


def _variant(field: str, one: ProductVariant, options: int, shop: ShopHome, tell: Tell) -> Variant:
    if len(one.values) != options:
        tell(_refused, f"{field}.values", f"must be {options}: one for each option", instead=None)
    compared = one.compare_at_price if one.HasField("compare_at_price") else None
    counted = one.stock if one.HasField("stock") else None
    return Variant(
        reference=tell(checks.reference, f"{field}.reference", one.reference, instead=""),
        values=tuple(
            tell(checks.line, f"{field}.values[{number}]", value, 1, 60, instead="")
            for number, value in enumerate(one.values)
        ),
        price_minor=tell(price, f"{field}.price", one.price, shop, instead=0),
        compare_at_minor=None
        if compared is None
        else tell(price, f"{field}.compare_at_price", compared, shop, instead=None),
        stock=None if counted is None else tell(stock, f"{field}.stock", counted, instead=None),
        image_url=tell(link, f"{field}.image_url", one.image_url, instead=""),
    )


def _refused(field: str, problem: str) -> None:
    raise invalid(field, problem)


def _once(field: str, keys: Sequence[Any], problem: str) -> None:
    for number, key in enumerate(keys):
        if key and key in keys[:number]:
            raise invalid(f"{field}[{number}]", problem)


def title(field: str, value: str) -> str:
    """Return what a product is called."""
    return checks.line(field, value, 1, 200)


def category(field: str, value: str) -> str:
    """Return a category; empty is one that is not known."""
    return checks.line(field, value, 0, 60) or shapes.NOT_KNOWN


def commission(field: str, value: int) -> int:
    """Return a commission in basis points."""
    return checks.number(field, value, 0, 10_000)


def invite(field: str, value: str) -> str:
    """Return a collab invite; empty is none."""
    return checks.line(field, value, 0, 200)


def link(field: str, value: str) -> str:
    """Return an https address; empty is none."""
    return checks.https(field, value) if value else ""


def stock(field: str, value: int) -> int:
    """Return how many units there are."""
    return checks.number(field, value, 0, MAX_STOCK)


def price(field: str, value: Money, shop: ShopHome) -> int:
    """Return an amount in the shop's currency, in minor units. Raises INVALID_FIELD, WRONG_CURRENCY."""
    amount = checks.money(field, value)
    if amount.currency != shop.currency:
        raise refusals.wrong_currency(amount.currency, shop.currency, f"{field}.currency")
    return amount.minor


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
