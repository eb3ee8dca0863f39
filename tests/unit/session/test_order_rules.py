"""Orders: placed, paid or cancelled, refunded."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.kernel.refusal import Refusal
from showfloor.session.domain.order import (
    ORDER,
    Item,
    Order,
    OrderCancelled,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
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
from showfloor.session.domain.session import BagEntry, Session, Status
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NOW = T0 + timedelta(minutes=9)
S, ACCOUNT, SHOP, ORDER_ID, MUG, POT, OTHER_SHOP = (UUID(int=n) for n in range(1, 8))


def product(product_id: UUID, bps: int, shop: UUID = SHOP) -> ProductKept:
    return ProductKept(
        at=T0, product_id=product_id, shop_id=shop, reference="x", title=f"P{product_id.int}", category="Kitchen",
        price_minor=999, currency="USD", commission_bps=bps,
    )  # fmt: skip


def session(status: Status = "live", bag: tuple[BagEntry, ...] = ()) -> Session:
    end = T0 + timedelta(minutes=5) if status == "ended" else None
    return Session(
        session_id=S, account_id=ACCOUNT, shop_id=SHOP, currency="USD", status=status,
        started_at=T0 if status in ("live", "ended") else None, ended_at=end, bag=bag,
    )  # fmt: skip


def fact(**more: Any) -> Any:
    return {"subject_id": ORDER_ID, "session": session(), "now": NOW, "policy": Policy(), "request_id": "r1", **more}


def place(**more: Any) -> Place:
    known = {
        "reference": "o-1",
        "viewer_ref": "v1",
        "lines": (Line(MUG, 2, 999, "USD"), Line(POT, 1, 5000, "USD")),
        "products": {MUG: product(MUG, 250), POT: product(POT, 0)},
    }
    return Place(**fact(**{**known, **more}))


ABOUT: Any = {
    "order_id": ORDER_ID, "session_id": S, "account_id": ACCOUNT, "shop_id": SHOP, "viewer_ref": "v1",
    "currency": "USD",
    "reference": "o-1",
}  # fmt: skip
ITEMS = (Item(MUG, 2, 999, 250, 50, "P5"), Item(POT, 1, 5000, 0, 0, "P6"))
SUMS: Any = {
    "items": ITEMS, "total_minor": 6998, "commission_minor": 50, "affiliate_minor": 1998, "direct": True,
}  # fmt: skip
PLACED = OrderPlaced(at=NOW, **SUMS, **ABOUT)
PAID = OrderPaid(at=NOW, placed_at=NOW, **SUMS, **ABOUT)
CANCELLED = OrderCancelled(at=NOW, total_minor=6998, **ABOUT)


class TestPlacing:
    @pytest.mark.requirement("R89", "D11")
    def test_sums_and_commission_of_today(self) -> None:
        given(ORDER).when(place_order, place()).then(PLACED)

    @pytest.mark.parametrize(("total", "bps", "minor"), [(100, 50, 1), (99, 50, 0), (0, 10_000, 0), (7, 10_000, 7)])
    def test_commission_rounds_half_up(self, total: int, bps: int, minor: int) -> None:
        assert commission_of(total, bps) == minor

    @pytest.mark.requirement("D11")
    def test_outside_the_room_is_not_direct(self) -> None:
        (event,) = given(ORDER).when(place_order, place(outside_room=True)).events
        assert isinstance(event, OrderPlaced)
        assert not event.direct

    @pytest.mark.requirement("R142")
    def test_keeps_what_is_known_of_the_buyer(self) -> None:
        asked = place(gender="female", age_band="25-34", region="DE", follower=True, pays=True)
        _, paid = given(ORDER).when(place_order, asked).events
        assert isinstance(paid, OrderPaid)
        assert (paid.gender, paid.age_band, paid.region, paid.follower) == ("female", "25-34", "DE", True)

    def test_again(self) -> None:
        given(ORDER, PLACED).when(place_order, place(session=session("ended"))).then()
        others: list[dict[str, Any]] = [
            {"viewer_ref": "v2"}, {"outside_room": True}, {"lines": (Line(MUG, 2, 999, "USD"),)},
        ]  # fmt: skip
        for other in others:
            given(ORDER, PLACED).when(place_order, place(**other)).refused("REQUEST_ID_REUSED")

    def test_unknown_and_foreign_products(self) -> None:
        refusal = given(ORDER).when(place_order, place(products={})).refused("PRODUCT_NOT_FOUND")
        assert refusal.metadata == {"product_id": str(MUG)}
        foreign = {MUG: product(MUG, 250, OTHER_SHOP), POT: product(POT, 0)}
        given(ORDER).when(place_order, place(products=foreign)).refused("PRODUCT_NOT_FOUND")
        invited = session(bag=(BagEntry(MUG, "collab"),))
        assert given(ORDER).when(place_order, place(products=foreign, session=invited)).events

    @pytest.mark.requirement("D12")
    def test_a_total_beyond_reason(self) -> None:
        most = Line(POT, 1_000, 10**9, "USD")
        assert place_order(Order(), place(lines=(most,)))
        with pytest.raises(Refusal, match="at most") as refused:
            place_order(Order(), place(lines=(most, Line(MUG, 1, 1, "USD"))))
        assert refused.value.metadata == {"field": "items"}

    def test_currency(self) -> None:
        refusal = given(ORDER).when(place_order, place(lines=(Line(MUG, 1, 9, "EUR"),))).refused("WRONG_CURRENCY")
        assert refusal.metadata["field"] == "items[0].unit_price.currency"

    def test_a_viewer_does_not_name_the_price(self) -> None:
        shown = session(bag=(BagEntry(MUG, "showcase"),))
        cheap = place(lines=(Line(MUG, 1, 1, "USD"),), by_viewer=True, session=shown)
        given(ORDER).when(place_order, cheap).refused("INVALID_FIELD")
        right = place(lines=(Line(MUG, 1, 999, "USD"),), by_viewer=True, session=shown)
        assert given(ORDER).when(place_order, right).events

    def test_a_viewer_buys_from_the_bag_alone(self) -> None:
        shown = session(bag=(BagEntry(MUG, "showcase"),))
        both = place(by_viewer=True, session=shown)
        refusal = given(ORDER).when(place_order, both).refused("PRODUCT_NOT_FOUND")
        assert refusal.metadata == {"product_id": str(POT)}
        assert given(ORDER).when(place_order, place(session=shown)).events

    @pytest.mark.parametrize("status", ["prepared", "practice", "ended"])
    def test_needs_a_live(self, status: Status) -> None:
        given(ORDER).when(place_order, place(session=session(status))).refused("SESSION_NOT_LIVE")

    def test_times(self) -> None:
        given(ORDER).when(place_order, place(time=T0 - timedelta(seconds=1))).refused("OUTSIDE_SESSION")
        given(ORDER).when(place_order, place(time=NOW + timedelta(seconds=3))).refused("IN_THE_FUTURE")

    def test_placed_and_paid_at_once(self) -> None:
        given(ORDER).when(place_order, place(pays=True)).then(PLACED, PAID)
        given(ORDER, PLACED).when(place_order, place(pays=True)).then(PAID)
        given(ORDER, PLACED, PAID).when(place_order, place(pays=True)).then()


class TestPaying:
    def test_counts_from_now_on(self) -> None:
        given(ORDER, PLACED).when(pay_order, Pay(**fact())).then(PAID)
        given(ORDER, PLACED, PAID).when(pay_order, Pay(**fact())).then()

    def test_may_come_after_the_end(self) -> None:
        late = NOW + timedelta(hours=1)
        (event,) = given(ORDER, PLACED).when(pay_order, Pay(**fact(session=session("ended"), now=late))).events
        assert event.at == late

    def test_not_before_the_order_nor_in_the_future(self) -> None:
        early, late = NOW - timedelta(seconds=1), NOW + timedelta(seconds=3)
        given(ORDER, PLACED).when(pay_order, Pay(**fact(time=early))).refused("OUTSIDE_SESSION")
        given(ORDER, PLACED).when(pay_order, Pay(**fact(time=late))).refused("IN_THE_FUTURE")

    def test_not_a_cancelled_one(self) -> None:
        refusal = given(ORDER, PLACED, CANCELLED).when(pay_order, Pay(**fact())).refused("ORDER_WRONG_STATE")
        assert refusal.metadata["state"] == "cancelled"

    def test_unknown_or_of_another_session(self) -> None:
        given(ORDER).when(pay_order, Pay(**fact())).refused("ORDER_NOT_FOUND")
        elsewhere = Session(session_id=POT, status="live", started_at=T0)
        given(ORDER, PLACED).when(pay_order, Pay(**fact(session=elsewhere))).refused("ORDER_NOT_FOUND")


class TestCancelling:
    def test_before_it_is_paid(self) -> None:
        given(ORDER, PLACED).when(cancel_order, Cancel(**fact())).then(CANCELLED)
        given(ORDER, PLACED, CANCELLED).when(cancel_order, Cancel(**fact())).then()

    def test_not_a_paid_one(self) -> None:
        given(ORDER, PLACED, PAID).when(cancel_order, Cancel(**fact())).refused("ORDER_WRONG_STATE")

    def test_unknown(self) -> None:
        given(ORDER).when(cancel_order, Cancel(**fact())).refused("ORDER_NOT_FOUND")


class TestRefunding:
    def back(self, amount: int, request_id: str = "r1", currency: str = "USD") -> PayBack:
        return PayBack(**fact(request_id=request_id), amount_minor=amount, currency=currency)

    def refunded(self, amount: int, so_far: int, refund_id: str) -> OrderRefunded:
        return OrderRefunded(
            at=NOW, refund_id=refund_id, amount_minor=amount, refunded_minor=so_far, total_minor=6998, **ABOUT
        )

    @pytest.mark.requirement("D11")
    def test_in_parts_up_to_the_total(self) -> None:
        first = self.refunded(998, 998, "r1")
        given(ORDER, PLACED, PAID).when(refund_order, self.back(998)).then(first)
        second = self.refunded(6000, 6998, "r2")
        given(ORDER, PLACED, PAID, first).when(refund_order, self.back(6000, "r2")).then(second)
        refusal = given(ORDER, PLACED, PAID, first).when(refund_order, self.back(6001, "r2"))
        assert refusal.refused("REFUND_TOO_LARGE").metadata == {"refundable": "6000"}

    def test_a_hundred_times_at_most(self) -> None:
        before = [self.refunded(1, n, f"r{n}") for n in range(1, 101)]
        refusal = given(ORDER, PLACED, PAID, *before).when(refund_order, self.back(1, "one more"))
        assert refusal.refused("TOO_MANY").metadata == {"field": "refunds", "limit": "100"}
        given(ORDER, PLACED, PAID, *before).when(refund_order, self.back(1, "r100")).then()

    def test_again(self) -> None:
        first = self.refunded(998, 998, "r1")
        given(ORDER, PLACED, PAID, first).when(refund_order, self.back(998)).then()
        given(ORDER, PLACED, PAID, first).when(refund_order, self.back(997)).refused("REQUEST_ID_REUSED")

    def test_only_what_was_paid(self) -> None:
        given(ORDER, PLACED).when(refund_order, self.back(1)).refused("ORDER_WRONG_STATE")
        given(ORDER, PLACED, CANCELLED).when(refund_order, self.back(1)).refused("ORDER_WRONG_STATE")
        given(ORDER).when(refund_order, self.back(1)).refused("ORDER_NOT_FOUND")

    @pytest.mark.requirement("D12")
    def test_currency(self) -> None:
        given(ORDER, PLACED, PAID).when(refund_order, self.back(1, currency="EUR")).refused("WRONG_CURRENCY")
