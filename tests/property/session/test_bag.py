"""Whatever a host does to the bag, in whatever order: it stays a bag."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal
from showfloor.session.catalogue.domain.product import ProductImported
from showfloor.session.show.domain.bag_rules import (
    AddToBag,
    MoveInBag,
    PinProduct,
    RemoveFromBag,
    add_to_bag,
    move_in_bag,
    pin_product,
    remove_from_bag,
    unpin_product,
)
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import SessionOpened
from showfloor.session.show.domain.session_rules import Command, EndSession, end_session, go_live

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP = (UUID(int=n) for n in range(1, 4))
PRODUCTS = [UUID(int=100 + n) for n in range(8)]
LIMIT = 5
OPENED = SessionOpened(
    at=T0, title="Mugs", source="live", session_id=S, account_id=ACCOUNT, shop_id=SHOP, currency="USD"
)

products = st.sampled_from(PRODUCTS)
steps = st.one_of(
    st.tuples(st.just("add"), st.lists(products, min_size=1, max_size=4)),
    st.tuples(st.just("remove"), products),
    st.tuples(st.just("move"), st.tuples(products, st.integers(-1, 9))),
    st.tuples(st.sampled_from(["pin", "unpin"]), products),
    st.tuples(st.sampled_from(["live", "end"]), st.none()),
)


def kept(product_id: UUID) -> ProductImported:
    return ProductImported(
        at=T0,
        product_id=product_id,
        shop_id=SHOP,
        reference="x",
        title="x",
        category="x",
        price_minor=1,
        currency="USD",
    )


def step(state: Session, number: int, kind: str, what: Any) -> list[Any]:
    asked: Any = {"session_id": S, "now": T0 + timedelta(seconds=number)}
    match kind:
        case "add":
            references = tuple(map(str, what))
            found = tuple(map(kept, what))
            add = AddToBag(
                **asked, source="showcase", references=references, products=found, policy=Policy(bag_limit=LIMIT)
            )
            return add_to_bag(state, add)
        case "remove":
            return remove_from_bag(state, RemoveFromBag(**asked, product_id=what))
        case "move":
            return move_in_bag(state, MoveInBag(**asked, product_id=what[0], number=what[1]))
        case "pin":
            return pin_product(state, PinProduct(**asked, product_id=what))
        case "unpin":
            return unpin_product(state, PinProduct(**asked, product_id=what))
        case "live":
            return go_live(state, Command(**asked))
        case _:
            return end_session(state, EndSession(**asked))


def follow(state: Session, events: list[Any]) -> Session:
    for event in events:
        state = SESSION.evolve(state, event)
        if hasattr(event, "bag"):  # what an event says of the bag is what the bag is
            assert event.bag == tuple(entry.product_id for entry in state.bag)
    return state


@pytest.mark.requirement("R25", "R30", "R32")
@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=30))
def test_bag_and_pins_keep_their_shape(history: list[tuple[str, Any]]) -> None:
    state = SESSION.evolve(SESSION.initial(), OPENED)
    for number, (kind, what) in enumerate(history):
        before = state
        try:
            events = step(state, number, kind, what)
        except Refusal:
            continue
        state = follow(state, events)
        bag = [entry.product_id for entry in state.bag]
        assert len(bag) == len(set(bag)) <= LIMIT
        open_pins = [pin for pin in state.pins if pin.end is None]
        assert len(open_pins) <= 1
        assert all(state.status == "live" and state.holds(pin.product_id) for pin in open_pins)
        for one, two in zip(state.pins, state.pins[1:], strict=False):
            assert one.end is not None and one.start <= one.end <= two.start
        if kind == "move":
            assert sorted(bag) == sorted(entry.product_id for entry in before.bag)
            assert bag[what[1] - 1] == what[0]
        assert state.version == before.version + len(events)
    if state.status == "ended":
        assert state.pinned is None
