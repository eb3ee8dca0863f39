"""What is asked of the catalogue."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.catalogue.domain.product import Label

MAX_SETS = 1_000
MAX_CATEGORIES = 1_000


class ProductSetRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product set; `product_ids` in order."""

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: list[str]


async def list_product_sets(database: Database, shop_id: UUID) -> list[ProductSetRow]:
    """Return the sets of a shop, by name."""
    sql = "SELECT * FROM product_set_row WHERE shop_id = %s ORDER BY name, product_set_id LIMIT %s"
    rows = await database.fetch(sql, (shop_id, MAX_SETS))
    return [ProductSetRow(**(row | {"product_ids": msgspec.json.decode(row["product_ids"])})) for row in rows]


class CategoryRow(msgspec.Struct, frozen=True):
    """A category or a label, and how many products have it. The other one is None."""

    category: str | None
    label: Label | None
    products: int


async def count_categories(database: Database, shop_id: UUID, *, archived: bool) -> list[CategoryRow]:
    """Return the categories of a shop's products, by name, and their labels."""
    sql = """SELECT category, label, count(*) AS products FROM product_row WHERE shop_id = %s AND archived = %s
             GROUP BY GROUPING SETS ((category), (label)) ORDER BY label NULLS LAST, category LIMIT %s"""
    rows = await database.fetch(sql, (shop_id, archived, MAX_CATEGORIES))
    return [CategoryRow(**row) for row in rows]


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
