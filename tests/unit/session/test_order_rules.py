"""Orders: placed, paid or cancelled, refunded."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from showfloor.kernel.refusal import Refusal
from showfloor.session.activity.domain.order import (
    ORDER,
    Item,
    Order,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    PaymentSource,
)
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
    pay_placed,
    place_order,
    refund_order,
)
from showfloor.session.catalogue.domain.product import ProductImported, Variant
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import BagEntry, Session, Status
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NOW = T0 + timedelta(minutes=9)
S, ACCOUNT, SHOP, ORDER_ID, MUG, POT, OTHER_SHOP = (UUID(int=n) for n in range(1, 8))


def product(product_id: UUID, bps: int, shop: UUID = SHOP) -> ProductImported:
    return ProductImported(
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


def paying(**more: Any) -> Any:
    return fact(**{"source": "checkout", **more})


def place(**more: Any) -> PlaceOrder:
    known = {
        "reference": "o-1",
        "viewer_ref": "v1",
        "lines": (Line(MUG, 2, 999, "USD"), Line(POT, 1, 5000, "USD")),
        "products": {MUG: product(MUG, 250), POT: product(POT, 0)},
    }
    return PlaceOrder(**fact(**{**known, **more}))


ABOUT: Any = {
    "order_id": ORDER_ID, "session_id": S, "account_id": ACCOUNT, "shop_id": SHOP, "viewer_ref": "v1",
    "currency": "USD",
    "reference": "o-1",
}  # fmt: skip
ITEMS = (Item(MUG, 2, 999, 250, 50, "P5"), Item(POT, 1, 5000, 0, 0, "P6"))
SUMS: Any = {
    "items": ITEMS, "total_minor": 6998, "commission_minor": 50, "affiliate_minor": 1998, "direct": True,
}  # fmt: skip
DUE = NOW + timedelta(minutes=15)
PLACED = OrderPlaced(at=NOW, pay_before=DUE, **SUMS, **ABOUT)
PLACED_AND_PAID = OrderPlaced(at=NOW, **SUMS, **ABOUT)
PAID = OrderPaid(at=NOW, placed_at=NOW, source="checkout", **SUMS, **ABOUT)
EXPIRED = OrderExpired(at=DUE, total_minor=6998, **ABOUT)
LATER = DUE + timedelta(hours=1)
REVIVED = OrderPaid(at=LATER, placed_at=NOW, source="checkout", revived=True, **SUMS, **ABOUT)
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

    def test_a_platform_attributes_late_orders_outside_the_room(self) -> None:
        ended = session("ended")
        after = T0 + timedelta(minutes=7)
        (event,) = given(ORDER).when(place_order, place(session=ended, time=after, outside_room=True)).events
        assert isinstance(event, OrderPlaced)
        assert (event.at, event.direct, event.late, event.told_at) == (after, False, True, NOW)
        given(ORDER).when(place_order, place(session=ended, time=after)).refused("OUTSIDE_SESSION")
        assert given(ORDER).when(place_order, place(session=ended, outside_room=True)).events
        early = T0 - timedelta(seconds=1)
        outside = place(session=ended, time=early, outside_room=True)
        given(ORDER).when(place_order, outside).refused("OUTSIDE_SESSION")

    def test_not_for_ever(self) -> None:
        last = T0 + timedelta(minutes=5, hours=24)
        known = {"session": session("ended"), "outside_room": True, "now": last + timedelta(days=2)}
        assert given(ORDER).when(place_order, place(**known, time=last)).events  # told late, but it was in time
        over = place(**known, time=last + timedelta(microseconds=1))
        refusal = given(ORDER).when(place_order, over).refused("OUTSIDE_SESSION")
        assert refusal.metadata == {"field": "time", "latest_time": last.isoformat()}
        given(ORDER).when(place_order, place(**known)).refused("OUTSIDE_SESSION")
        none = Policy(attribution=timedelta())
        after = place(session=session("ended"), outside_room=True, time=T0 + timedelta(minutes=6), policy=none)
        given(ORDER).when(place_order, after).refused("OUTSIDE_SESSION")

    def test_placed_and_paid_at_once(self) -> None:
        told = place(pays=True, source="checkout")
        given(ORDER).when(place_order, told).then(PLACED_AND_PAID, PAID)
        given(ORDER, PLACED).when(place_order, told).then()  # its payment follows as a command of its own
        given(ORDER, PLACED, PAID).when(place_order, told).then()


class TestPaying:
    def test_counts_from_now_on(self) -> None:
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying())).then(PAID)
        given(ORDER, PLACED, PAID).when(pay_order, PayOrder(**paying())).then()

    def test_may_come_after_the_end(self) -> None:
        late = NOW + timedelta(minutes=14)
        (event,) = given(ORDER, PLACED).when(pay_order, PayOrder(**paying(session=session("ended"), now=late))).events
        assert event.at == late
        assert (event.told_at, event.late) == (late, True)  # type: ignore[attr-defined]

    def test_not_before_the_order_nor_in_the_future(self) -> None:
        early, late = NOW - timedelta(seconds=1), NOW + timedelta(seconds=3)
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying(time=early))).refused("OUTSIDE_SESSION")
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying(time=late))).refused("IN_THE_FUTURE")

    @pytest.mark.requirement("D16")
    @pytest.mark.parametrize("source", ["checkout", "connector", "by_hand", "simulated"])
    def test_keeps_who_says_so(self, source: PaymentSource) -> None:
        (event,) = given(ORDER, PLACED).when(pay_order, PayOrder(**paying(source=source))).events
        assert isinstance(event, OrderPaid)
        assert (event.source, event.revived) == (source, False)

    @pytest.mark.requirement("D16")
    def test_money_that_came_for_a_cancelled_order_is_on_record(self) -> None:
        (event,) = given(ORDER, PLACED, CANCELLED).when(pay_order, PayOrder(**paying())).events
        assert isinstance(event, OrderPaid)
        assert event.revived
        pretended = given(ORDER, PLACED, CANCELLED).when(pay_order, PayOrder(**paying(source="simulated")))
        assert pretended.refused("ORDER_WRONG_STATE").metadata["state"] == "cancelled"

    def test_unknown_or_of_another_session(self) -> None:
        given(ORDER).when(pay_order, PayOrder(**paying())).refused("ORDER_NOT_FOUND")
        elsewhere = Session(session_id=POT, status="live", started_at=T0)
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying(session=elsewhere))).refused("ORDER_NOT_FOUND")


@pytest.mark.requirement("D16")
class TestReservations:
    def test_run_out_by_the_recorded_due_time(self) -> None:
        given(ORDER, PLACED).when(expire_order, ExpireOrder(now=DUE - timedelta(microseconds=1))).then()
        for now in (DUE, LATER):  # however late it is asked
            given(ORDER, PLACED).when(expire_order, ExpireOrder(now=now)).then(EXPIRED)

    def test_another_policy_changes_no_order_that_was_placed(self) -> None:
        longer = Policy(reservation=timedelta(days=1))
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying(now=LATER, policy=longer))).then(EXPIRED, REVIVED)
        (event,) = given(ORDER).when(place_order, place(policy=longer)).events
        assert isinstance(event, OrderPlaced)
        assert event.pay_before == NOW + timedelta(days=1)

    def test_once_and_only_what_is_unpaid(self) -> None:
        for history in ((PLACED, PAID), (PLACED, CANCELLED), (PLACED, EXPIRED), (PLACED_AND_PAID, PAID), ()):
            given(ORDER, *history).when(expire_order, ExpireOrder(now=LATER)).then()

    def test_an_order_from_before_there_was_a_due_time_stays(self) -> None:
        given(ORDER, PLACED_AND_PAID).when(expire_order, ExpireOrder(now=LATER)).then()

    def test_a_payment_that_came_too_late_revives_it(self) -> None:
        """Whether or not the deadline had fired before."""
        given(ORDER, PLACED, EXPIRED).when(pay_order, PayOrder(**paying(now=LATER))).then(REVIVED)
        given(ORDER, PLACED).when(pay_order, PayOrder(**paying(now=LATER))).then(EXPIRED, REVIVED)
        given(ORDER, PLACED, EXPIRED, REVIVED).when(pay_order, PayOrder(**paying(now=LATER))).then()

    def test_a_payment_in_time_but_told_late_counts_until_let_go(self) -> None:
        told = PayOrder(**paying(now=LATER, time=DUE - timedelta(seconds=1)))
        (event,) = given(ORDER, PLACED).when(pay_order, told).events
        assert isinstance(event, OrderPaid)
        assert not event.revived

    def test_pretending_to_pay_revives_nothing(self) -> None:
        late = PayOrder(**paying(now=LATER, source="simulated"))
        for history in ((PLACED,), (PLACED, EXPIRED)):
            refusal = given(ORDER, *history).when(pay_order, late).refused("RESERVATION_EXPIRED")
            assert refusal.metadata == {"order_id": str(ORDER_ID), "expired_time": DUE.isoformat()}

    def test_an_expired_one_is_neither_cancelled_nor_refunded(self) -> None:
        given(ORDER, PLACED, EXPIRED).when(cancel_order, CancelOrder(**fact())).refused("ORDER_WRONG_STATE")
        back = RefundOrder(**fact(), amount_minor=1, currency="USD")
        given(ORDER, PLACED, EXPIRED).when(refund_order, back).refused("ORDER_WRONG_STATE")


class TestCancelling:
    def test_before_it_is_paid(self) -> None:
        given(ORDER, PLACED).when(cancel_order, CancelOrder(**fact())).then(CANCELLED)
        given(ORDER, PLACED, CANCELLED).when(cancel_order, CancelOrder(**fact())).then()

    def test_not_a_paid_one(self) -> None:
        given(ORDER, PLACED, PAID).when(cancel_order, CancelOrder(**fact())).refused("ORDER_WRONG_STATE")

    def test_unknown(self) -> None:
        given(ORDER).when(cancel_order, CancelOrder(**fact())).refused("ORDER_NOT_FOUND")


class TestRefunding:
    def back(self, amount: int, currency: str = "USD") -> RefundOrder:
        return RefundOrder(**fact(), amount_minor=amount, currency=currency)

    def refunded(self, amount: int, so_far: int) -> OrderRefunded:
        return OrderRefunded(at=NOW, amount_minor=amount, refunded_minor=so_far, total_minor=6998, **ABOUT)

    @pytest.mark.requirement("D11")
    def test_in_parts_up_to_the_total(self) -> None:
        first = self.refunded(998, 998)
        given(ORDER, PLACED, PAID).when(refund_order, self.back(998)).then(first)
        second = self.refunded(6000, 6998)
        given(ORDER, PLACED, PAID, first).when(refund_order, self.back(6000)).then(second)
        refusal = given(ORDER, PLACED, PAID, first).when(refund_order, self.back(6001))
        assert refusal.refused("REFUND_TOO_LARGE").metadata == {"refundable": "6000"}

    def test_a_hundred_times_at_most(self) -> None:
        before = [self.refunded(1, n) for n in range(1, 101)]
        refusal = given(ORDER, PLACED, PAID, *before).when(refund_order, self.back(1))
        assert refusal.refused("TOO_MANY").metadata == {"field": "refunds", "limit": "100"}

    def test_only_what_was_paid(self) -> None:
        given(ORDER, PLACED).when(refund_order, self.back(1)).refused("ORDER_WRONG_STATE")
        given(ORDER, PLACED, CANCELLED).when(refund_order, self.back(1)).refused("ORDER_WRONG_STATE")
        given(ORDER).when(refund_order, self.back(1)).refused("ORDER_NOT_FOUND")

    @pytest.mark.requirement("D12")
    def test_currency(self) -> None:
        given(ORDER, PLACED, PAID).when(refund_order, self.back(1, currency="EUR")).refused("WRONG_CURRENCY")


class TestVariants:
    """A product that comes in several forms: the order says which."""

    TEE = structs.replace(
        product(MUG, 250),
        price_minor=1500,
        options=("Size",),
        variants=(
            Variant(reference="T-S", values=("S",), price_minor=1500),
            Variant(reference="T-L", values=("L",), price_minor=1700, stock=3),
        ),
    )

    def order(self, reference: str, unit: int = 1700, of: ProductImported = TEE, **more: Any) -> PlaceOrder:
        shown = session(bag=(BagEntry(MUG, "showcase"),))
        line = Line(MUG, 2, unit, "USD", reference)
        return place(**{"lines": (line,), "products": {MUG: of}, "session": shown, "by_viewer": True, **more})

    def test_a_viewers_order_names_its_variant_and_costs_its_price(self) -> None:
        (placed,) = given(ORDER).when(place_order, self.order("T-L")).events
        (item,) = placed.items
        assert (item.variant_reference, item.variant_name, placed.total_minor) == ("T-L", "L", 3400)
        given(ORDER).when(place_order, self.order("T-L", 1500)).refused("INVALID_FIELD")

    def test_a_viewer_says_which_variant(self) -> None:
        refusal = given(ORDER).when(place_order, self.order("", 1500)).refused("VARIANT_NEEDED")
        assert refusal.metadata == {"product_id": str(MUG), "field": "items[0].variant_reference"}

    def test_what_was_sold_already_may_name_none(self) -> None:
        (placed,) = given(ORDER).when(place_order, self.order("", 1200, by_viewer=False)).events
        assert (placed.items[0].variant_reference, placed.total_minor) == ("", 2400)

    @pytest.mark.parametrize("by_viewer", [True, False])
    def test_a_variant_that_is_not_there(self, by_viewer: bool) -> None:
        refusal = given(ORDER).when(place_order, self.order("T-M", by_viewer=by_viewer)).refused("NO_SUCH_VARIANT")
        assert refusal.metadata["variant_reference"] == "T-M"
        given(ORDER).when(place_order, self.order("T-L", 999, product(MUG, 250))).refused("NO_SUCH_VARIANT")

    def test_a_payment_pays_only_the_variant_that_was_placed(self) -> None:
        (placed,) = given(ORDER).when(place_order, self.order("T-L")).events
        told = self.order("T-L", pays=True, source="connector")
        state = ORDER.evolve(Order(), placed)
        assert pay_placed(state, told)
        assert not pay_placed(state, self.order("T-S", pays=True, source="connector"))


class TestStock:
    """What a viewer orders must be there, as far as the shop counts it."""

    @pytest.mark.parametrize(("left", "told"), [(0, "0"), (1, "1"), (3, "3"), (6, None)])
    def test_a_viewer_orders_at_most_what_is_left(self, left: int, told: str | None) -> None:
        mugs = structs.replace(product(MUG, 0), stock=left)
        shown = session(bag=(BagEntry(MUG, "showcase"),))
        lines = (Line(MUG, left, 999, "USD"), Line(MUG, 1, 999, "USD"))  # together one too many
        asked = place(lines=lines, products={MUG: mugs}, session=shown, by_viewer=True)
        refusal = given(ORDER).when(place_order, asked).refused("OUT_OF_STOCK")
        assert refusal.metadata == {"product_id": str(MUG)} | ({"stock": told} if told else {})
        assert given(ORDER).when(place_order, structs.replace(asked, lines=lines[:1])).events
        assert given(ORDER).when(place_order, structs.replace(asked, by_viewer=False)).events

    def test_the_stock_of_the_chosen_variant_counts(self) -> None:
        variants = TestVariants()
        line = Line(MUG, 4, 1700, "USD", "T-L")
        refusal = given(ORDER).when(place_order, variants.order("T-L", lines=(line,))).refused("OUT_OF_STOCK")
        assert refusal.metadata == {"product_id": str(MUG), "variant_reference": "T-L", "stock": "3"}
        uncounted = Line(MUG, 100, 1500, "USD", "T-S")
        assert given(ORDER).when(place_order, variants.order("T-S", lines=(uncounted,))).events
