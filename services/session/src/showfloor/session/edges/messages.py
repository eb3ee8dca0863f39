"""What the service remembers, as protobuf messages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1.catalogue_service_pb2 import PastSession
from showfloor.kernel.currencies import EXPONENTS
from showfloor.rpc.money import money_message
from showfloor.session.domain.comment import Comment
from showfloor.session.domain.order import Order
from showfloor.session.domain.product import ProductKept
from showfloor.session.domain.product_set import ProductSetSaved
from showfloor.session.domain.session import Pin, Session
from showfloor.session.domain.totals import Totals

STATES = {
    "prepared": pb.SESSION_STATE_PREPARED,
    "practice": pb.SESSION_STATE_PRACTICE,
    "live": pb.SESSION_STATE_LIVE,
    "ended": pb.SESSION_STATE_ENDED,
}
SOURCES = {
    "live": pb.SESSION_SOURCE_LIVE,
    "replay": pb.SESSION_SOURCE_REPLAY,
    "import": pb.SESSION_SOURCE_IMPORT,
}
PRESENCES = {
    "unknown": pb.PRESENCE_SOURCE_UNSPECIFIED,
    "evidence": pb.PRESENCE_SOURCE_EVIDENCE,
    "enters_and_leaves": pb.PRESENCE_SOURCE_ENTERS_AND_LEAVES,
    "counts": pb.PRESENCE_SOURCE_COUNTS,
    "mixed": pb.PRESENCE_SOURCE_MIXED,
}
PRODUCT_SOURCES = {
    "set": pb.PRODUCT_SOURCE_SET,
    "showcase": pb.PRODUCT_SOURCE_SHOWCASE,
    "link": pb.PRODUCT_SOURCE_LINK,
    "collab": pb.PRODUCT_SOURCE_COLLAB,
}
LABELS = {
    "": pb.RECOMMENDATION_LABEL_UNSPECIFIED,
    "bestseller": pb.RECOMMENDATION_LABEL_BESTSELLER,
    "trending": pb.RECOMMENDATION_LABEL_TRENDING,
    "high_commission": pb.RECOMMENDATION_LABEL_HIGH_COMMISSION,
    "new": pb.RECOMMENDATION_LABEL_NEW,
}
ORDER_STATES = {
    "placed": pb.ORDER_STATE_PLACED,
    "paid": pb.ORDER_STATE_PAID,
    "cancelled": pb.ORDER_STATE_CANCELLED,
    "refunded": pb.ORDER_STATE_REFUNDED,
    "expired": pb.ORDER_STATE_EXPIRED,
}
PAYMENT_SOURCES = {
    "": pb.PAYMENT_SOURCE_UNSPECIFIED,
    "checkout": pb.PAYMENT_SOURCE_CHECKOUT,
    "connector": pb.PAYMENT_SOURCE_CONNECTOR,
    "by_hand": pb.PAYMENT_SOURCE_BY_HAND,
    "simulated": pb.PAYMENT_SOURCE_SIMULATED,
}


def stamp(time: datetime | None) -> Timestamp | None:
    """Return the moment as a message; None stays absent."""
    if time is None:
        return None
    message = Timestamp()
    message.FromDatetime(time)
    return message


def text(value: UUID | None) -> str:
    """Return an id as text; None is empty."""
    return "" if value is None else str(value)


def session_message(session: Session, *, for_viewers: bool = False) -> pb.Session:
    """Return a session. Viewers get neither script nor version."""
    return pb.Session(
        session_id=str(session.session_id),
        account_id=str(session.account_id),
        shop_id=str(session.shop_id),
        title=session.title,
        state=STATES[session.status],
        source=SOURCES[session.source],
        currency=session.currency,
        currency_exponent=EXPONENTS[session.currency],
        open_time=stamp(session.opened_at),
        start_time=stamp(session.started_at),
        end_time=stamp(session.ended_at),
        script="" if for_viewers else session.script,
        simulated=session.simulated,
        pinned_comment_id=text(session.pinned_comment),
        pinned_product_id=text(session.pinned.product_id if session.pinned else None),
        version=0 if for_viewers else session.version,
        bag_size=len(session.bag),
        ended_for_silence=session.for_silence,
    )


def past_message(reference: str, totals: Totals, currency: str) -> PastSession:
    """Return the totals of an imported session; what is not known stays absent."""
    names = ("views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers",
             "products", "units_sold")  # fmt: skip
    gmv = None if totals.gmv_minor is None else money_message(totals.gmv_minor, currency)
    return PastSession(
        reference=reference,
        title=totals.title,
        start_time=stamp(totals.started_at),
        duration_s=round((totals.ended_at - totals.started_at).total_seconds()),
        gmv=gmv,
        **{name: getattr(totals, name) for name in names},
    )


def product_message(kept: ProductKept, *, for_viewers: bool = False) -> pb.Product:
    """Return a product of the catalogue. Viewers get neither commission nor invite: who has one may sell it."""
    return pb.Product(
        product_id=str(kept.product_id),
        shop_id=str(kept.shop_id),
        reference=kept.reference,
        title=kept.title,
        category=kept.category,
        price=money_message(kept.price_minor, kept.currency),
        commission_bps=0 if for_viewers else kept.commission_bps,
        label=LABELS[kept.label],
        in_showcase=kept.in_showcase,
        collab_invite="" if for_viewers else kept.collab_invite,
        link=kept.link,
    )


def product_set_message(saved: ProductSetSaved) -> pb.ProductSet:
    """Return a product set."""
    return pb.ProductSet(
        product_set_id=str(saved.product_set_id),
        shop_id=str(saved.shop_id),
        name=saved.name,
        product_ids=map(str, saved.product_ids),
    )


def bag_items(session: Session, products: Mapping[UUID, ProductKept], *, for_viewers: bool = False) -> list[pb.BagItem]:
    """Return the bag in order, each product as it is in the catalogue now."""
    pinned = session.pinned.product_id if session.pinned else None
    return [
        pb.BagItem(
            product=product_message(products[entry.product_id], for_viewers=for_viewers),
            number=number,
            source=PRODUCT_SOURCES[entry.source],
            pinned=entry.product_id == pinned,
        )
        for number, entry in enumerate(session.bag, start=1)
    ]


def pin_message(pin: Pin) -> pb.PinInterval:
    """Return the time for which a product was pinned."""
    return pb.PinInterval(product_id=str(pin.product_id), start_time=stamp(pin.start), end_time=stamp(pin.end))


def comment_message(comment: Comment, author_name: str, *, pinned: bool, position: int) -> pb.Comment:
    """Return a comment."""
    return pb.Comment(
        comment_id=text(comment.comment_id),
        session_id=text(comment.session_id),
        text=comment.text,
        author_name=author_name,
        author_ref=comment.viewer_ref,
        from_host=comment.from_host,
        product_id=text(comment.product_id),
        reply_to=text(comment.reply_to),
        pinned=pinned,
        create_time=stamp(comment.posted_at),
        position=position,
    )


def order_message(order: Order, position: int, *, first_time: bool) -> pb.Order:
    """Return an order. `first_time`: it is the buyer's first paid one with the account."""
    placed = order.placed
    assert placed is not None
    currency = placed.currency
    return pb.Order(
        order_id=str(placed.order_id),
        session_id=str(placed.session_id),
        reference=placed.reference,
        viewer_ref=placed.viewer_ref,
        items=[
            pb.OrderItem(
                product_id=str(item.product_id),
                quantity=item.quantity,
                unit_price=money_message(item.unit_minor, currency),
            )
            for item in placed.items
        ],
        total=money_message(placed.total_minor, currency),
        commission=money_message(placed.commission_minor, currency),
        refunded=money_message(order.refunded_minor, currency),
        state=ORDER_STATES[order.status],
        direct=placed.direct,
        first_time_buyer=first_time,
        place_time=stamp(placed.at),
        pay_time=stamp(order.paid_at),
        payment_source=PAYMENT_SOURCES[order.source],
        revived=order.revived,
        expire_time=stamp(placed.pay_before),
        position=position,
    )
