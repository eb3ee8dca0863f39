"""What is asked of the catalogue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.catalogue.domain.product import Label
from showfloor.session.catalogue.domain.searching import asked_grams, containing

MAX_SETS = 1_000


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
    compare_at_minor: int | None
    stock: int | None
    image_url: str
    archived: bool
    version: int
    created_at: datetime
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


_LIST = f"""
SELECT {", ".join(ProductRow.__struct_fields__)} FROM product_row
WHERE shop_id = %(shop_id)s AND NOT archived AND search_key LIKE %(pattern)s
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


class CatalogueOffers:
    """Finds what sellers offer to other accounts. Two products with one link: the lower id wins, always."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_link(self, links: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each public link leads to."""
        sql = """SELECT DISTINCT ON (link) link AS name, product_id FROM product_row
                 WHERE link <> '' AND NOT archived AND link = ANY(%s) ORDER BY link, product_id"""
        return await self._found(sql, links)

    async def by_invite(self, invites: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each collab invite offers."""
        sql = """SELECT DISTINCT ON (collab_invite) collab_invite AS name, product_id FROM product_row
                 WHERE collab_invite <> '' AND NOT archived AND collab_invite = ANY(%s)
                 ORDER BY collab_invite, product_id"""
        return await self._found(sql, invites)

    async def _found(self, sql: str, names: Sequence[str]) -> dict[str, UUID]:
        return {row["name"]: row["product_id"] for row in await self._database.fetch(sql, (list(names),))}
