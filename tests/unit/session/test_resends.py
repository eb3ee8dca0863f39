"""What is sent again is done once, and one request id names one command: the session's commands on a store."""

from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.command import digest_of
from showfloor.kernel.event import Meta
from showfloor.session.activity import commands as facts
from showfloor.session.activity.domain import fact_rules, order_rules
from showfloor.session.activity.domain.comment import COMMENT
from showfloor.session.activity.domain.fact_rules import FollowAccount, PostComment, ReplyToComment, SendGift
from showfloor.session.activity.domain.follow import FOLLOW
from showfloor.session.activity.domain.gift import GIFT
from showfloor.session.activity.domain.order import ORDER
from showfloor.session.activity.domain.order_rules import Line, PayOrder, PlaceOrder, RefundOrder
from showfloor.session.catalogue import commands as catalogue
from showfloor.session.catalogue.domain import product_rules
from showfloor.session.catalogue.domain.catalogue_rules import SaveProductSet
from showfloor.session.catalogue.domain.product import PRODUCT, ProductImported, product_stream
from showfloor.session.catalogue.domain.product_rules import ImportProduct
from showfloor.session.service import DECIDERS
from showfloor.session.show import commands as show
from showfloor.session.show.domain import bag_rules, session_rules
from showfloor.session.show.domain.bag_rules import AddToBag, PinProduct, RemoveFromBag, UnpinProduct
from showfloor.session.show.domain.live_slot import LIVE_SLOT, live_slot_id
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import AddedToBag
from showfloor.session.show.domain.session_rules import Command, EndSession, OpenSession, UpdateSession
from showfloor.testing.memory_log import memory_store
from showfloor.testing.refusals import refusal_of

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, SUBJECT, OTHER = (UUID(int=n) for n in range(1, 6))
MUG, POT = product_stream(SHOP, "mug"), product_stream(SHOP, "pot")
POLICY = Policy()


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def by(request_id: str) -> Meta:
    return Meta(actor="user:1", request_id=request_id)


def opening(title: str = "Mugs", minute: float = 0) -> OpenSession:
    return OpenSession(session_id=S, now=at(minute), account_id=ACCOUNT, shop_id=SHOP, currency="USD", title=title)


def asked(kind: Any = Command, minute: float = 9, **more: Any) -> Any:
    return kind(session_id=S, now=at(minute), **more)


def product(reference: str = "mug", **more: Any) -> ProductImported:
    known = {
        "title": "Mug",
        "category": "Kitchen",
        "price_minor": 999,
        "currency": "USD",
        "at": T0,
        "in_showcase": True,
        **more,
    }
    return ProductImported(product_id=product_stream(SHOP, reference), shop_id=SHOP, reference=reference, **known)


class NoOffers:
    async def by_link(self, _links: Any) -> dict[str, UUID]:
        return {}

    by_invite = by_link


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = memory_store(DECIDERS)
    await catalogue.import_products(store, [product(), product("pot")], by("products"))
    await on_session(store, session_rules.open_session, opening(), by("open"))
    yield store
    await store.close()


def on_session(store: Store, rule: Any, command: Any, meta: Meta) -> Coroutine[Any, Any, Outcome[Any]]:
    return store.execute(SESSION, command.session_id, rule, command, meta)


def on_order(store: Store, rule: Any, command: Any, meta: Meta) -> Coroutine[Any, Any, Outcome[Any]]:
    return store.execute(ORDER, command.subject_id, rule, command, meta)


def on_fact(store: Store, decider: Any, rule: Any, command: Any, meta: Meta) -> Coroutine[Any, Any, Outcome[Any]]:
    return store.execute(decider, command.subject_id, rule, command, meta, remember_as=command.remembered_as)


async def reused(call: Any) -> None:
    assert (await refusal_of(call)).reason == "REQUEST_ID_REUSED"


async def state(store: Store) -> Session:
    return (await store.load(SESSION, S)).state


def adding(*references: UUID, minute: float = 9) -> AddToBag:
    return asked(AddToBag, minute, source="showcase", references=tuple(map(str, references)), policy=POLICY)  # type: ignore[no-any-return]


