"""Commands that do more than decide: they take two streams, or look up what a rule needs to know."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from uuid import UUID

import msgspec

from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.decider import Rule
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.observability.logging import get_logger
from showfloor.session.catalogue.commands import Offers, products_now
from showfloor.session.catalogue.domain.product import Product, ProductDetails
from showfloor.session.catalogue.domain.product_rules import must_not_be_archived
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET
from showfloor.session.catalogue.domain.refusals import product_not_found, product_set_not_found
from showfloor.session.show.domain import bag_rules, live_slot_rules, plan_rules, refusals, session_rules
from showfloor.session.show.domain.bag_rules import AddToBag
from showfloor.session.show.domain.live_slot import LIVE_SLOT, LiveSlot, live_slot_id
from showfloor.session.show.domain.live_slot_rules import Slot
from showfloor.session.show.domain.plan_rules import OpenForEvent
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_rules import (
    Command,
    EndSession,
    GoLive,
)

log = get_logger(__name__)


async def go_live(store: Store, command: GoLive, meta: Meta) -> Outcome[Session]:
    """Take the account's slot, then go on air. Raises ANOTHER_LIVE_RUNNING, SESSION_ENDED.

    Two streams, two steps: when the process dies between them, `processes/going_live` does the second.
    """
    done = await store.done_before(SESSION, command.session_id, session_rules.go_live, command, meta)
    if done is not None:
        return done
    session = (await store.load(SESSION, command.session_id)).state
    if session_rules.go_live(session, command):
        await _take_slot(
            store, Slot(account_id=session.account_id, session_id=command.session_id, now=command.now), meta
        )
    try:
        return await store.execute(SESSION, command.session_id, session_rules.go_live, command, meta)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.UNAVAILABLE:
            raise  # it may still happen: keep the slot, the process settles it
        await release_slot(store, session, command, meta)
        raise


async def end_session(store: Store, command: EndSession, meta: Meta) -> Outcome[Session]:
    """End a running LIVE, then give the slot back. Raises SESSION_NOT_LIVE, OUTSIDE_SESSION, IN_THE_FUTURE."""
    outcome = await store.execute(SESSION, command.session_id, session_rules.end_session, command, meta)
    await release_slot(store, outcome.state, command, meta)
    return outcome


async def release_slot(store: Store, session: Session, command: Command, meta: Meta) -> None:
    """Give the slot back unless the session is on air. It is another's already: nothing to do."""
    current = (await store.load(SESSION, command.session_id)).state
    if current.status != "live":
        slot = Slot(account_id=session.account_id, session_id=command.session_id, now=command.now)
        await _slot(store, live_slot_rules.release_slot, slot, meta)


async def _take_slot(store: Store, slot: Slot, meta: Meta) -> None:
    try:
        await _slot(store, live_slot_rules.take_slot, slot, meta)
        return
    except Refusal as refusal:
        if refusal.reason != "ANOTHER_LIVE_RUNNING":
            raise
        holder = UUID(refusal.metadata["running_session_id"])
    # The slot may be held by a session that ended, or was deleted, while its process died: then it is free.
    if (await store.load(SESSION, holder)).state.status not in ("ended", "deleted"):
        raise refusals.another_live_running(holder)
    stale = Slot(account_id=slot.account_id, session_id=holder, now=slot.now)
    with suppress(Refusal):
        await _slot(store, live_slot_rules.release_slot, stale, meta)
    await _slot(store, live_slot_rules.take_slot, slot, meta)


async def _slot(store: Store, rule: Rule[LiveSlot, Slot], slot: Slot, meta: Meta) -> None:
    """Do something with a slot, which takes or gives back nothing twice: one request may do both."""
    await store.execute(LIVE_SLOT, live_slot_id(slot.account_id), rule, slot, meta, remember_as="")


async def open_for_event(store: Store, command: OpenForEvent, last: Session, meta: Meta) -> Outcome[Session]:
    """Open the session of an event, with what was in the bag of its last one.

    What is sold no more, or in another currency by now, is left out and told in the log.
    """
    products = await products_now(store, (entry.product_id for entry in last.bag))

    def offered(product_id: UUID) -> bool:
        product = products.get(product_id, Product())
        return product.kept is not None and not product.archived and product.kept.currency == command.currency

    bag = tuple(entry for entry in last.bag if offered(entry.product_id))
    if left_out := [str(entry.product_id) for entry in last.bag if entry not in bag]:
        log.warning("not in the next bag of an event", session=str(command.session_id), products=left_out)
    command = msgspec.structs.replace(command, bag=bag)
    return await store.execute(SESSION, command.session_id, plan_rules.open_for_event, command, meta)


async def add_to_bag(store: Store, offers: Offers, command: AddToBag, meta: Meta) -> Outcome[Session]:
    """Add products from one of the four sources: all of them or none. Sent again, whatever the catalogue is by then.

    Raises BAG_FULL, PRODUCT_NOT_FOUND, PRODUCT_ARCHIVED, PRODUCT_SET_NOT_FOUND, WRONG_CURRENCY, SESSION_ENDED,
    VERSION_CONFLICT.
    """
    done = await store.done_before(SESSION, command.session_id, bag_rules.add_to_bag, command, meta)
    if done is not None:
        return done
    session = (await store.load(SESSION, command.session_id)).state
    command = msgspec.structs.replace(command, products=tuple(await _products(store, offers, session, command)))
    return await store.execute(SESSION, command.session_id, bag_rules.add_to_bag, command, meta)


async def _products(store: Store, offers: Offers, session: Session, command: AddToBag) -> list[ProductDetails]:
    match command.source:
        case "set":
            return await _from_sets(store, session, command.references)
        case "showcase":
            return await _from_showcase(store, session, command.references)
        case "link":
            return await _offered(store, offers.by_link, command.references)
        case "collab":
            return await _offered(store, offers.by_invite, command.references)


async def _from_sets(store: Store, session: Session, references: Sequence[str]) -> list[ProductDetails]:
    ids = [_uuid(number, text) for number, text in enumerate(references)]
    sets = await store.load_many(PRODUCT_SET, ids)
    wanted: list[UUID] = []
    for set_id in ids:
        saved = sets[set_id].state.saved
        if saved is None or saved.shop_id != session.shop_id:
            raise product_set_not_found(str(set_id))
        wanted += saved.product_ids
    products = await products_now(store, wanted)
    here = [product_id for product_id in wanted if not products[product_id].archived]
    return [_offered_now(products[product_id]) for product_id in here or wanted]


async def _from_showcase(store: Store, session: Session, references: Sequence[str]) -> list[ProductDetails]:
    ids = [_uuid(number, text) for number, text in enumerate(references)]
    products = await products_now(store, ids)
    for product_id in ids:
        product = products[product_id].kept if product_id in products else None
        if product is None or product.shop_id != session.shop_id or not product.in_showcase:
            raise product_not_found(product_id=product_id)
    return [_offered_now(products[product_id]) for product_id in ids]


async def _offered(
    store: Store, find: Callable[[Sequence[str]], Awaitable[dict[str, UUID]]], references: Sequence[str]
) -> list[ProductDetails]:
    found = await find(references)
    products = await products_now(store, found.values())
    for reference in references:
        if reference not in found or found[reference] not in products:
            raise product_not_found(reference=reference)
    return [_offered_now(products[found[reference]]) for reference in references]


def _offered_now(product: Product) -> ProductDetails:
    must_not_be_archived(product)
    assert product.kept is not None, "looked up among those that exist"
    return product.kept


def _uuid(number: int, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid(f"references[{number}]", "must be a UUID for this source") from None
