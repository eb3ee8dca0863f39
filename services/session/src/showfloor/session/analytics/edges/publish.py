"""What the others learn: domain events as public events. Practice, scripts and prepared bags stay private."""

from datetime import datetime
from typing import Final
from uuid import UUID

from google.protobuf.message import Message

from showfloor.api.common.v1.common_pb2 import Reading as ReadingMessage
from showfloor.api.session.v1 import order_pb2 as pb
from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.kernel.currencies import EXPONENTS
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.service.publishing import Contract, Translation
from showfloor.session.activity.domain import comment, follow, gift, order
from showfloor.session.activity.edges.messages import PAYMENT_SOURCES
from showfloor.session.analytics.domain import report
from showfloor.session.show.domain import session_events
from showfloor.session.show.edges.messages import SOURCES, past_message


def _live_started(event: session_events.LiveStarted) -> Message:
    return public.LiveStarted(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        title=event.title,
        start_time=stamp(event.at),
        source=SOURCES[event.source],
        simulated=event.simulated,
        currency=event.currency,
    )


def _session_ended(event: session_events.SessionEnded) -> Message:
    return public.LiveEnded(
        session_id=str(event.session_id), account_id=str(event.account_id), end_time=stamp(event.at)
    )


def _corrected(event: session_events.SessionCorrected) -> Message:
    return public.SessionCorrected(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        before=past_message(event.reference, event.before, event.currency),
        after=past_message(event.reference, event.after, event.currency),
        time=stamp(event.at),
    )


def _bag_changed(
    event: session_events.ProductsAdded | session_events.ProductRemoved | session_events.ProductMoved,
) -> Message | None:
    return _bag(event.session_id, event.bag, event.at) if event.on_air else None


def _bag_shown(event: session_events.BagShown) -> Message:
    return _bag(event.session_id, event.bag, event.at)


def _bag(session_id: UUID, bag: tuple[UUID, ...], at: datetime) -> Message:
    return public.BagChanged(session_id=str(session_id), product_ids=map(str, bag), time=stamp(at))


def _pinned(event: session_events.ProductPinned) -> Message:
    return public.ProductPinChanged(
        session_id=str(event.session_id), product_id=str(event.product_id), time=stamp(event.at)
    )


def _unpinned(event: session_events.ProductUnpinned) -> Message | None:
    if event.replaced_by is not None:
        return None  # the pin that takes its place says so
    return public.ProductPinChanged(session_id=str(event.session_id), product_id="", time=stamp(event.at))


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
        items=[
            pb.OrderItem(
                product_id=str(item.product_id),
                quantity=item.quantity,
                unit_price=money_message(item.unit_minor, event.currency),
            )
            for item in event.items
        ],
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


def _minute(event: report.MinuteSummarised) -> Message:
    return public.MinuteSummarised(
        session_id=str(event.session_id),
        minute=stamp(event.minute),
        readings=map(reading_message, event.readings),
    )


def _reported(event: report.SessionReported) -> Message:
    return public.SessionReported(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        readings=map(reading_message, event.readings),
        time=stamp(event.at),
        simulated=bool(event.simulated),
    )


def _restated(event: report.SessionRestated) -> Message | None:
    if not event.changed:
        return None
    return public.SessionReported(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        readings=map(reading_message, event.readings),
        time=stamp(event.at),
        simulated=event.simulated,
        revision=event.revision,
    )


def reading_message(reading: report.Reading) -> ReadingMessage:
    """Return a reading; a missing value stays absent."""
    message = ReadingMessage(metric=reading.metric, value=reading.value, missing=reading.missing)
    if reading.currency:
        message.currency, message.exponent = reading.currency, EXPONENTS[reading.currency]
    return message


PUBLIC: Final = Contract(
    service="session",
    key="session_id",
    translations={
        session_events.LiveStarted: Translation(public.LiveStarted, _live_started),
        session_events.SessionEnded: Translation(public.LiveEnded, _session_ended),
        session_events.SessionCorrected: Translation(public.SessionCorrected, _corrected),
        session_events.ProductsAdded: Translation(public.BagChanged, _bag_changed),
        session_events.ProductRemoved: Translation(public.BagChanged, _bag_changed),
        session_events.ProductMoved: Translation(public.BagChanged, _bag_changed),
        session_events.BagShown: Translation(public.BagChanged, _bag_shown),
        session_events.ProductPinned: Translation(public.ProductPinChanged, _pinned),
        session_events.ProductUnpinned: Translation(public.ProductPinChanged, _unpinned),
        comment.CommentPosted: Translation(public.CommentPosted, _commented),
        order.OrderPlaced: Translation(public.OrderPlaced, _placed),
        order.OrderPaid: Translation(public.OrderPaid, _paid),
        order.OrderCancelled: Translation(public.OrderCancelled, _cancelled),
        order.OrderExpired: Translation(public.OrderExpired, _expired),
        order.OrderRefunded: Translation(public.OrderRefunded, _refunded),
        follow.AccountFollowed: Translation(public.AccountFollowed, _followed),
        gift.GiftSent: Translation(public.GiftSent, _gift_sent),
        gift.GiftGrown: Translation(public.GiftGrown, _gift_grown),
        report.MinuteSummarised: Translation(public.MinuteSummarised, _minute),
        report.SessionReported: Translation(public.SessionReported, _reported),
        report.SessionRestated: Translation(public.SessionReported, _restated),
    },
)
"""What the service tells the others: all of it, and under which names."""

publish: Final = PUBLIC.publish
