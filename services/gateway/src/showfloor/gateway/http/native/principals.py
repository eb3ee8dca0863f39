"""Native routes of creators' accounts, partners and bindings."""

from typing import Any
from uuid import UUID

from showfloor.gateway.directory.domain import account, account_rules, binding, binding_rules, partner, partner_rules
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
    command = account_rules.CreateAccount(
        now=gateway.clock(),
        account_id=derive_id(creator_id, "account", request.key),
        name=line(body.name),
        kind="creator",
        creator_id=creator_id,
        currency=currency(body.currency),
    )
    position = await change(
        gateway.runtime, account.ACCOUNT, command.account_id, account_rules.create_account, command, request.meta
    )
    about = command.account_id, command.name, command.kind, command.currency
    return Account(*about, creator_id=creator_id, position=position)


async def create_partner(gateway: Gateway, request: NativeRequest) -> shapes.Partner:
    """For operators: enter an agency with its first owner."""
    caller, body = await rights.anywhere(request.caller, "CreatePartner"), request.body
    await rights.known_at(gateway.runtime, caller, body.owner_user_id)
    partner_id, name = derived_id(request, "partner"), line(body.name)
    now, owner = gateway.clock(), body.owner_user_id
    command = partner_rules.CreatePartner(partner_id=partner_id, name=name, owner=owner, now=now)
    position = await change(
        gateway.runtime, partner.PARTNER, partner_id, partner_rules.create_partner, command, request.meta
    )
    return shapes.Partner(partner_id, name, position=position)


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
    command = binding_rules.AcceptBinding(now=gateway.clock(), accepted_by=found.awaits, **_sides(found))
    rule, runtime = binding_rules.accept_binding, gateway.runtime
    position = await change(runtime, binding.BINDING, binding_id, rule, command, request.meta)
    return shapes.BindingChanged(binding_id, "active", position)


async def end_binding(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """End a binding at once, take an offer back, or decline it."""
    binding_id = path_id(request, "binding_id")
    found = await rights.binding_for(gateway.runtime, request.caller, binding_id, "EndBinding")
    command = binding_rules.EndBinding(now=gateway.clock(), **_sides(found))
    rule, runtime = binding_rules.end_binding, gateway.runtime
    position = await change(runtime, binding.BINDING, binding_id, rule, command, request.meta)
    return shapes.BindingChanged(binding_id, "ended", position)


async def _offered(
    gateway: Gateway, request: NativeRequest, by: binding.Side, **sides: UUID | None
) -> shapes.BindingChanged:
    """Offer a binding under the id of its two sides."""
    binding_id, now, runtime = binding.id_of(**sides), gateway.clock(), gateway.runtime
    command = binding_rules.OfferBinding(binding_id=binding_id, offered_by=by, now=now, **sides)
    rule = binding_rules.offer_binding
    position = await change(runtime, binding.BINDING, binding_id, rule, command, request.meta)
    found = (await runtime.store.load(binding.BINDING, binding_id)).state
    return shapes.BindingChanged(binding_id, found.status, position)


def _sides(found: binding.Binding) -> dict[str, Any]:
    sides = {"partner_id": found.partner_id, "shop_id": found.shop_id, "creator_id": found.creator_id}
    return {"binding_id": found.binding_id, **sides}
