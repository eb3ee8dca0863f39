"""Which products and product sets does a shop have, and who offers what by link or invite?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.catalogue.domain.product import PRODUCT, ProductArchived, ProductDetails, ProductEvent
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSetDeleted, ProductSetSaved
from showfloor.session.catalogue.domain.searching import grams, search_key, sort_key

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
    compare_at_minor bigint,
    stock bigint, -- NULL: not counted
    image_url text NOT NULL,
    image_id uuid,
    variants integer NOT NULL, -- how many
    archived boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL, -- when it came into the catalogue first
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

_COLUMNS = {
    "shop_id": "uuid", "reference": "text", "title": "text", "category": "text", "price_minor": "bigint",
    "currency": "text", "commission_bps": "integer", "label": "text", "in_showcase": "boolean",
    "collab_invite": "text", "link": "text", "compare_at_minor": "bigint", "stock": "bigint", "image_url": "text",
    "image_id": "uuid", "variants": "integer", "title_key": "text", "search_key": "text", "grams": "text",
}  # fmt: skip
_LISTED = ", ".join(_COLUMNS)
_PRODUCTS = f"""
INSERT INTO product_row (product_id, created_at, archived, version, {_LISTED})
SELECT product_id, created_at, false, 0, {_LISTED}::integer[]
FROM unnest(%s::uuid[], %s::timestamptz[], {", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
    AS v (product_id, created_at, {_LISTED})
ON CONFLICT (product_id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS)}"""  # noqa: S608
_VERSIONS = """
UPDATE product_row SET version = v.version, archived = coalesce(v.archived, product_row.archived)
FROM unnest(%s::uuid[], %s::bigint[], %s::boolean[]) AS v (id, version, archived) WHERE product_id = v.id"""
_SETS = """
INSERT INTO product_set_row SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[])
ON CONFLICT (product_set_id) DO UPDATE SET name = EXCLUDED.name, product_ids = EXCLUDED.product_ids"""

# Safe: a row of the view alone, of a set that the log says is gone; the log makes the view again.
_DELETED = "DELETE FROM product_set_row WHERE product_set_id = ANY(%s::uuid[])"


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Keep products and sets as they are now: the last event of each wins."""
    products: dict[UUID, ProductDetails] = {}
    came: dict[UUID, datetime] = {}
    versions: dict[UUID, int] = {}
    archived: dict[UUID, bool] = {}
    sets: dict[Any, tuple[Any, ...]] = {}
    deleted: set[UUID] = set()
    for recorded in page:
        event = recorded.event
        if isinstance(event, ProductEvent):
            versions[event.product_id] = recorded.version
            if isinstance(event, ProductDetails):
                products[event.product_id] = event
                came.setdefault(event.product_id, event.at)
            else:
                archived[event.product_id] = isinstance(event, ProductArchived)
        elif isinstance(event, ProductSetSaved):
            ids = msgspec.json.encode([str(product_id) for product_id in event.product_ids]).decode()
            sets[event.product_set_id] = (event.product_set_id, event.shop_id, event.name, ids)
        elif isinstance(event, ProductSetDeleted):
            sets.pop(event.product_set_id, None)
            deleted.add(event.product_set_id)
        else:
            raise TypeError(f"the catalogue does not know {type(event).__name__}")
    yield from insert(_PRODUCTS, [_product(event, came[key]) for key, event in products.items()])
    yield from insert(_VERSIONS, [(key, version, archived.get(key)) for key, version in versions.items()])
    yield from keyed(_SETS, sets)
    if deleted:
        yield Statement(_DELETED, columns=([*deleted],))


def _product(event: ProductDetails, came: datetime) -> tuple[Any, ...]:
    key = search_key(event.title, event.category, event.reference, *(one.reference for one in event.variants))
    return (
        event.product_id, came, event.shop_id, event.reference, event.title, event.category, event.price_minor,
        event.currency, event.commission_bps, event.label, event.in_showcase, event.collab_invite, event.link,
        event.compare_at_minor, event.stock, event.image_url, event.image_id, len(event.variants),
        sort_key(event.title), key, "{" + ",".join(map(str, grams(event.shop_id, key))) + "}",
    )  # fmt: skip


VIEW = View(name="catalogue", ddl=_DDL, handles=(*PRODUCT.events, *PRODUCT_SET.events), evolve=evolve, version=6)
