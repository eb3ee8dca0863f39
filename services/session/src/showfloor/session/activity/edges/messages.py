"""Comments and orders, as protobuf messages."""

from showfloor.api.session.v1 import comment_pb2, order_pb2
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.session.activity.domain.comment import Comment
from showfloor.session.activity.domain.order import Order

ORDER_STATES = {
    "placed": order_pb2.ORDER_STATE_PLACED,
    "paid": order_pb2.ORDER_STATE_PAID,
    "cancelled": order_pb2.ORDER_STATE_CANCELLED,
    "refunded": order_pb2.ORDER_STATE_REFUNDED,
    "expired": order_pb2.ORDER_STATE_EXPIRED,
}
PAYMENT_SOURCES = {
    "": order_pb2.PAYMENT_SOURCE_UNSPECIFIED,
    "checkout": order_pb2.PAYMENT_SOURCE_CHECKOUT,
    "connector": order_pb2.PAYMENT_SOURCE_CONNECTOR,
    "by_hand": order_pb2.PAYMENT_SOURCE_BY_HAND,
    "simulated": order_pb2.PAYMENT_SOURCE_SIMULATED,
}


def comment_message(comment: Comment, author_name: str, *, pinned: bool, position: int) -> comment_pb2.Comment:
    """Return a comment."""
    return comment_pb2.Comment(
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


def order_message(order: Order, position: int, *, first_time: bool) -> order_pb2.Order:
    """Return an order. `first_time`: it is the buyer's first paid one with the account."""
    placed = order.placed
    assert placed is not None
    currency = placed.currency
    return order_pb2.Order(
        order_id=str(placed.order_id),
        session_id=str(placed.session_id),
        reference=placed.reference,
        viewer_ref=placed.viewer_ref,
        items=[
            order_pb2.OrderItem(
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