class TestSessions:
    async def test_the_same_id_for_another_title(self, store: Store) -> None:
        first = await on_session(store, session_rules.open_session, opening(minute=5), by("open"))
        assert first.events and first.state.opened_at == T0
        await reused(on_session(store, session_rules.open_session, opening("Cups"), by("open")))

    async def test_one_id_for_two_commands(self, store: Store) -> None:
        await on_session(store, session_rules.start_practice, asked(), by("r"))
        await reused(on_session(store, session_rules.end_practice, asked(), by("r")))
        assert (await state(store)).status == "practice"

    async def test_after_the_end_nothing_changes(self, store: Store) -> None:
        first = await on_session(store, session_rules.start_practice, asked(), by("practice"))
        live = await show.go_live(store, asked(), by("live"))
        await show.end_session(store, asked(EndSession, 30), by("end"))
        assert await on_session(store, session_rules.start_practice, asked(minute=40), by("practice")) == first
        assert await show.go_live(store, asked(minute=40), by("live")) == live
        assert (await store.load(LIVE_SLOT, live_slot_id(ACCOUNT))).state.session_id is None
        await reused(show.go_live(store, asked(minute=40), by("practice")))

    async def test_an_old_version_is_not_minded(self, store: Store) -> None:
        title = asked(UpdateSession, title="Cups", expected_version=1)
        first = await on_session(store, session_rules.update_session, title, by("t"))
        await on_session(store, session_rules.update_session, asked(UpdateSession, title="Pots"), by("u"))
        assert await on_session(store, session_rules.update_session, title, by("t")) == first
        assert (await state(store)).title == "Pots"

    async def test_what_changed_nothing_changes_nothing_later(self, store: Store) -> None:
        await show.add_to_bag(store, NoOffers(), adding(MUG), by("a"))
        await show.go_live(store, asked(), by("live"))
        pin = asked(PinProduct, product_id=MUG)
        await on_session(store, bag_rules.pin_product, pin, by("p1"))
        assert not (await on_session(store, bag_rules.pin_product, pin, by("p2"))).events
        await on_session(store, bag_rules.unpin_product, asked(UnpinProduct, product_id=MUG), by("u"))
        for request in ("p1", "p2"):
            await on_session(store, bag_rules.pin_product, pin, by(request))
        assert (await state(store)).pinned is None

    async def test_products_taken_out_are_not_added_again(self, store: Store) -> None:
        first = await show.add_to_bag(store, NoOffers(), adding(MUG), by("a"))
        await on_session(store, bag_rules.remove_from_bag, asked(RemoveFromBag, product_id=MUG), by("r"))
        again = await show.add_to_bag(store, NoOffers(), adding(MUG, minute=20), by("a"))
        assert again == first
        assert [event.product_ids for event in again.events if isinstance(event, AddedToBag)] == [(MUG,)]
        assert (await state(store)).bag == ()
        await reused(show.add_to_bag(store, NoOffers(), adding(POT), by("a")))

    async def test_a_catalogue_that_changed_does_not_matter(self, store: Store) -> None:
        first = await show.add_to_bag(store, NoOffers(), adding(MUG, POT), by("a"))
        gone = msgspec.structs.replace(product("pot"), shop_id=OTHER)
        await catalogue.import_products(store, [gone], by("moved"))
        assert await show.add_to_bag(store, NoOffers(), adding(MUG, POT), by("a")) == first


class TestCatalogue:
    async def test_an_old_price_does_not_come_back(self, store: Store) -> None:
        first = await catalogue.import_products(store, [product(price_minor=5)], by("a"))
        await catalogue.import_products(store, [product(price_minor=1099)], by("b"))
        assert await catalogue.import_products(store, [product(price_minor=5, at=at(5))], by("a")) == first
        assert (await store.load(PRODUCT, MUG)).state.kept == product(price_minor=1099)
        with pytest.raises(GroupRefused) as refused:
            await catalogue.import_products(store, [product(price_minor=7)], by("a"))
        assert refused.value.refusals[0].reason == "REQUEST_ID_REUSED"

    async def test_a_set_once(self, store: Store) -> None:
        best = SaveProductSet(
            product_set_id=SUBJECT, shop_id=SHOP, name="Best", product_ids=(MUG,), now=T0, replaces=False
        )
        first = await catalogue.save_product_set(store, best, by("s"))
        more = msgspec.structs.replace(best, product_ids=(MUG, POT), replaces=True)
        await catalogue.save_product_set(store, more, by("t"))
        assert await catalogue.save_product_set(store, best, by("s")) == first
        await reused(catalogue.save_product_set(store, more, by("s")))


