"""Native routes of a shop's own checkout: its address, its keys, and a link to try it with."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from showfloor.gateway.access.checkout_links import link, new_key
from showfloor.gateway.directory.domain import checkout_rules as rules
from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.checkout import CHECKOUT, checkout_stream
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import checkout_shapes as shapes
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.fields import path_id
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.ids import new_id, new_name
from showfloor.kernel.refusal import invalid
from showfloor.rpc.addresses import public_https

TEST_LINK: Final = timedelta(minutes=15)
_NO_ORDER: Final = str(UUID(int=0))


async def get_checkout(gateway: Gateway, request: NativeRequest) -> shapes.Checkout:
    """The shop's own checkout, without its keys: they are shown once, when they are made."""
    shop_id = path_id(request, "shop_id")
    await rights.shop_for(gateway.runtime, request.caller, shop_id, "GetCheckout")
    return await _shown(gateway, shop_id)


async def set_checkout(gateway: Gateway, request: NativeRequest) -> shapes.Checkout:
    """Let buyers pay at an address of the shop, once there is a key. Only public https:// addresses are taken."""
    shop_id = path_id(request, "shop_id")
    await rights.shop_for(gateway.runtime, request.caller, shop_id, "SetCheckout")
    command = rules.SetCheckout(shop_id=shop_id, address=_address(request.body.address), now=gateway.clock())
    position = await _changed(gateway, request, rules.set_checkout, command)
    return msgspec.structs.replace(await _shown(gateway, shop_id), position=position)


async def rotate_checkout_key(gateway: Gateway, request: NativeRequest) -> shapes.CheckoutKey:
    """Make a key that signs links to the checkout: its first one at once, another one after a day, in which the shop
    enters it beside the one before. It is shown this once. An answer that was lost is made up for by asking again.

    Refuses: CHECKOUT_NOT_READY (no address).
    """
    shop_id = path_id(request, "shop_id")
    await rights.shop_for(gateway.runtime, request.caller, shop_id, "RotateCheckoutKey")
    command = rules.RotateCheckoutKey(
        shop_id=shop_id, key_id=new_id(), secret=new_key(), at_once=request.body.at_once, now=gateway.clock()
    )
    meta = msgspec.structs.replace(request.meta, request_id=new_name())  # no request is this one again
    stream = checkout_stream(shop_id)
    position = await change(gateway.runtime, CHECKOUT, stream, rules.rotate_checkout_key, command, meta)
    keys = (await gateway.runtime.store.load(CHECKOUT, stream)).state.keys
    signs_from = next((key.signs_from for key in keys if key.key_id == command.key_id), command.now)
    return shapes.CheckoutKey(shop_id, command.key_id, command.secret, signs_from, position)


async def delete_checkout(gateway: Gateway, request: NativeRequest) -> shapes.CheckoutDeleted:
    """Send no buyer to the shop's checkout any more. Links that were given out are good until they expire."""
    shop_id = path_id(request, "shop_id")
    await rights.shop_for(gateway.runtime, request.caller, shop_id, "DeleteCheckout")
    command = rules.DeleteCheckout(shop_id=shop_id, now=gateway.clock())
    position = await _changed(gateway, request, rules.delete_checkout, command)
    await gateway.runtime.sealing.destroy(scope=str(checkout_stream(shop_id)))
    return shapes.CheckoutDeleted(shop_id, position)


async def create_checkout_test_link(gateway: Gateway, request: NativeRequest) -> shapes.CheckoutLink:
    """A link to the checkout with an order that there is not, marked as a test: one unit of the shop's currency.

    Refuses: CHECKOUT_NOT_READY.
    """
    shop_id = path_id(request, "shop_id")
    shop = await rights.shop_for(gateway.runtime, request.caller, shop_id, "CreateCheckoutTestLink")
    exponent = EXPONENTS[shop.currency]
    total = {"minor": 10**exponent, "currency": shop.currency, "exponent": exponent}
    claims = {"shop_id": str(shop_id), "session_id": _NO_ORDER, "order_id": _NO_ORDER, "total": total, "test": True}
    return await signed(gateway, shop_id, claims, TEST_LINK)


async def signed(gateway: Gateway, shop_id: UUID, claims: dict[str, Any], lasts: timedelta) -> shapes.CheckoutLink:
    """Return a link to a shop's checkout. Raises CHECKOUT_NOT_READY."""
    now = gateway.clock()
    checkout = (await gateway.runtime.store.load(CHECKOUT, checkout_stream(shop_id))).state
    key = checkout.linking(now)
    if key is None:
        raise refusals.checkout_not_ready()
    expires = now + lasts
    return shapes.CheckoutLink(link(checkout.address, key, claims, now=now, expires=expires), expires)


def _address(value: str) -> str:
    public_https("address", value)
    if urlsplit(value).query or value.endswith("?"):
        raise invalid("address", "must have no query: the order is added as one")
    return value


async def _shown(gateway: Gateway, shop_id: UUID) -> shapes.Checkout:
    checkout = (await gateway.runtime.store.load(CHECKOUT, checkout_stream(shop_id))).state
    now = gateway.clock()
    key, coming = checkout.signing(now), checkout.coming(now)
    return shapes.Checkout(
        shop_id,
        checkout.address,
        checkout.set_at if checkout.address else None,
        key_id=key.key_id if key else None,
        signs_from_time=key.signs_from if key else None,
        next_key_id=coming.key_id if coming else None,
        next_signs_from_time=coming.signs_from if coming else None,
    )


async def _changed(gateway: Gateway, request: NativeRequest, rule: Any, command: Any) -> int:
    return await change(gateway.runtime, CHECKOUT, checkout_stream(command.shop_id), rule, command, request.meta)
