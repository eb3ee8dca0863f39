"""Commands on a shop's catalogue, and how the other commands look products up in it."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal
from showfloor.session.catalogue.domain import catalogue_rules, product_rules, refusals
from showfloor.session.catalogue.domain.catalogue_rules import SaveProductSet
from showfloor.session.catalogue.domain.product import PRODUCT, Product, ProductDetails, ProductImported
from showfloor.session.catalogue.domain.product_rules import ImportProduct
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSet
from showfloor.session.catalogue.domain.shop_images import SHOP_IMAGES, shop_images_stream


class Offers(Protocol):
    """Finds what sellers offer to other accounts. Unknown references are left out."""

    async def by_link(self, links: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each public link leads to."""
        ...

    async def by_invite(self, invites: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each collab invite offers."""
        ...


async def products_of(store: Store, product_ids: Iterable[UUID], within: float = 0.0) -> dict[UUID, ProductDetails]:
    """Return the products that exist, as they were `within` seconds ago or later."""
    loaded = await store.load_many(PRODUCT, product_ids, within=within)
    return {product_id: one.state.kept for product_id, one in loaded.items() if one.state.kept is not None}


async def must_have_image(store: Store, shop_id: UUID, image_id: UUID) -> None:
    """Refuse a picture that the shop did not upload. Raises IMAGE_NOT_FOUND."""
    if image_id not in (await store.load(SHOP_IMAGES, shop_images_stream(shop_id))).state.images:
        raise refusals.image_not_found(image_id)


async def products_now(store: Store, product_ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Return the products that exist, and whether they were archived."""
    loaded = await store.load_many(PRODUCT, product_ids)
    return {product_id: one.state for product_id, one in loaded.items() if one.state.kept is not None}


async def save_product_set(store: Store, command: SaveProductSet, meta: Meta) -> Outcome[ProductSet]:
    """Make or replace a set of the shop's own products. Raises PRODUCT_SET_NOT_FOUND, PRODUCT_NOT_FOUND,
    PRODUCT_ARCHIVED."""
    products = await products_now(store, command.product_ids)
    own = {key for key, one in products.items() if one.kept is not None and one.kept.shop_id == command.shop_id}
    whole = msgspec.structs.replace(
        command,
        missing=tuple(key for key in command.product_ids if key not in own),
        archived=tuple(key for key in command.product_ids if key in own and products[key].archived),
    )
    return await store.execute(PRODUCT_SET, command.product_set_id, catalogue_rules.save_product_set, whole, meta)


async def import_products(store: Store, products: Sequence[ProductImported], meta: Meta) -> list[Outcome[Product]]:
    """Add or update products. Raises GroupRefused: PRODUCT_ARCHIVED, COMPARE_AT_TOO_LOW,
    REQUEST_ID_REUSED."""
    return await store.execute_many([product_step(ImportProduct(product=one)) for one in products], meta)


def product_step(command: ImportProduct) -> Step:
    """Return the step that imports a product."""
    return Step(PRODUCT, command.product.product_id, product_rules.import_product, command)


def first_refusal(refused: GroupRefused, field: str) -> Refusal:
    """Return the first refusal of a group with the index of its row, such as `sessions[12]`."""
    index = min(refused.refusals)
    first, place = refused.refusals[index], f"{field}[{index}]"
    more = f" {len(refused.refusals) - 1} more rows are refused." if len(refused.refusals) > 1 else ""
    return Refusal(
        first.kind,
        first.reason,
        f"{place}: {first.message}{more} Nothing was kept.",
        {**first.metadata, "field": place},
    )