class TestFacts:
    @pytest.fixture
    async def live(self, store: Store) -> Session:
        await show.add_to_bag(store, NoOffers(), adding(MUG), by("a"))
        return (await show.go_live(store, asked(), by("live"))).state

    def fact(self, kind: Any, session: Session, minute: float = 10, **more: Any) -> Any:
        known = {"subject_id": SUBJECT, "session": session, "now": at(minute), "policy": POLICY, "request_id": "r"}
        return kind(**{**known, **more})

    def place(self, session: Session, quantity: int = 2, **more: Any) -> Any:
        lines = (Line(MUG, quantity, 999, "USD"),)
        return self.fact(PlaceOrder, session, **{"reference": "A-1", "viewer_ref": "v1", "lines": lines, **more})

    @pytest.mark.parametrize("other", [{"text": "Ho"}, {"viewer_ref": "v2"}, {"product_id": MUG}, {"reply_to": OTHER}])
    async def test_one_id_for_two_comments(self, store: Store, live: Session, other: dict[str, Any]) -> None:
        say = self.fact(PostComment, live, text="Hi", viewer_ref="v1")
        first = await facts.post_comment(store, say, by("r"))
        later = msgspec.structs.replace(say, now=at(99), time=at(11), session=await state(store))
        assert await facts.post_comment(store, later, by("r")) == first
        await reused(facts.post_comment(store, msgspec.structs.replace(say, **other), by("r")))

    @pytest.mark.parametrize(
        "other", [{"viewer_ref": "v2"}, {"outside_room": True}, {"lines": (Line(MUG, 1, 999, "USD"),)}]
    )
    async def test_one_reference_for_two_orders(self, store: Store, live: Session, other: dict[str, Any]) -> None:
        first = await facts.place_order(store, self.place(live), by("r"))
        assert await facts.place_order(store, self.place(live, gender="other"), by("another request")) == first
        for request in ("r", "another request"):
            refusal = await refusal_of(facts.place_order(store, self.place(live, **other), by(request)))
            assert (refusal.reason, refusal.metadata) == ("REQUEST_ID_REUSED", {"request_id": "A-1"})

    async def test_an_order_placed_before_is_paid_by_its_paid_order(self, store: Store, live: Session) -> None:
        await facts.place_order(store, self.place(live), by("r"))
        paid: Any = self.place(live, pays=True, source="connector", request_id="A-1")
        back = self.fact(RefundOrder, live, 12, amount_minor=5, currency="USD", request_id="back")
        for _ in range(2):
            done = await facts.record_activity(store, {0: paid, 1: back}, {0: by("A-1"), 1: by("back")})
            order: Any = done[1]
            assert (order.state.status, order.state.refunded_minor, order.state.refunds) == ("refunded", 5, 1)
        other = self.place(live, 3, pays=True, source="connector", request_id="A-1")
        no: Any = (await facts.record_activity(store, {0: other}, {0: by("A-1")}))[0]
        assert no.reason == "REQUEST_ID_REUSED"

    @pytest.mark.parametrize(
        "other", [{"viewer_ref": "v2"}, {"outside_room": True}, {"lines": (Line(MUG, 1, 999, "USD"),)}]
    )
    async def test_what_is_refused_as_another_order_pays_nothing(
        self, store: Store, live: Session, other: dict[str, Any]
    ) -> None:
        await facts.place_order(store, self.place(live), by("r"))
        paid: Any = self.place(live, pays=True, source="connector", request_id="A-1", **other)
        no: Any = (await facts.record_activity(store, {0: paid}, {0: by("A-1")}))[0]
        assert no.reason == "REQUEST_ID_REUSED"
        assert (await store.load(ORDER, SUBJECT)).state.status == "placed"

    async def test_an_order_that_comes_paid_is_one_command(self, store: Store, live: Session) -> None:
        before = await store.last_position()
        paid: Any = self.place(live, pays=True, source="connector", request_id="A-1")
        outcomes = [(await facts.record_activity(store, {0: paid}, {0: by("A-1")}))[0] for _ in range(2)]
        assert outcomes[0] == outcomes[1]
        assert await store.last_position() == before + 2
        pay = self.fact(PayOrder, live, 20, source="checkout", request_id="p")
        assert (await on_order(store, order_rules.pay_order, pay, by("p"))).events == ()

    async def test_a_refund_once(self, store: Store, live: Session) -> None:
        await facts.place_order(store, self.place(live), by("r"))
        await on_order(store, order_rules.pay_order, self.fact(PayOrder, live, source="by_hand"), by("p"))
        back = self.fact(RefundOrder, live, 12, amount_minor=5, currency="USD")
        first = await on_order(store, order_rules.refund_order, back, by("b"))
        assert (await on_order(store, order_rules.refund_order, back, by("c"))).state.refunded_minor == 10
        assert await on_order(store, order_rules.refund_order, back, by("b")) == first
        await reused(on_order(store, order_rules.refund_order, msgspec.structs.replace(back, amount_minor=6), by("b")))

    async def test_a_streak_grows_under_its_id(self, store: Store, live: Session) -> None:
        gift = self.fact(SendGift, live, viewer_ref="v1", gift="Rose", count=1)
        for count in (1, 3, 2, 3):
            done = await on_fact(store, GIFT, fact_rules.send_gift, msgspec.structs.replace(gift, count=count), by("r"))
        assert done.state.count == 3
        await reused(on_fact(store, GIFT, fact_rules.send_gift, msgspec.structs.replace(gift, gift="Lion"), by("r")))

    async def test_a_follow_once_whatever_the_request(self, store: Store, live: Session) -> None:
        for request in ("r1", "r2", "r1"):
            await on_fact(
                store, FOLLOW, fact_rules.follow_account, self.fact(FollowAccount, live, viewer_ref="v1"), by(request)
            )
        assert (await store.load(SESSION, S)).state.status == "live"
        assert [type(one.event).__name__ for one in await store.read_log(0)].count("AccountFollowed") == 1


