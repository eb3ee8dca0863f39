"""The words and items of orders, as protobuf messages."""

from showfloor.api.session.v1 import order_pb2
from showfloor.rpc.money import money_message
from showfloor.session.activity.domain.order import Item

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


def item_message(item: Item, currency: str) -> order_pb2.OrderItem:
    """Return an item of an order."""
    return order_pb2.OrderItem(
        product_id=str(item.product_id),
        quantity=item.quantity,
        unit_price=money_message(item.unit_minor, currency),
        variant_reference=item.variant_reference,
        variant_name=item.variant_name,
    )
