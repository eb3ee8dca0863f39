"""Native routes by which a viewer learns whose LIVE it is, and gets from an order to the shop's own checkout.

No viewer says here that something is paid: the checkout does, as a connector of the shop.
"""

from datetime import UTC
from typing import Any, cast
from uuid import UUID

from showfloor.api.session.v1.order_pb2 import Order, OrderState
from showfloor.api.session.v1.order_service_pb2 import GetOwnOrderRequest, GetOwnOrderResponse
from showfloor.api.session.v1.session_pb2 import Session
from showfloor.api.session.v1.session_service_pb2 import WatchSessionRequest, WatchSessionResponse
from showfloor.gateway.access.session_resource import must_be_shown
from showfloor.gateway.access.viewers import anonymous
from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.account import ACCOUNT
from showfloor.gateway.directory.domain.checkout import CHECKOUT, checkout_stream
from showfloor.gateway.directory.domain.shop import SHOP
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import checkout_shapes as shapes
from showfloor.gateway.http.native.checkouts import signed
from showfloor.gateway.http.native.fields import path_id
from showfloor.gateway.watch.routes import viewer_of


async def seller(gateway: Gateway, request: NativeRequest) -> shapes.Seller:
    """Whose LIVE it is, as viewers may know: the names of account and shop, and whether it has its own checkout."""
    session = await _session(gateway, path_id(request, "session_id"))
    store = gateway.runtime.store
    account = (await store.load(ACCOUNT, UUID(session.account_id))).state
    shop_id = UUID(session.shop_id)
    shop = (await store.load(SHOP, shop_id)).state
    checkout = (await store.load(CHECKOUT, checkout_stream(shop_id))).state
    pays = checkout.linking(gateway.clock()) is not None and not session.simulated
    return shapes.Seller(account.name, shop.name, pays)


async def checkout_link(gateway: Gateway, request: NativeRequest) -> shapes.CheckoutLink:
    """A signed link to the shop's own checkout for an order of the viewer, good as long as it is reserved.

    Refuses: ORDER_NOT_FOUND (also for another viewer's), NOTHING_TO_PAY, CHECKOUT_NOT_READY.
    """
    viewer = viewer_of(request)
    asked = GetOwnOrderRequest(session_id=viewer.session_id, order_id=str(path_id(request, "order_id")))
    token = gateway.callers.internal_token(viewer.actor())
    order = cast(GetOwnOrderResponse, await gateway.clients.ask("GetOwnOrder", asked, token)).order.order
    session = await _session(gateway, UUID(viewer.session_id))
    lasts = order.expire_time.ToDatetime(UTC) - gateway.clock()
    if order.state != OrderState.ORDER_STATE_PLACED or lasts.total_seconds() < 1:
        state = OrderState.Name(order.state).removeprefix("ORDER_STATE_").lower()
        raise refusals.order_not_to_pay("expired" if state == "placed" else state)
    if session.simulated:
        raise refusals.checkout_not_ready()
    return await signed(gateway, UUID(session.shop_id), _claims(session, order), lasts)


def _claims(session: Session, order: Order) -> dict[str, Any]:
    """Return what the checkout must know of an order: what it costs and holds, and by what to answer."""
    total = order.total
    return {
        "shop_id": session.shop_id,
        "session_id": session.session_id,
        "order_id": order.order_id,
        "reference": order.reference,
        "total": {"minor": total.minor, "currency": total.currency, "exponent": total.exponent},
        "items": [
            {"product_id": item.product_id, "quantity": item.quantity, "unit_minor": item.unit_price.minor}
            | ({"variant_reference": item.variant_reference} if item.variant_reference else {})
            for item in order.items
        ],
    }


async def _session(gateway: Gateway, session_id: UUID) -> Session:
    token = gateway.callers.internal_token(anonymous(str(session_id)))
    seen = await gateway.clients.ask("WatchSession", WatchSessionRequest(session_id=str(session_id)), token)
    session = cast(WatchSessionResponse, seen).session
    must_be_shown(session)
    return session
