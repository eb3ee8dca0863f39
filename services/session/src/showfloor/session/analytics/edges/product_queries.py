"""What is asked of a shop's products: each with what it sold, over all LIVEs."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.catalogue.domain.product import Label, ProductDetails
from showfloor.session.catalogue.domain.searching import asked_grams, containing

Order = Literal["title", "price", "stock", "create_time", "units_sold"]


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product as it is in the catalogue now. `sort_key`: what the list goes by, as text."""

    product_id: UUID
    shop_id: UUID
    reference: str
    title: str
    category: str
    price_minor: int
    currency: str
    commission_bps: int
    label: Label
    in_showcase: bool
    collab_invite: str
    link: str
    compare_at_minor: int | None
    stock: int | None
    image_url: str
    image_id: UUID | None
    variants: int
    archived: bool
    version: int
    created_at: datetime
    units_sold: int
    sort_key: str

    def details(self) -> ProductDetails:
        """Return what the catalogue knows of it, but for its variants."""
        names = (name for name in ProductDetails.__struct_fields__ if name not in ("at", "options", "variants"))
        known = {name: getattr(self, name) for name in names}
        return ProductDetails(at=self.created_at, **known)


class WantedProducts(msgspec.Struct, frozen=True, kw_only=True):
    """Which products of a shop, in which order. "" and None: no condition."""

    shop_id: UUID
    query: str = ""
    category: str = ""
    label: str | None = None
    showcase_only: bool = False
    in_stock_only: bool = False
    invited_only: bool = False
    product_ids: list[UUID] | None = None
    archived: bool = False  # those that were archived, instead of the others
    order: Order = "title"
    descending: bool = False
    after_key: str | None = None
    after_id: UUID | None = None
    limit: int = 50


_KEYS: Final[dict[Order, tuple[str, str]]] = {
    "title": ("title_key", 'text COLLATE "C"'),
    "price": ("price_minor", "bigint"),
    "stock": ("coalesce(stock, 1000000000000)", "bigint"),  # what is not counted does not run out
    "create_time": ("created_at", "timestamptz"),
    "units_sold": ("coalesce(s.units, 0)", "bigint"),
}
_MEETS = """
shop_id = %(shop_id)s AND archived = %(archived)s AND search_key LIKE %(pattern)s
  AND (%(grams)s::integer[] IS NULL OR grams @> %(grams)s::integer[])
  AND (%(category)s = '' OR category = %(category)s)
  AND (%(label)s::text IS NULL OR label = %(label)s)
  AND (NOT %(showcase_only)s OR in_showcase)
  AND (NOT %(invited_only)s OR collab_invite <> '')
  AND (%(product_ids)s::uuid[] IS NULL OR product_id = ANY(%(product_ids)s))
  AND (NOT %(in_stock_only)s OR stock IS NULL OR stock > 0)"""
_COUNT = f"SELECT count(*) AS products FROM product_row WHERE {_MEETS}"  # noqa: S608 - constants


class _Count(msgspec.Struct, frozen=True):
    products: int


def listing(order: Order, *, descending: bool) -> str:
    """Return the query of a page. Sales of what is not on it are looked at only when they are the order."""
    key, kind = _KEYS[order]
    way, beyond = ("DESC", "<") if descending else ("ASC", ">")
    sales = "LEFT JOIN product_sales s USING (product_id)"
    page = f"""
SELECT p.*, {key} AS sorted FROM product_row p {sales if order == "units_sold" else ""} WHERE {_MEETS}
  AND (%(after_key)s::text IS NULL OR ({key}, product_id) {beyond} (%(after_key)s::{kind}, %(after_id)s::uuid))
ORDER BY {key} {way}, product_id {way} LIMIT %(limit)s"""  # noqa: S608 - constants
    columns = ", ".join(f"page.{name}" for name in ProductRow.__struct_fields__[:-2])
    return f"""
SELECT {columns}, coalesce(s.units, 0) AS units_sold, sorted::text AS sort_key FROM ({page}) AS page {sales}
ORDER BY sorted {way}, product_id {way}"""  # noqa: S608 - constants


async def list_products(database: Database, wanted: WantedProducts) -> list[ProductRow]:
    """Return a page of products."""
    return await database.search(listing(wanted.order, descending=wanted.descending), _asked(wanted), into=ProductRow)


async def count_products(database: Database, wanted: WantedProducts) -> int:
    """Return how many products there are on all pages together."""
    (row,) = await database.search(_COUNT, _asked(wanted), into=_Count)
    return row.products


def _asked(wanted: WantedProducts) -> dict[str, object]:
    asked = {"pattern": containing(wanted.query), "grams": asked_grams(wanted.shop_id, wanted.query)}
    return msgspec.structs.asdict(wanted) | asked
