"""What may be done to the shopping bag, its pins and the pinned comment."""

from datetime import datetime
from uuid import UUID

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.kernel.refusal import invalid
from showfloor.session.catalogue.domain.product import ProductDetails
from showfloor.session.catalogue.domain.refusals import wrong_currency
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    MovedInBag,
    ProductPinned,
    ProductSource,
    ProductUnpinned,
    RemovedFromBag,
)
from showfloor.session.show.domain.session_rules import About, Command, about, must_be_open, must_exist

MAX_PINS = 2_000  # of one session, for all its time: as many are listed at once


class AddToBag(Command, frozen=True, kw_only=True):
    """The catalogue's products that `references` name, in the order asked for."""

    source: ProductSource
    references: tuple[str, ...]
    policy: Aside[Policy]
    products: Aside[tuple[ProductDetails, ...]] = ()


class ProductCommand(Command, frozen=True, kw_only=True):
    product_id: UUID


class RemoveFromBag(ProductCommand, frozen=True, kw_only=True):
    pass


class MoveInBag(ProductCommand, frozen=True, kw_only=True):
    number: int


class PinProduct(ProductCommand, frozen=True, kw_only=True):
    time: datetime | None = None


class UnpinProduct(ProductCommand, frozen=True, kw_only=True):
    time: datetime | None = None


def add_to_bag(state: Session, command: AddToBag) -> list[Event]:
    """Add products at the end. Those already there stay where they are. All of them or none."""
    must_exist(state, command)
    must_be_open(state, command)
    here = _order(state)
    for product in command.products:
        if product.currency != state.currency:
            raise wrong_currency(product.currency, state.currency, "references")
    wished = dict.fromkeys(product.product_id for product in command.products)
    new = tuple(product_id for product_id in wished if product_id not in here)
    if not new:
        return []
    if state.source == "live" and len(here) + len(new) > command.policy.bag_limit:
        raise refusals.bag_full(command.policy.bag_limit, len(here) + len(new))
    return [
        AddedToBag(
            at=command.now,
            source=command.source,
            product_ids=new,
            bag=here + new,
            on_air=state.status == "live",
            **about(state),
        )
    ]


def remove_from_bag(state: Session, command: RemoveFromBag) -> list[Event]:
    """Take a product out; a pinned one is unpinned first."""
    must_exist(state, command)
    must_be_open(state, command)
    _must_hold(state, command.product_id)
    fields = about(state)
    rest = tuple(product for product in _order(state) if product != command.product_id)
    removed = RemovedFromBag(
        at=command.now, product_id=command.product_id, bag=rest, on_air=state.status == "live", **fields
    )
    pinned = state.pinned
    if pinned is None or pinned.product_id != command.product_id:
        return [removed]
    return [_unpinned(state, max(command.now, pinned.start), fields), removed]


def move_in_bag(state: Session, command: MoveInBag) -> list[Event]:
    """Give a product another order number; the others close up."""
    must_exist(state, command)
    must_be_open(state, command)
    _must_hold(state, command.product_id)
    here = _order(state)
    if not 1 <= command.number <= len(here):
        raise refusals.number_out_of_range(command.number, len(here))
    if here[command.number - 1] == command.product_id:
        return []
    rest = [product for product in here if product != command.product_id]
    rest.insert(command.number - 1, command.product_id)
    return [
        MovedInBag(
            at=command.now,
            product_id=command.product_id,
            number=command.number,
            bag=tuple(rest),
            on_air=state.status == "live",
            **about(state),
        )
    ]


def pin_product(state: Session, command: PinProduct) -> list[Event]:
    """Show a product to the viewers, in place of the one shown before."""
    must_exist(state, command)
    _must_be_live(state)
    _must_hold(state, command.product_id)
    if state.pinned is not None and state.pinned.product_id == command.product_id:
        return []
    if len(state.pins) >= MAX_PINS:
        raise refusals.too_many("pins", MAX_PINS)
    at = _pin_time(state, command)
    fields = about(state)
    pinned = ProductPinned(at=at, product_id=command.product_id, **fields)
    if state.pinned is None:
        return [pinned]
    return [_unpinned(state, at, fields, replaced_by=command.product_id), pinned]


def unpin_product(state: Session, command: UnpinProduct) -> list[Event]:
    """Stop showing a product. Not shown anyway: nothing to do."""
    must_exist(state, command)
    _must_be_live(state)
    _must_hold(state, command.product_id)
    if state.pinned is None or state.pinned.product_id != command.product_id:
        return []
    return [_unpinned(state, _pin_time(state, command), about(state))]


def _order(state: Session) -> tuple[UUID, ...]:
    return tuple(entry.product_id for entry in state.bag)


def _must_hold(state: Session, product_id: UUID) -> None:
    if not state.holds(product_id):
        raise refusals.not_in_bag(product_id)


def _must_be_live(state: Session) -> None:
    if state.source == "import":
        raise refusals.imported(state.session_id)
    if state.status != "live":
        raise refusals.session_not_live(state.session_id, state.status)


def _pin_time(state: Session, command: PinProduct | UnpinProduct) -> datetime:
    """Pins follow one another: none starts before the one before it, or before the session."""
    assert state.started_at is not None
    earliest = max([state.started_at, *(pin.end or pin.start for pin in state.pins[-1:])])
    if command.time is None:
        return max(command.now, earliest)
    if state.source != "replay":
        raise invalid("time", "only a recording names the time; in a LIVE it is now")
    if command.time > command.now:
        raise refusals.in_the_future("time")
    if command.time < earliest:
        raise refusals.outside_session("time")
    return command.time


def _unpinned(state: Session, at: datetime, fields: About, replaced_by: UUID | None = None) -> ProductUnpinned:
    assert state.pinned is not None
    return ProductUnpinned(
        at=at,
        product_id=state.pinned.product_id,
        pinned_at=state.pinned.start,
        replaced_by=replaced_by,
        **fields,
    )
