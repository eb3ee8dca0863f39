"""Creators as principals, partners and bindings over REST. Lists hold everything written before."""

from typing import Any
from uuid import UUID

from showfloor.gateway.directory.domain import account, binding, partner
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import principal_shapes as shapes
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.fields import currency, derived_id, line, path_id
from showfloor.gateway.http.native.shapes import Account
from showfloor.kernel.ids import derive_id


async def create_creator_account(gateway: Gateway, request: NativeRequest) -> Account:
    """Add an account that belongs to the creator."""
    creator_id, body = path_id(request, "creator_id"), request.body
    await rights.creator_for(gateway.runtime, request.caller, creator_id, "CreateCreatorAccount")
    event = account.AccountAdded(
        at=gateway.clock(),
        account_id=derive_id(creator_id, "account", request.key),
        name=line(body.name),
        kind="creator",
        creator_id=creator_id,
        currency=currency(body.currency),
    )
    position = await change(gateway.runtime, account.ACCOUNT, event.account_id, account.add, event, request.meta)
    about = event.account_id, event.name, event.kind, event.currency
    return Account(*about, creator_id=creator_id, position=position)


async def create_partner(gateway: Gateway, request: NativeRequest) -> shapes.Partner:
    """For operators: enter an agency with its first owner."""
    caller, body = await rights.anywhere(request.caller, "CreatePartner"), request.body
    await rights.known_at(gateway.runtime, caller, body.owner_user_id)
    event = partner.PartnerAdded(at=gateway.clock(), partner_id=derived_id(request, "partner"), name=line(body.name))
    command = partner.AddPartner(added=event, owner=body.owner_user_id)
    position = await change(gateway.runtime, partner.PARTNER, event.partner_id, partner.add, command, request.meta)
    return shapes.Partner(event.partner_id, event.name, position=position)


async def offer_binding_to_shop(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """Offer a shop to work for it. It waits for the shop's owner; whether there is such a shop is not told."""
    partner_id = path_id(request, "partner_id")
    await rights.partner_for(gateway.runtime, request.caller, partner_id, "OfferBindingToShop")
    return await _offered(gateway, request, "partner", partner_id=partner_id, shop_id=request.body.shop_id)


async def offer_binding_to_creator(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """Offer a creator to work for them. It waits for the creator; whether there is one is not told."""
    partner_id = path_id(request, "partner_id")
    await rights.partner_for(gateway.runtime, request.caller, partner_id, "OfferBindingToCreator")
    return await _offered(gateway, request, "partner", partner_id=partner_id, creator_id=request.body.creator_id)


async def offer_collab_to_creator(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """Offer a creator to sell for the shop. It waits for the creator; whether there is one is not told."""
    shop_id = path_id(request, "shop_id")
    await rights.shop_for(gateway.runtime, request.caller, shop_id, "OfferCollabToCreator")
    return await _offered(gateway, request, "shop", shop_id=shop_id, creator_id=request.body.creator_id)


async def offer_collab_to_shop(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """Offer a shop to sell for it. It waits for the shop's owner; whether there is such a shop is not told."""
    creator_id = path_id(request, "creator_id")
    await rights.creator_for(gateway.runtime, request.caller, creator_id, "OfferCollabToShop")
    return await _offered(gateway, request, "creator", shop_id=request.body.shop_id, creator_id=creator_id)


async def accept_binding(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """Accept an offer: from now on both sides work together."""
    binding_id = path_id(request, "binding_id")
    found = await rights.binding_for(gateway.runtime, request.caller, binding_id, "AcceptBinding")
    event = binding.BindingAccepted(at=gateway.clock(), accepted_by=found.awaits, **_sides(found))
    position = await change(gateway.runtime, binding.BINDING, binding_id, binding.accept_binding, event, request.meta)
    return shapes.BindingChanged(binding_id, "active", position)


async def end_binding(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """End a binding at once, take an offer back, or decline it."""
    binding_id = path_id(request, "binding_id")
    found = await rights.binding_for(gateway.runtime, request.caller, binding_id, "EndBinding")
    event = binding.BindingEnded(at=gateway.clock(), **_sides(found))
    position = await change(gateway.runtime, binding.BINDING, binding_id, binding.end_binding, event, request.meta)
    return shapes.BindingChanged(binding_id, "ended", position)


async def _offered(
    gateway: Gateway, request: NativeRequest, by: binding.Side, **sides: UUID | None
) -> shapes.BindingChanged:
    """Offer it under the id that these two sides have for good."""
    event = binding.BindingOffered(at=gateway.clock(), binding_id=binding.id_of(**sides), offered_by=by, **sides)
    rule, runtime = binding.offer_binding, gateway.runtime
    position = await change(runtime, binding.BINDING, event.binding_id, rule, event, request.meta)
    found = (await runtime.store.load(binding.BINDING, event.binding_id)).state
    return shapes.BindingChanged(event.binding_id, found.status, position)


def _sides(found: binding.Binding) -> dict[str, Any]:
    sides = {"partner_id": found.partner_id, "shop_id": found.shop_id, "creator_id": found.creator_id}
    return {"binding_id": found.binding_id, **sides}
