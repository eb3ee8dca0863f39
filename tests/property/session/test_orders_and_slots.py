"""Money and slots: whatever is asked, in whatever order."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal
from showfloor.session.domain.live_slot import LIVE_SLOT
from showfloor.session.domain.live_slot_rules import Slot, release_slot, take_slot
from showfloor.session.domain.order import ORDER, Order, OrderPaid
from showfloor.session.domain.order_rules import (
    Cancel,
    Line,
    Pay,
    PayBack,
    Place,
    cancel_order,
    commission_of,
    pay_order,
    place_order,
    refund_order,
)
from showfloor.session.domain.policy import Policy
from showfloor.session.domain.product import ProductKept
from showfloor.session.domain.session import Session

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, MUG = (UUID(int=n) for n in range(1, 5))
SESSION = Session(session_id=S, account_id=ACCOUNT, shop_id=SHOP, currency="USD", status="live", started_at=T0)
PRODUCT = ProductKept(
    at=T0, product_id=MUG, shop_id=SHOP, reference="x", title="x", category="x", price_minor=1, currency="USD",
    commission_bps=333,
)  # fmt: skip

steps = st.one_of(
    st.tuples(st.just("place"), st.tuples(st.integers(1, 5), st.integers(0, 999))),
    st.tuples(st.sampled_from(["pay", "cancel"]), st.none()),
    st.tuples(st.just("refund"), st.tuples(st.integers(1, 2000), st.integers(0, 3))),
)


def step(state: Order, number: int, kind: str, what: Any) -> list[Any]:
    fact: Any = {
        "subject_id": UUID(int=9), "session": SESSION, "now": T0 + timedelta(seconds=number), "policy": Policy(),
        "request_id": f"r{number}",
    }  # fmt: skip
    if kind == "place":
        lines = (Line(MUG, what[0], what[1], "USD"),)
        return place_order(state, Place(**fact, reference="o", viewer_ref="v", lines=lines, products={MUG: PRODUCT}))
    if kind == "refund":
        fact["request_id"] = f"refund-{what[1]}"
        return refund_order(state, PayBack(**fact, amount_minor=what[0], currency="USD"))
    return pay_order(state, Pay(**fact)) if kind == "pay" else cancel_order(state, Cancel(**fact))


@pytest.mark.requirement("D11")
@settings(max_examples=200, deadline=None)
@given(st.lists(steps, max_size=25))
def test_refunds_never_pass_what_was_paid_and_never_touch_gmv(history: list[tuple[str, Any]]) -> None:
    state, paid, last = ORDER.initial(), [], T0
    for number, (kind, what) in enumerate(history):
        try:
            events = step(state, number, kind, what)
        except Refusal:
            continue
        for event in events:
            state = ORDER.evolve(state, event)
            paid += [event.total_minor] if isinstance(event, OrderPaid) else []
            assert event.at >= last
            last = event.at
        if state.placed is None:
            assert not paid
            continue
        assert 0 <= state.refunded_minor <= (state.placed.total_minor if paid else 0)
        assert len(paid) <= 1  # GMV is counted once, whatever follows
        assert (state.status == "cancelled") <= (not paid)
        assert 0 <= state.placed.commission_minor <= state.placed.total_minor


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_commission_is_the_nearest_minor_unit(total: int, bps: int) -> None:
    assert abs(commission_of(total, bps) * 20_000 - total * bps * 2) <= 10_000


@pytest.mark.requirement("R74")
@given(st.lists(st.tuples(st.sampled_from(["take", "release"]), st.integers(0, 2)), max_size=40))
def test_a_slot_has_one_holder(history: list[tuple[str, int]]) -> None:
    state, holder = LIVE_SLOT.initial(), None
    for kind, who in history:
        asked = Slot(account_id=ACCOUNT, session_id=UUID(int=who), now=T0)
        try:
            for event in (take_slot if kind == "take" else release_slot)(state, asked):
                state = LIVE_SLOT.evolve(state, event)
            if kind == "take":
                assert holder in (None, who)
                holder = who
            elif holder == who:
                holder = None
        except Refusal as refusal:
            assert (kind, holder is not None and holder != who) == ("take", True)
            assert refusal.metadata["running_session_id"] == str(UUID(int=holder or 0))
        assert state.session_id == (None if holder is None else UUID(int=holder))
