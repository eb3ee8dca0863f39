"""Commands on the shopping bag, its pins and the pinned comment."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import invalid
from showfloor.session.catalogue.commands import Offers, products_of
from showfloor.session.catalogue.domain.product import ProductKept
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET
from showfloor.session.catalogue.domain.refusals import product_not_found, product_set_not_found
from showfloor.session.show.domain import bag_rules
from showfloor.session.show.domain.bag_rules import Add, Move, OfProduct, PinOne
from showfloor.session.show.domain.session import SESSION, Session


async def add_to_bag(store: Store, offers: Offers, asked: Add, meta: Meta) -> Outcome[Session]:
    """Add products from one of the four sources: all of them or none. Sent again, whatever the catalogue is by then.

    Raises BAG_FULL, PRODUCT_NOT_FOUND, PRODUCT_SET_NOT_FOUND, WRONG_CURRENCY, SESSION_ENDED,
    VERSION_CONFLICT.
    """
    done = await store.done_before(SESSION, asked.session_id, bag_rules.add_to_bag, asked, meta)
    if done is not None:
        return done
    session = (await store.load(SESSION, asked.session_id)).state
    asked = msgspec.structs.replace(asked, products=tuple(await _products(store, offers, session, asked)))
    return await store.execute(SESSION, asked.session_id, bag_rules.add_to_bag, asked, meta)


async def remove_from_bag(store: Store, asked: OfProduct, meta: Meta) -> Outcome[Session]:
    """Take a product out. Raises NOT_IN_BAG, SESSION_ENDED, VERSION_CONFLICT."""
    return await store.execute(SESSION, asked.session_id, bag_rules.remove_from_bag, asked, meta)


async def move_in_bag(store: Store, asked: Move, meta: Meta) -> Outcome[Session]:
    """Give a product another number. Raises NOT_IN_BAG, NUMBER_OUT_OF_RANGE, SESSION_ENDED, VERSION_CONFLICT."""
    return await store.execute(SESSION, asked.session_id, bag_rules.move_in_bag, asked, meta)


async def pin_product(store: Store, asked: PinOne, meta: Meta) -> Outcome[Session]:
    """Show a product. Raises NOT_IN_BAG, SESSION_NOT_LIVE, TOO_MANY."""
    return await store.execute(SESSION, asked.session_id, bag_rules.pin_product, asked, meta)


async def unpin_product(store: Store, asked: PinOne, meta: Meta) -> Outcome[Session]:
    """Stop showing a product. Raises NOT_IN_BAG, SESSION_NOT_LIVE."""
    return await store.execute(SESSION, asked.session_id, bag_rules.unpin_product, asked, meta)


async def _products(store: Store, offers: Offers, session: Session, asked: Add) -> list[ProductKept]:
    match asked.source:
        case "set":
            return await _from_sets(store, session, asked.references)
        case "showcase":
            return await _from_showcase(store, session, asked.references)
        case "link":
            return await _offered(store, offers.by_link, asked.references)
        case "collab":
            return await _offered(store, offers.by_invite, asked.references)


async def _from_sets(store: Store, session: Session, references: Sequence[str]) -> list[ProductKept]:
    ids = [_uuid(number, text) for number, text in enumerate(references)]
    sets = await store.load_many(PRODUCT_SET, ids)
    wanted: list[UUID] = []
    for set_id in ids:
        saved = sets[set_id].state.saved
        if saved is None or saved.shop_id != session.shop_id:
            raise product_set_not_found(str(set_id))
        wanted += saved.product_ids
    products = await products_of(store, wanted)
    return [products[product_id] for product_id in wanted]


async def _from_showcase(store: Store, session: Session, references: Sequence[str]) -> list[ProductKept]:
    ids = [_uuid(number, text) for number, text in enumerate(references)]
    products = await products_of(store, ids)
    for product_id in ids:
        product = products.get(product_id)
        if product is None or product.shop_id != session.shop_id or not product.in_showcase:
            raise product_not_found(product_id=product_id)
    return [products[product_id] for product_id in ids]


async def _offered(
    store: Store, find: Callable[[Sequence[str]], Awaitable[dict[str, UUID]]], references: Sequence[str]
) -> list[ProductKept]:
    found = await find(references)
    products = await products_of(store, found.values())
    for reference in references:
        if reference not in found or found[reference] not in products:
            raise product_not_found(reference=reference)
    return [products[found[reference]] for reference in references]


def _uuid(number: int, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid(f"references[{number}]", "must be a UUID for this source") from None
