"""The words of orders, as protobuf enums."""

from showfloor.api.session.v1 import order_pb2

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
