"""Which products and product sets does a shop have, and who offers what by link or invite?"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.catalogue.domain.product import PRODUCT, Label, ProductKept
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSetSaved
from showfloor.session.catalogue.domain.searching import asked_grams, containing, grams, search_key, sort_key

MAX_SETS = 1_000

_DDL = """
CREATE TABLE product_row (
    product_id uuid PRIMARY KEY,
    shop_id uuid NOT NULL,
    reference text NOT NULL,
    title text NOT NULL,
    category text NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    commission_bps integer NOT NULL,
    label text NOT NULL,
    in_showcase boolean NOT NULL,
    collab_invite text NOT NULL,
    link text NOT NULL,
    title_key text COLLATE "C" NOT NULL, -- what the order goes by
    search_key text NOT NULL, -- what a search compares
    grams integer[] NOT NULL -- of the search key: see searching.py
);
CREATE INDEX product_row_grams ON product_row USING gin (grams) WITH (gin_pending_list_limit = 1024);
CREATE INDEX product_row_shop ON product_row (shop_id, title_key, product_id);
CREATE INDEX product_row_link ON product_row (link, product_id) WHERE link <> '';
CREATE INDEX product_row_invite ON product_row (collab_invite, product_id) WHERE collab_invite <> '';
CREATE TABLE product_set_row (
    product_set_id uuid PRIMARY KEY,
    shop_id uuid NOT NULL,
    name text NOT NULL,
    product_ids text NOT NULL -- in order, as JSON
);
CREATE INDEX product_set_row_shop ON product_set_row (shop_id);
"""

_COLUMNS = (
    "shop_id", "reference", "title", "category", "price_minor", "currency", "commission_bps", "label",
    "in_showcase", "collab_invite", "link", "title_key", "search_key", "grams",
)  # fmt: skip
_PRODUCTS = f"""
INSERT INTO product_row SELECT product_id, {", ".join(_COLUMNS)}::integer[] FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::integer[], %s::text[],
    %s::boolean[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS v (product_id, {", ".join(_COLUMNS)})
ON CONFLICT (product_id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS)}"""  # noqa: S608
_SETS = """
INSERT INTO product_set_row SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[])
ON CONFLICT (product_set_id) DO UPDATE SET name = EXCLUDED.name, product_ids = EXCLUDED.product_ids"""


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product as it is in the catalogue now."""

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
    title_key: str
    search_key: str


class ProductSetRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product set; `product_ids` in order."""

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: list[str]


class WantedProducts(msgspec.Struct, frozen=True, kw_only=True):
    """Which products of a shop, by title. "" and None: no condition."""

    shop_id: UUID
    query: str = ""
    category: str = ""
    label: str | None = None
    showcase_only: bool = False
    after_key: str | None = None
    after_id: UUID | None = None
    limit: int = 50


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Keep products and sets as they are now: the last event of each wins."""
    products: dict[Any, tuple[Any, ...]] = {}
    sets: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        event = recorded.event
        if isinstance(event, ProductKept):
            products[event.product_id] = _product(event)
        elif isinstance(event, ProductSetSaved):
            ids = msgspec.json.encode([str(product_id) for product_id in event.product_ids]).decode()
            sets[event.product_set_id] = (event.product_set_id, event.shop_id, event.name, ids)
        else:
            raise TypeError(f"the catalogue does not know {type(event).__name__}")
    yield from keyed(_PRODUCTS, products)
    yield from keyed(_SETS, sets)


def _product(event: ProductKept) -> tuple[Any, ...]:
    key = search_key(event.title, event.category, event.reference)
    return (
        event.product_id, event.shop_id, event.reference, event.title, event.category, event.price_minor,
        event.currency, event.commission_bps, event.label, event.in_showcase, event.collab_invite, event.link,
        sort_key(event.title), key, "{" + ",".join(map(str, grams(event.shop_id, key))) + "}",
    )  # fmt: skip


VIEW = View(name="catalogue", ddl=_DDL, handles=(*PRODUCT.events, *PRODUCT_SET.events), evolve=evolve, version=3)

_LIST = f"""
SELECT {", ".join(ProductRow.__struct_fields__)} FROM product_row
WHERE shop_id = %(shop_id)s AND search_key LIKE %(pattern)s
  AND (%(grams)s::integer[] IS NULL OR grams @> %(grams)s::integer[])
  AND (%(category)s = '' OR category = %(category)s)
  AND (%(label)s::text IS NULL OR label = %(label)s)
  AND (NOT %(showcase_only)s OR in_showcase)
  AND (%(after_key)s::text IS NULL OR (title_key, product_id) > (%(after_key)s::text COLLATE "C", %(after_id)s::uuid))
ORDER BY title_key, product_id LIMIT %(limit)s"""  # noqa: S608 - constants


async def list_products(database: Database, wanted: WantedProducts) -> list[ProductRow]:
    """Return a page of products, by title."""
    asked = {"pattern": containing(wanted.query), "grams": asked_grams(wanted.shop_id, wanted.query)}
    return await database.search(_LIST, msgspec.structs.asdict(wanted) | asked, into=ProductRow)


async def list_product_sets(database: Database, shop_id: UUID) -> list[ProductSetRow]:
    """Return the sets of a shop, by name."""
    sql = "SELECT * FROM product_set_row WHERE shop_id = %s ORDER BY name, product_set_id LIMIT %s"
    rows = await database.fetch(sql, (shop_id, MAX_SETS))
    return [ProductSetRow(**(row | {"product_ids": msgspec.json.decode(row["product_ids"])})) for row in rows]


async def titles(database: Database, product_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of products, as far as they are in the catalogue."""
    sql = "SELECT product_id, title FROM product_row WHERE product_id = ANY(%s)"
    return {row["product_id"]: row["title"] for row in await database.fetch(sql, (list(product_ids),))}


class CatalogueOffers:
    """Finds what sellers offer to other accounts. Two products with one link: the lower id wins, always."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_link(self, links: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each public link leads to."""
        sql = """SELECT DISTINCT ON (link) link AS name, product_id FROM product_row
                 WHERE link <> '' AND link = ANY(%s) ORDER BY link, product_id"""
        return await self._found(sql, links)

    async def by_invite(self, invites: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each collab invite offers."""
        sql = """SELECT DISTINCT ON (collab_invite) collab_invite AS name, product_id FROM product_row
                 WHERE collab_invite <> '' AND collab_invite = ANY(%s) ORDER BY collab_invite, product_id"""
        return await self._found(sql, invites)

    async def _found(self, sql: str, names: Sequence[str]) -> dict[str, UUID]:
        return {row["name"]: row["product_id"] for row in await self._database.fetch(sql, (list(names),))}
