"""The shopping bag, its pins and the pinned comment."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.kernel.event import Event
from showfloor.session.activity.domain.comment import Comment
from showfloor.session.activity.domain.comment_pin_rules import PinComment, pin_comment, unpin_comment
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
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    CommentPinned,
    CommentUnpinned,
    MovedInBag,
    PracticeStarted,
    ProductPinned,
    ProductSource,
    ProductUnpinned,
    RemovedFromBag,
    SessionEnded,
    SessionImported,
    SessionOpened,
    WentLive,
)
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NOW = T0 + timedelta(minutes=9)
S, ACCOUNT, SHOP, COMMENT = (UUID(int=n) for n in range(1, 5))
A, B, C, D = (UUID(int=n) for n in range(11, 15))
ABOUT: Any = {"session_id": S, "account_id": ACCOUNT, "shop_id": SHOP, "currency": "USD"}
ME: Any = {"session_id": S, "now": NOW}
OPENED = SessionOpened(at=T0, title="Mugs", source="live", **ABOUT)
BAG = AddedToBag(at=T0, source="showcase", product_ids=(A, B, C), bag=(A, B, C), **ABOUT)
LIVE = WentLive(at=T0, title="Mugs", source="live", **ABOUT)
ENDED = SessionEnded(at=NOW, title="Mugs", source="live", started_at=T0, recorded_at=NOW, **ABOUT)
PINNED = ProductPinned(at=T0 + timedelta(minutes=1), product_id=A, **ABOUT)
REPLAY = (
    SessionOpened(at=T0, title="Mugs", source="replay", recorded_start=T0, **ABOUT),
    BAG,
    WentLive(at=T0, title="Mugs", source="replay", **ABOUT),
)


def product(product_id: UUID, currency: str = "USD") -> ProductImported:
    return ProductImported(
        at=T0, product_id=product_id, shop_id=SHOP, reference=str(product_id.int), title="Mug",
        category="Kitchen", price_minor=999, currency=currency,
    )  # fmt: skip


def adding(*ids: UUID, source: ProductSource = "showcase", limit: int = 100, **more: Any) -> AddToBag:
    return AddToBag(
        **{**ME, **more},
        source=source,
        references=tuple(map(str, ids)),
        products=tuple(map(product, ids)),
        policy=Policy(bag_limit=limit),
    )


class TestAdding:
    @pytest.mark.requirement("R16", "R24", "R31", "R33")
    @pytest.mark.parametrize("source", ["set", "showcase", "link", "collab"])
    def test_from_each_source_at_the_end(self, source: ProductSource) -> None:
        wanted = AddedToBag(at=NOW, source=source, product_ids=(D,), bag=(A, B, C, D), **ABOUT)
        given(SESSION, OPENED, BAG).when(add_to_bag, adding(D, source=source)).then(wanted)

    def test_what_is_there_stays_where_it_is(self) -> None:
        (event,) = given(SESSION, OPENED, BAG).when(add_to_bag, adding(B, D, D)).events
        assert isinstance(event, AddedToBag)
        assert (event.product_ids, event.bag) == ((D,), (A, B, C, D))
        given(SESSION, OPENED, BAG).when(add_to_bag, adding(A, C)).then()

    def test_while_live_everybody_learns_of_it(self) -> None:
        (event,) = given(SESSION, OPENED, LIVE).when(add_to_bag, adding(A)).events
        assert isinstance(event, AddedToBag)
        assert event.on_air

    @pytest.mark.requirement("R32")
    def test_a_hundred_and_no_more(self) -> None:
        many = [UUID(int=1000 + n) for n in range(101)]
        (event,) = given(SESSION, OPENED).when(add_to_bag, adding(*many[:100])).events
        refusal = given(SESSION, OPENED, event).when(add_to_bag, adding(many[100]))
        assert refusal.refused("BAG_FULL").metadata == {"limit": "100", "would_be": "101"}
        given(SESSION, OPENED).when(add_to_bag, adding(*many)).refused("BAG_FULL")

    @pytest.mark.requirement("D13")
    def test_a_recording_may_carry_more(self) -> None:
        (event,) = given(SESSION, *REPLAY).when(add_to_bag, adding(D, limit=3)).events
        assert isinstance(event, AddedToBag)

    @pytest.mark.requirement("D12")
    def test_one_currency(self) -> None:
        asked = AddToBag(**ME, source="link", references=("l",), products=(product(D, "EUR"),), policy=Policy())
        given(SESSION, OPENED).when(add_to_bag, asked).refused("WRONG_CURRENCY")


class TestOrder:
    @pytest.mark.requirement("R25")
    @pytest.mark.parametrize(
        ("moved", "number", "after"), [(C, 1, (C, A, B)), (A, 3, (B, C, A)), (B, 1, (B, A, C)), (A, 2, (B, A, C))]
    )
    def test_by_number(self, moved: UUID, number: int, after: tuple[UUID, ...]) -> None:
        expected = MovedInBag(at=NOW, product_id=moved, number=number, bag=after, **ABOUT)
        given(SESSION, OPENED, BAG).when(move_in_bag, MoveInBag(**ME, product_id=moved, number=number)).then(expected)

    @pytest.mark.requirement("R28")
    def test_to_the_top(self) -> None:
        (event,) = given(SESSION, OPENED, BAG).when(move_in_bag, MoveInBag(**ME, product_id=C, number=1)).events
        assert [entry.product_id for entry in given(SESSION, OPENED, BAG, event).state.bag] == [C, A, B]

    def test_is_there_already(self) -> None:
        given(SESSION, OPENED, BAG).when(move_in_bag, MoveInBag(**ME, product_id=B, number=2)).then()

    @pytest.mark.parametrize("number", [-1, 0, 4])
    def test_outside(self, number: int) -> None:
        refusal = given(SESSION, OPENED, BAG).when(move_in_bag, MoveInBag(**ME, product_id=A, number=number))
        assert refusal.refused("NUMBER_OUT_OF_RANGE").metadata["bag_size"] == "3"

    def test_unknown(self) -> None:
        given(SESSION, OPENED, BAG).when(move_in_bag, MoveInBag(**ME, product_id=D, number=1)).refused("NOT_IN_BAG")


class TestRemoving:
    @pytest.mark.requirement("R29")
    def test_closes_up(self) -> None:
        expected = RemovedFromBag(at=NOW, product_id=B, bag=(A, C), **ABOUT)
        given(SESSION, OPENED, BAG).when(remove_from_bag, RemoveFromBag(**ME, product_id=B)).then(expected)

    def test_unpins_first(self) -> None:
        fields = ABOUT
        given(SESSION, OPENED, BAG, LIVE, PINNED).when(remove_from_bag, RemoveFromBag(**ME, product_id=A)).then(
            ProductUnpinned(at=NOW, product_id=A, pinned_at=PINNED.at, **fields),
            RemovedFromBag(at=NOW, product_id=A, bag=(B, C), on_air=True, **fields),
        )

    def test_unknown(self) -> None:
        given(SESSION, OPENED).when(remove_from_bag, RemoveFromBag(**ME, product_id=A)).refused("NOT_IN_BAG")

    @pytest.mark.requirement("R115")
    def test_read_only_after_the_end(self) -> None:
        past = given(SESSION, OPENED, BAG, LIVE, ENDED)
        past.when(remove_from_bag, RemoveFromBag(**ME, product_id=A)).refused("SESSION_ENDED")
        past.when(move_in_bag, MoveInBag(**ME, product_id=A, number=2)).refused("SESSION_ENDED")
        past.when(add_to_bag, adding(D)).refused("SESSION_ENDED")


class TestPinning:
    @pytest.mark.requirement("R30", "R73")
    def test_shows_a_product(self) -> None:
        expected = ProductPinned(at=NOW, product_id=A, **ABOUT)
        given(SESSION, OPENED, BAG, LIVE).when(pin_product, PinProduct(**ME, product_id=A)).then(expected)

    def test_replaces_the_one_before(self) -> None:
        fields = ABOUT
        given(SESSION, OPENED, BAG, LIVE, PINNED).when(pin_product, PinProduct(**ME, product_id=B)).then(
            ProductUnpinned(at=NOW, product_id=A, pinned_at=PINNED.at, replaced_by=B, **fields),
            ProductPinned(at=NOW, product_id=B, **fields),
        )

    def test_no_more_than_can_be_listed(self) -> None:
        shown = [PINNED, ProductUnpinned(at=NOW, product_id=A, pinned_at=PINNED.at, **ABOUT)]
        full = given(SESSION, OPENED, BAG, LIVE, *shown * 2_000)
        refusal = full.when(pin_product, PinProduct(**ME, product_id=B)).refused("TOO_MANY")
        assert refusal.metadata == {"field": "pins", "limit": "2000"}

    def test_is_pinned_already(self) -> None:
        given(SESSION, OPENED, BAG, LIVE, PINNED).when(pin_product, PinProduct(**ME, product_id=A)).then()

    @pytest.mark.requirement("R30")
    @pytest.mark.parametrize("before", [(), (PracticeStarted(at=T0, **ABOUT),), (LIVE, ENDED)])
    def test_only_while_live(self, before: tuple[Event, ...]) -> None:
        given(SESSION, OPENED, BAG, *before).when(pin_product, PinProduct(**ME, product_id=A)).refused(
            "SESSION_NOT_LIVE"
        )
        given(SESSION, OPENED, BAG, *before).when(unpin_product, PinProduct(**ME, product_id=A)).refused(
            "SESSION_NOT_LIVE"
        )

    def test_only_from_the_bag(self) -> None:
        given(SESSION, OPENED, BAG, LIVE).when(pin_product, PinProduct(**ME, product_id=D)).refused("NOT_IN_BAG")
        given(SESSION, OPENED, BAG, LIVE).when(unpin_product, PinProduct(**ME, product_id=D)).refused("NOT_IN_BAG")

    def test_unpins(self) -> None:
        expected = ProductUnpinned(at=NOW, product_id=A, pinned_at=PINNED.at, **ABOUT)
        given(SESSION, OPENED, BAG, LIVE, PINNED).when(unpin_product, PinProduct(**ME, product_id=A)).then(expected)
        given(SESSION, OPENED, BAG, LIVE, PINNED).when(unpin_product, PinProduct(**ME, product_id=B)).then()

    def test_a_recording_names_the_time(self) -> None:
        time = T0 + timedelta(minutes=3)
        (event,) = given(SESSION, *REPLAY).when(pin_product, PinProduct(**ME, product_id=A, time=time)).events
        assert event.at == time
        early, late = T0 - timedelta(seconds=1), NOW + timedelta(seconds=1)
        given(SESSION, *REPLAY).when(pin_product, PinProduct(**ME, product_id=A, time=early)).refused("OUTSIDE_SESSION")
        given(SESSION, *REPLAY).when(pin_product, PinProduct(**ME, product_id=A, time=late)).refused("IN_THE_FUTURE")
        before = T0 + timedelta(seconds=30)
        past = given(SESSION, *REPLAY, PINNED)
        past.when(pin_product, PinProduct(**ME, product_id=B, time=before)).refused("OUTSIDE_SESSION")

    def test_a_live_is_pinned_now(self) -> None:
        given(SESSION, OPENED, BAG, LIVE).when(pin_product, PinProduct(**ME, product_id=A, time=T0)).refused(
            "INVALID_FIELD"
        )

    def test_imported(self) -> None:
        old = SessionImported(at=T0, reference="7", title="Old", started_at=T0, ended_at=NOW, **ABOUT)
        given(SESSION, old).when(pin_product, PinProduct(**ME, product_id=A)).refused("IMPORTED")


class TestPinnedComment:
    SAID = Comment(comment_id=COMMENT, session_id=S, viewer_ref="v1", text="Hi")

    def asked(self, comment: Comment = SAID) -> PinComment:
        return PinComment(**ME, comment_id=COMMENT, comment=comment)

    @pytest.mark.requirement("R84")
    def test_goes_to_the_top(self) -> None:
        expected = CommentPinned(at=NOW, comment_id=COMMENT, **ABOUT)
        given(SESSION, OPENED, LIVE).when(pin_comment, self.asked()).then(expected)
        given(SESSION, OPENED, LIVE, expected).when(pin_comment, self.asked()).then()

    def test_comes_down(self) -> None:
        pinned = CommentPinned(at=T0, comment_id=COMMENT, **ABOUT)
        expected = CommentUnpinned(at=NOW, comment_id=COMMENT, **ABOUT)
        given(SESSION, OPENED, LIVE, pinned).when(unpin_comment, self.asked()).then(expected)
        given(SESSION, OPENED, LIVE).when(unpin_comment, self.asked()).then()

    @pytest.mark.parametrize(
        "comment", [Comment(), Comment(comment_id=COMMENT, session_id=A), Comment(COMMENT, S, practice=True)]
    )
    def test_of_this_session_and_not_from_practice(self, comment: Comment) -> None:
        given(SESSION, OPENED, LIVE).when(pin_comment, self.asked(comment)).refused("COMMENT_NOT_FOUND")

    def test_unpinning_another_sessions_comment(self) -> None:
        given(SESSION, OPENED, LIVE).when(unpin_comment, self.asked(Comment())).refused("COMMENT_NOT_FOUND")

    def test_read_only_after_the_end(self) -> None:
        given(SESSION, OPENED, LIVE, ENDED).when(pin_comment, self.asked()).refused("SESSION_ENDED")
        given(SESSION, OPENED, LIVE, ENDED).when(unpin_comment, self.asked()).refused("SESSION_ENDED")
