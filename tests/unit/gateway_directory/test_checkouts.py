"""What is allowed to a shop's checkout, and which key signs when."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.gateway.directory.domain import checkout_rules as rules
from showfloor.gateway.directory.domain.checkout import Checkout, evolve
from showfloor.kernel.refusal import Refusal

SHOP, NOW = UUID(int=1), datetime(2026, 12, 1, tzinfo=UTC)
SET = rules.SetCheckout(shop_id=SHOP, address="https://pay.example.com/", now=NOW)


def after(state: Checkout, rule: Any, command: Any) -> Checkout:
    for event in rule(state, command):
        state = evolve(state, event)
    return state


def rotate(state: Checkout, number: int, at: datetime, *, at_once: bool = False) -> Checkout:
    command = rules.RotateCheckoutKey(
        shop_id=SHOP, key_id=UUID(int=number), secret=f"sfk_{number}", at_once=at_once, now=at
    )
    return after(state, rules.rotate_checkout_key, command)


def signing(state: Checkout, at: datetime) -> int:
    key = state.signing(at)
    return key.key_id.int if key else 0


def test_a_key_signs_after_the_overlap_and_the_first_at_once() -> None:
    state = rotate(after(Checkout(), rules.set_checkout, SET), 1, NOW)
    assert signing(state, NOW) == 1
    later = NOW + timedelta(hours=1)
    state = rotate(state, 2, later)
    due = later + rules.OVERLAP
    assert [signing(state, at) for at in (later, due - timedelta(seconds=1), due)] == [1, 1, 2]
    state = rotate(state, 3, later)  # instead of the second, which was lost
    assert [signing(state, at) for at in (later, due)] == [1, 3]
    assert len(state.keys) == 2
    state = rotate(state, 4, later, at_once=True)
    assert [key.key_id.int for key in state.keys] == [4] and signing(state, later) == 4


def test_a_checkout_that_is_deleted_keeps_no_key() -> None:
    state = rotate(after(Checkout(), rules.set_checkout, SET), 1, NOW)
    delete = rules.DeleteCheckout(shop_id=SHOP, now=NOW)
    state = after(state, rules.delete_checkout, delete)
    assert state == Checkout(shop_id=SHOP)
    assert rules.delete_checkout(state, delete) == []
    with pytest.raises(Refusal) as refused:
        rotate(state, 2, NOW)
    assert refused.value.reason == "CHECKOUT_NOT_READY"
    assert rules.set_checkout(after(state, rules.set_checkout, SET), SET) == []
