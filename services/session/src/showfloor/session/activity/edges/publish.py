"""What the others learn of what viewers do: all but what is said and bought in practice."""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import Message

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.kernel.event import Event
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.service.publishing import Translation
from showfloor.session.activity.domain import comment, follow, gift, order
from showfloor.session.activity.edges.messages import PAYMENT_SOURCES, item_message


def _commented(event: comment.CommentPosted) -> Message | None:
    if event.practice:
        return None
    return public.CommentPosted(
        session_id=str(event.session_id),
        comment_id=str(event.comment_id),
        viewer_ref=event.viewer_ref,
        product_id=text(event.product_id),
        time=stamp(event.at),
    )


def _placed(event: order.OrderPlaced) -> Message:
    return public.OrderPlaced(
        session_id=str(event.session_id),
        order_id=str(event.order_id),
        viewer_ref=event.viewer_ref,
        items=[item_message(item, event.currency) for item in event.items],
        time=stamp(event.at),
    )


def _paid(event: order.OrderPaid) -> Message:
    return public.OrderPaid(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        order_id=str(event.order_id),
        viewer_ref=event.viewer_ref,
        total=money_message(event.total_minor, event.currency),
        commission=money_message(event.commission_minor, event.currency),
        direct=event.direct,
        time=stamp(event.at),
        payment_source=PAYMENT_SOURCES[event.source],
        revived=event.revived,
    )


def _expired(event: order.OrderExpired) -> Message:
    return public.OrderExpired(session_id=str(event.session_id), order_id=str(event.order_id), time=stamp(event.at))


def _cancelled(event: order.OrderCancelled) -> Message:
    return public.OrderCancelled(session_id=str(event.session_id), order_id=str(event.order_id), time=stamp(event.at))


def _refunded(event: order.OrderRefunded) -> Message:
    return public.OrderRefunded(
        session_id=str(event.session_id),
        order_id=str(event.order_id),
        amount=money_message(event.amount_minor, event.currency),
        time=stamp(event.at),
    )


def _followed(event: follow.AccountFollowed) -> Message:
    return public.AccountFollowed(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        viewer_ref=event.viewer_ref,
        time=stamp(event.at),
    )


def _gift_sent(event: gift.GiftSent) -> Message:
    return public.GiftSent(
        session_id=str(event.session_id),
        gift_id=str(event.gift_id),
        viewer_ref=event.viewer_ref,
        gift=event.gift,
        count=event.count,
        time=stamp(event.at),
    )


def _gift_grown(event: gift.GiftGrown) -> Message:
    return public.GiftGrown(
        session_id=str(event.session_id),
        gift_id=str(event.gift_id),
        viewer_ref=event.viewer_ref,
        gift=event.gift,
        count=event.count,
        more=event.more,
        time=stamp(event.at),
    )


TELLS: Final[Mapping[type[Event], Translation]] = {
    comment.CommentPosted: Translation(public.CommentPosted, _commented),
    order.OrderPlaced: Translation(public.OrderPlaced, _placed),
    order.OrderPaid: Translation(public.OrderPaid, _paid),
    order.OrderCancelled: Translation(public.OrderCancelled, _cancelled),
    order.OrderExpired: Translation(public.OrderExpired, _expired),
    order.OrderRefunded: Translation(public.OrderRefunded, _refunded),
    follow.AccountFollowed: Translation(public.AccountFollowed, _followed),
    gift.GiftSent: Translation(public.GiftSent, _gift_sent),
    gift.GiftGrown: Translation(public.GiftGrown, _gift_grown),
}