async def test_what_was_looked_up_is_no_part_of_a_command(store: Store) -> None:
    known = asked(AddToBag, source="showcase", references=(str(MUG),), policy=POLICY, products=(product(),))
    same = msgspec.structs.replace(known, now=at(50), policy=Policy(bag_limit=1), products=(), expected_version=9)
    assert digest_of("session", "add_to_bag", known) == digest_of("session", "add_to_bag", same)
    assert digest_of("session", "add_to_bag", known) != digest_of(
        "session", session_rules.update_session.__name__, known
    )


def test_a_digest_stays_what_it_is_from_version_to_version() -> None:
    """They lie in the log for good: with another one an order that a shop system tells again would be refused.

    So rules and the fields of what they are asked keep their names and defaults; new fields have one.
    """
    fact: dict[str, Any] = {
        "subject_id": SUBJECT,
        "session": Session(),
        "now": T0,
        "policy": POLICY,
        "request_id": "r",
    }
    placed = PlaceOrder(**fact, reference="A-1", viewer_ref="v1", lines=(Line(MUG, 2, 999, "USD"),))
    back = RefundOrder(**fact, amount_minor=5, currency="USD")
    said: dict[str, tuple[Any, Any, Any]] = {
        "open": (SESSION, session_rules.open_session, opening()),
        "update": (SESSION, session_rules.update_session, asked(UpdateSession, title="Pots")),
        "add": (SESSION, bag_rules.add_to_bag, adding(MUG)),
        "pin": (SESSION, bag_rules.pin_product, asked(PinProduct, product_id=MUG)),
        "comment": (COMMENT, fact_rules.post_comment, PostComment(**fact, text="Hi", viewer_ref="v1")),
        "reply": (COMMENT, fact_rules.reply_to_comment, ReplyToComment(**fact, text="Hi", reply_to=OTHER)),
        "order": (ORDER, order_rules.place_order, placed),
        "pay": (ORDER, order_rules.pay_order, PayOrder(**fact, source="connector")),
        "refund": (ORDER, order_rules.refund_order, back),
        "product": (PRODUCT, product_rules.import_product, ImportProduct(product=product())),
    }
    digests = {name: digest_of(kind.name, rule.__name__, facts).hex() for name, (kind, rule, facts) in said.items()}
    assert digests == {
        "open": "2fadf62a95bd2ba6ce7c51b8d7221e19",
        "update": "9931c44567c07c0aa42ac9a2999113be",
        "add": "b6f46241c3f987b5a220f63ce166586b",
        "pin": "21af0361bf911546a7215dc61534c161",
        "comment": "9312d8d788833ecb63f581e7420f11e7",
        "order": "8aa2ab688feb16f8202b9cff1abf7864",
        "pay": "e4775e77a3ca0e9f288aa6cb65c3c97d",
        "refund": "5b90aaf47b5864ed5b34ab218e631cd3",
        "reply": "7bc2a0ef94f845124e44e8040154bd71",
        "product": "65f47a057d850cc288fa5349b308af79",
    }
