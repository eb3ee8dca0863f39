"""ActivityService over gRPC: facts, resends, reused ids, foreign ids, wrong states, and many at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.activity import commands as facts


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def viewer(ref: str = "v1", **more: Any) -> viewer_pb2.ViewerIdentity:
    return viewer_pb2.ViewerIdentity(viewer_ref=ref, display_name="Ann 🌷", **more)


def item(product_id: str, quantity: int = 1, minor: int = 999) -> order_pb2.OrderItem:
    return order_pb2.OrderItem(product_id=product_id, quantity=quantity, unit_price=usd(minor))


@pytest.mark.requirement("R21", "R83", "R84")
async def test_comments_replies_and_the_pinned_one(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    post = comment_pb.PostCommentRequest(request_id="c1", viewer=viewer(), text="  สวัสดี 你好 مرحبا \n 👋🏽 ", **me)
    first = await connector.PostComment(post)
    assert await connector.PostComment(post) == first
    post.text = "other"
    await refused(connector.PostComment(post), "REQUEST_ID_REUSED")
    about = comment_pb.PostCommentRequest(request_id="c2", viewer=viewer(), text="Dishwasher?", product_id=ids[0], **me)
    question = await service.viewer(session.session_id).PostComment(about)
    answer = await host.ReplyToComment(
        comment_pb.ReplyToCommentRequest(request_id="r1", comment_id=question.comment_id, text="Yes", **me)
    )
    assert answer.position > question.position
    pin = comment_pb.PinCommentRequest(request_id="p", comment_id=first.comment_id, **me)
    await host.PinComment(pin)
    seen = await service.viewer(session.session_id).WatchSession(ses.WatchSessionRequest(**me))
    assert seen.pinned_comment.text == "สวัสดี 你好 مرحبا \n 👋🏽"
    assert seen.pinned_comment.author_name == "Ann 🌷"
    await host.UnpinComment(comment_pb.UnpinCommentRequest(request_id="u", comment_id=first.comment_id, **me))
    assert not (await host.GetSession(ses.GetSessionRequest(**me))).session.pinned_comment_id
    nowhere = {"comment_id": str(uuid4()), **me}
    await refused(host.PinComment(comment_pb.PinCommentRequest(request_id="x", **nowhere)), "COMMENT_NOT_FOUND")
    await refused(
        host.ReplyToComment(comment_pb.ReplyToCommentRequest(request_id="y", text="?", **nowhere)), "COMMENT_NOT_FOUND"
    )
    await refused(
        connector.PostComment(
            comment_pb.PostCommentRequest(request_id="z", viewer=viewer(), text="?", product_id=str(uuid4()), **me)
        ),
        "NOT_IN_BAG",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"request_id": "x" * 65}, "request_id"),
        ({"viewer": viewer_pb2.ViewerIdentity()}, "viewer.viewer_ref"),
        ({"viewer": viewer_pb2.ViewerIdentity(viewer_ref="a@b")}, "viewer.viewer_ref"),
        ({"viewer": viewer_pb2.ViewerIdentity(viewer_ref="v", display_name="x" * 61)}, "viewer.display_name"),
        ({"viewer": viewer(traits=viewer_pb2.ViewerTraits(gender="x"))}, "viewer.traits.gender"),
        ({"viewer": viewer(traits=viewer_pb2.ViewerTraits(age_band="17"))}, "viewer.traits.age_band"),
        ({"viewer": viewer(traits=viewer_pb2.ViewerTraits(region="de"))}, "viewer.traits.region"),
        ({"product_id": "1"}, "product_id"),
        ({"reply_to": "1"}, "reply_to"),
    ],
)
async def test_malformed_comments(service: Any, refused: Any, changes: dict[str, Any], field: str) -> None:
    session, _ = await service.on_air(service.user(), 1)
    known = {"request_id": "c", "session_id": session.session_id, "viewer": viewer(), "text": "Hi", **changes}
    refusal = await refused(service.connector().PostComment(comment_pb.PostCommentRequest(**known)), "INVALID_FIELD")
    assert refusal.metadata["field"] == field


async def test_times(service: Any, refused: Any) -> None:
    session, _ = await service.on_air(service.user(), 1)
    post = comment_pb.PostCommentRequest(request_id="c", session_id=session.session_id, viewer=viewer(), text="Hi")
    start = session.start_time.ToDatetime()
    for time, reason in (
        (start - timedelta(seconds=1), "OUTSIDE_SESSION"),
        (start + timedelta(hours=1), "IN_THE_FUTURE"),
    ):
        post.time.FromDatetime(time)
        await refused(service.connector().PostComment(post), reason)
    post.time.FromDatetime(start)
    await service.connector().PostComment(post)
    post.request_id = "c2"
    await refused(service.viewer(session.session_id).PostComment(post), "INVALID_FIELD")  # a viewer names no time


async def test_a_payment_tells_whether_it_is_the_buyers_first(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}

    async def pay(number: int, ref: str) -> order_pb2.Order:
        name = f"o{number}"
        place = order_pb.PlaceOrderRequest(
            request_id=name, reference=name, viewer=viewer(ref), items=[item(ids[0])], **me
        )
        placed = (await connector.PlaceOrder(place)).order
        assert not placed.first_time_buyer
        request = order_pb.PayOrderRequest(request_id=f"p{number}", order_id=placed.order_id, **me)
        paid = (await connector.PayOrder(request)).order
        assert (await connector.PayOrder(request)).order == paid
        return paid

    orders = [await pay(number, ref) for number, ref in enumerate(["v1", "v1", "v2"])]
    assert [order.first_time_buyer for order in orders] == [True, False, True]
    back = order_pb.RefundOrderRequest(request_id="b", order_id=orders[0].order_id, amount=usd(1), **me)
    assert (await connector.RefundOrder(back)).order.first_time_buyer


@pytest.mark.requirement("R89", "D11")
async def test_an_orders_life(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    place = order_pb.PlaceOrderRequest(
        request_id="o", reference="A-1", viewer=viewer(), items=[item(ids[0], 2), item(ids[1], 1, 1)], **me
    )
    placed = await connector.PlaceOrder(place)
    assert (placed.order.total.minor, placed.order.commission.minor) == (1999, 50)
    assert await connector.PlaceOrder(place) == placed
    order = {"order_id": placed.order.order_id, **me}
    await refused(
        connector.RefundOrder(order_pb.RefundOrderRequest(request_id="f", amount=usd(1), **order)), "ORDER_WRONG_STATE"
    )
    paid = await connector.PayOrder(order_pb.PayOrderRequest(request_id="p", **order))
    assert paid.order.state == order_pb2.ORDER_STATE_PAID
    assert (await connector.PayOrder(order_pb.PayOrderRequest(request_id="p9", **order))).position == paid.position
    await refused(connector.CancelOrder(order_pb.CancelOrderRequest(request_id="c", **order)), "ORDER_WRONG_STATE")
    back = order_pb.RefundOrderRequest(request_id="f", amount=usd(1000), **order)
    refunded = await connector.RefundOrder(back)
    assert (refunded.order.refunded.minor, refunded.order.total.minor) == (1000, 1999)
    assert await connector.RefundOrder(back) == refunded
    back.amount.minor = 999
    await refused(connector.RefundOrder(back), "REQUEST_ID_REUSED")
    back.request_id, back.amount.minor = "f2", 1000
    assert (await refused(connector.RefundOrder(back), "REFUND_TOO_LARGE")).metadata["refundable"] == "999"
    back.amount.currency = "EUR"
    await refused(connector.RefundOrder(back), "WRONG_CURRENCY")
    place.items[0].quantity = 3
    await refused(connector.PlaceOrder(place), "REQUEST_ID_REUSED")


async def test_orders_that_cannot_be(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    known: dict[str, Any] = {
        "request_id": "o", "reference": "A", "viewer": viewer(), "session_id": session.session_id,
        "items": [item(ids[0])],
    }  # fmt: skip
    for changes, reason in (
        ({"items": []}, "INVALID_FIELD"),
        ({"items": [item(ids[0])] * 51}, "INVALID_FIELD"),
        ({"items": [item(ids[0], 0)]}, "INVALID_FIELD"),
        ({"items": [item(ids[0], 10_001)]}, "INVALID_FIELD"),
        ({"items": [item(ids[0], 1, -1)]}, "INVALID_FIELD"),
        ({"items": [item(str(uuid4()))]}, "PRODUCT_NOT_FOUND"),
        ({"items": [order_pb2.OrderItem(product_id=ids[0], quantity=1, unit_price=Money(minor=1, currency="EUR"))]},
         "WRONG_CURRENCY"),
        ({"reference": "a b"}, "INVALID_FIELD"),
    ):  # fmt: skip
        await refused(connector.PlaceOrder(order_pb.PlaceOrderRequest(**{**known, **changes})), reason)
    buyer = service.viewer(session.session_id)
    cheap = order_pb.PlaceOrderRequest(**{**known, "items": [item(ids[0], 1, 1)]})
    await refused(buyer.PlaceOrder(cheap), "INVALID_FIELD")
    mine = (await buyer.PlaceOrder(order_pb.PlaceOrderRequest(**known))).order
    pay = order_pb.PayOrderRequest(request_id="p", session_id=session.session_id, order_id=mine.order_id)
    await refused(service.viewer(session.session_id, "v2").PayOrder(pay), "ORDER_NOT_FOUND")
    await refused(buyer.PayOrder(pay), "PERMISSION")
    await refused(service.foreigner().PayOrder(pay), "ORDER_NOT_FOUND")
    elsewhere = order_pb.PayOrderRequest(request_id="p", session_id=str(uuid4()), order_id=mine.order_id)
    await refused(connector.PayOrder(elsewhere), "ORDER_NOT_FOUND")
    await refused(service.user(Role.MODERATOR, Role.MEMBER).PayOrder(pay), "PERMISSION")
    cancel = order_pb.CancelOrderRequest(request_id="c", session_id=session.session_id, order_id=mine.order_id)
    assert (await buyer.CancelOrder(cancel)).order.state == order_pb2.ORDER_STATE_CANCELLED
    many = order_pb.PlaceOrderRequest(**{**known, "reference": "B", "items": [item(ids[0], 101)]})
    assert "items[0].quantity" in str((await refused(buyer.PlaceOrder(many), "INVALID_FIELD")).metadata)
    outside = order_pb.PlaceOrderRequest(**{**known, "reference": "B"}, outside_room=True)
    assert (await refused(buyer.PlaceOrder(outside), "INVALID_FIELD")).metadata["field"] == "outside_room"


@pytest.mark.requirement("R85")
async def test_follows_and_gifts(service: Any, refused: Any) -> None:
    session, _ = await service.on_air(service.user(), 1)
    me = {"session_id": session.session_id}
    fan = service.viewer(session.session_id)
    first = await fan.FollowAccount(act.FollowAccountRequest(request_id="f", **me))
    assert await fan.FollowAccount(act.FollowAccountRequest(request_id="other", **me)) == first
    stranger = act.FollowAccountRequest(request_id="f", viewer=viewer("v2"), **me)
    await refused(fan.FollowAccount(stranger), "PERMISSION")  # in somebody else's name
    gift = act.SendGiftRequest(request_id="g", viewer=viewer(), gift="Rose", count=3, value=usd(30), **me)
    assert (await refused(fan.SendGift(gift), "INVALID_FIELD")).metadata["field"] == "value"
    many = act.SendGiftRequest(request_id="m", gift="Rose", count=101, **me)
    assert (await refused(fan.SendGift(many), "INVALID_FIELD")).metadata["field"] == "count"
    teller = service.connector()
    sent = await teller.SendGift(gift)
    assert await teller.SendGift(gift) == sent
    gift.gift = "Lion"
    await refused(teller.SendGift(gift), "REQUEST_ID_REUSED")
    gift.request_id, gift.value.currency = "g2", "EUR"
    await refused(teller.SendGift(gift), "WRONG_CURRENCY")


async def test_nothing_happens_off_air(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session = await service.opened(host)
    me = {"session_id": session.session_id, "request_id": "x"}
    await refused(
        connector.PostComment(comment_pb.PostCommentRequest(viewer=viewer(), text="Hi", **me)), "SESSION_NOT_LIVE"
    )
    await refused(connector.FollowAccount(act.FollowAccountRequest(viewer=viewer(), **me)), "SESSION_NOT_LIVE")
    await refused(connector.SendGift(act.SendGiftRequest(viewer=viewer(), gift="R", count=1, **me)), "SESSION_NOT_LIVE")
    await refused(host.ReplyToComment(comment_pb.ReplyToCommentRequest(text="Hi", **me)), "SESSION_NOT_LIVE")


async def test_many_facts_at_once_each_with_its_own_outcome(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    fact = act.ActivityFact
    order = order_pb.PlaceOrderRequest(request_id="o1", reference="A-1", viewer=viewer(), items=[item(ids[0])])
    placed = await connector.RecordActivity(
        act.RecordActivityRequest(session_id=session.session_id, facts=[fact(placed_order=order)])
    )
    order_id = placed.outcomes[0].subject_id
    said = comment_pb.PostCommentRequest(request_id="c1", viewer=viewer("v9"), text="First")
    comment_id = (
        await connector.RecordActivity(
            act.RecordActivityRequest(session_id=session.session_id, facts=[fact(comment=said)])
        )
    ).outcomes[0].subject_id  # fmt: skip
    second = order_pb.PlaceOrderRequest(request_id="o2", reference="A-2", viewer=viewer("v3"), items=[item(ids[1], 2)])
    facts = [
        fact(comment=said),
        fact(comment=comment_pb.PostCommentRequest(request_id="c2", viewer=viewer(), text="Re", reply_to=comment_id)),
        fact(pay=order_pb.PayOrderRequest(request_id="p1", order_id=order_id)),
        fact(refund=order_pb.RefundOrderRequest(request_id="f1", order_id=order_id, amount=usd(99))),
        fact(paid_order=act.PaidOrder(order=second)),
        fact(cancel=order_pb.CancelOrderRequest(request_id="x1", order_id=order_id)),
        fact(follow=act.FollowAccountRequest(request_id="w1", viewer=viewer())),
        fact(gift=act.SendGiftRequest(request_id="g1", viewer=viewer(), gift="Rose", count=0)),
        fact(),
        fact(
            comment=comment_pb.PostCommentRequest(request_id="c3", viewer=viewer(), text="?", product_id=str(uuid4()))
        ),
    ]
    request = act.RecordActivityRequest(session_id=session.session_id, facts=facts)
    answer = await connector.RecordActivity(request)
    assert [one.refused_reason for one in answer.outcomes] == [
        "", "", "", "", "", "ORDER_WRONG_STATE", "", "INVALID_FIELD", "INVALID_FIELD", "NOT_IN_BAG",
    ]  # fmt: skip
    assert "facts[7].gift.count" in answer.outcomes[7].refused_message
    assert answer.outcomes[0].subject_id == comment_id
    again = await connector.RecordActivity(request)
    assert [one.subject_id for one in again.outcomes] == [one.subject_id for one in answer.outcomes]
    assert again.position == answer.position
    many = act.RecordActivityRequest(session_id=session.session_id, facts=[fact(comment=said)] * 501)
    await refused(connector.RecordActivity(many), "TOO_LARGE")
    await refused(service.viewer(session.session_id).RecordActivity(request), "PERMISSION")


@pytest.mark.parametrize("kind", ["comment", "placed_order", "paid_order", "pay", "cancel", "refund", "follow", "gift"])
async def test_a_fact_of_another_session_is_refused(service: Any, kind: str) -> None:
    here, _ = await service.on_air(service.user())
    who, common = {"viewer": viewer("v9")}, {"request_id": "other", "session_id": str(uuid4())}
    placed = order_pb.PlaceOrderRequest(reference="other", items=[item(str(uuid4()))], **who, **common)
    told: dict[str, Any] = {
        "comment": comment_pb.PostCommentRequest(text="hi", **who, **common),
        "placed_order": placed,
        "paid_order": act.PaidOrder(order=placed),
        "pay": order_pb.PayOrderRequest(order_id=str(uuid4()), **common),
        "cancel": order_pb.CancelOrderRequest(order_id=str(uuid4()), **common),
        "refund": order_pb.RefundOrderRequest(order_id=str(uuid4()), amount=usd(1), **common),
        "follow": act.FollowAccountRequest(**who, **common),
        "gift": act.SendGiftRequest(gift="rose", count=1, **who, **common),
    }
    # With the session of the whole request it says nothing new, in whatever letters.
    same = comment_pb.PostCommentRequest(text="hi", request_id="same", session_id=here.session_id.upper(), **who)
    facts = [act.ActivityFact(**{kind: told[kind]}), act.ActivityFact(comment=same)]
    request = act.RecordActivityRequest(session_id=here.session_id, facts=facts)
    other, good = (await service.connector().RecordActivity(request)).outcomes
    path = "paid_order.order" if kind == "paid_order" else kind
    assert other.refused_reason == "INVALID_FIELD" and other.refused_message.startswith(f"facts[0].{path}.session_id:")
    assert not good.refused_reason


async def test_a_reply_to_a_comment_of_the_same_call(service: Any) -> None:
    session, _ = await service.on_air(service.user(), 1)
    connector, me = service.connector(), {"session_id": session.session_id}
    parent = comment_pb.PostCommentRequest(request_id="a", viewer=viewer(), text="A")
    first = await connector.RecordActivity(act.RecordActivityRequest(facts=[act.ActivityFact(comment=parent)], **me))
    other = {"request_id": "b", "viewer": viewer(), "text": "B"}
    middle = comment_pb.PostCommentRequest(reply_to=first.outcomes[0].subject_id, **other)
    probe = await connector.RecordActivity(
        act.RecordActivityRequest(facts=[act.ActivityFact(comment=middle)] * 500, **me)
    )
    assert {one.refused_reason for one in probe.outcomes} == {""}
    assert len({one.subject_id for one in probe.outcomes}) == 1


async def test_absurd_orders_do_not_stop_the_numbers_of_everybody(service: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    lines = [item(ids[0], 10_000, 10**12)] * 50
    absurd = [
        act.ActivityFact(
            paid_order=act.PaidOrder(
                order=order_pb.PlaceOrderRequest(request_id=f"x{n}", viewer=viewer(), reference=f"x{n}", items=lines)
            )
        )
        for n in range(20)
    ]
    told = await service.connector().RecordActivity(act.RecordActivityRequest(facts=absurd, **me))
    assert {outcome.refused_reason for outcome in told.outcomes} == {"INVALID_FIELD"}
    one = order_pb.PlaceOrderRequest(request_id="o", viewer=viewer(), reference="o", items=[item(ids[0])], **me)
    placed = await service.connector().PlaceOrder(one)
    await host.GetBoard(board.GetBoardRequest(min_position=placed.position, **me))


async def test_an_outage_in_the_middle_is_the_answer_of_the_whole_call(
    service: Any, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = await service.on_air(service.user())
    connector, keep = service.connector(), facts._keep
    names = ["w1", "w2", "w3"]
    follows = [
        act.ActivityFact(follow=act.FollowAccountRequest(request_id=name, viewer=viewer(name))) for name in names
    ]
    request = act.RecordActivityRequest(session_id=session.session_id, facts=follows)

    async def keep_but_one(store: Any, told: Any, meta: Any, name: Any) -> Any:
        if meta.request_id == "w2":
            raise Refusal(RefusalKind.UNAVAILABLE, "STORE_UNAVAILABLE", "away")
        return await keep(store, told, meta, name)

    monkeypatch.setattr(facts, "_keep", keep_but_one)
    await refused(connector.RecordActivity(request), "STORE_UNAVAILABLE")
    monkeypatch.setattr(facts, "_keep", keep)
    answer = await connector.RecordActivity(request)
    assert [one.refused_reason for one in answer.outcomes] == ["", "", ""]
    query = act.ListActivityRequest(session_id=session.session_id, kinds=["follow"], min_position=answer.position)
    listed = await service.user().ListActivity(query)
    assert len(listed.activities) == len(names), "those kept before the outage are kept once"
