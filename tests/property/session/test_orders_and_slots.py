"""Money and slots: whatever is asked, in whatever order."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal
from showfloor.session.activity.domain.order import ORDER, Order, OrderExpired, OrderPaid
from showfloor.session.activity.domain.order_rules import (
    CancelOrder,
    ExpireOrder,
    Line,
    PayOrder,
    PlaceOrder,
    RefundOrder,
    cancel_order,
    commission_of,
    expire_order,
    pay_order,
    place_order,
    refund_order,
)
from showfloor.session.catalogue.domain.product import ProductImported
from showfloor.session.show.domain.live_slot import LIVE_SLOT
from showfloor.session.show.domain.live_slot_rules import Slot, release_slot, take_slot
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, MUG = (UUID(int=n) for n in range(1, 5))
SESSION = Session(session_id=S, account_id=ACCOUNT, shop_id=SHOP, currency="USD", status="live", started_at=T0)
PRODUCT = ProductImported(
    at=T0, product_id=MUG, shop_id=SHOP, reference="x", title="x", category="x", price_minor=1, currency="USD",
    commission_bps=333,
)  # fmt: skip

steps = st.one_of(
    st.tuples(st.just("place"), st.tuples(st.integers(1, 5), st.integers(0, 999))),
    st.tuples(st.just("cancel"), st.none()),
    st.tuples(st.just("pay"), st.sampled_from(["checkout", "connector", "by_hand", "simulated"])),
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("deadline"), st.none()),
    st.tuples(st.just("refund"), st.integers(1, 2000)),
)


def step(state: Order, number: int, now: datetime, kind: str, what: Any) -> list[Any]:
    fact: Any = {
        "subject_id": UUID(int=9), "session": SESSION, "now": now, "policy": Policy(),
        "request_id": f"r{number}",
    }  # fmt: skip
    if kind == "place":
        lines = (Line(MUG, what[0], what[1], "USD"),)
        return place_order(
            state, PlaceOrder(**fact, reference="o", viewer_ref="v", lines=lines, products={MUG: PRODUCT})
        )
    if kind == "refund":
        return refund_order(state, RefundOrder(**fact, amount_minor=what, currency="USD"))
    if kind == "deadline":
        return expire_order(state, ExpireOrder(now=now))
    return (
        pay_order(state, PayOrder(**fact, source=what)) if kind == "pay" else cancel_order(state, CancelOrder(**fact))
    )


@pytest.mark.requirement("D11", "D16")
@settings(max_examples=300, deadline=None)
@given(st.lists(steps, max_size=25))
def test_what_is_paid_counts_once_and_real_money_is_never_lost(history: list[tuple[str, Any]]) -> None:
    state, paid, last, now = ORDER.initial(), [], T0, T0
    for number, (kind, what) in enumerate(history):
        now += timedelta(minutes=what) if kind == "wait" else timedelta(seconds=1)
        if kind == "wait":
            continue
        before = state
        try:
            events = step(state, number, now, kind, what)
        except Refusal:
            # Somebody took real money for an order that is there: that is kept, whatever became of it.
            assert not (kind == "pay" and what != "simulated" and state.placed is not None)
            continue
        for event in events:
            state = ORDER.evolve(state, event)
            paid += [event] if isinstance(event, OrderPaid) else []
            assert event.at >= last
            last = event.at
            if isinstance(event, OrderExpired):
                assert state.placed is not None
                assert event.at == state.placed.pay_before <= now  # the recorded due time decides
        if state.placed is None:
            assert not paid
            continue
        assert 0 <= state.refunded_minor <= (state.placed.total_minor if paid else 0)
        assert len(paid) <= 1  # GMV is counted once, whatever follows
        assert (state.status in ("cancelled", "expired")) <= (not paid)
        assert 0 <= state.placed.commission_minor <= state.placed.total_minor
        if kind == "pay" and events:
            let_go = before.status != "placed" or now >= state.placed.pay_before  # type: ignore[operator]
            assert (paid[0].source, paid[0].revived) == (what, let_go)
            assert not (what == "simulated" and let_go)


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
