"""Creators as principals, partners and bindings over REST. Lists hold everything written before."""

from typing import Any
from uuid import UUID

import msgspec

from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain import account, binding, creator, partner
from showfloor.gateway.directory.views import principals
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import principal_shapes as shapes
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.directory import MAX_QUERY, derived_id, line, members, path_id
from showfloor.gateway.http.native.lists import accounts_bound_to, around, bindings_for, caught_up
from showfloor.gateway.http.native.shapes import Account, Accounts, Members, RoleSet
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks


async def create_creator_account(gateway: Gateway, request: NativeRequest) -> Account:
    """Add an account that belongs to the creator."""
    creator_id, body = path_id(request, "creator_id"), request.body
    await rights.creator_for(gateway.runtime, request.caller, creator_id, "CreateCreatorAccount")
    if body.currency not in EXPONENTS:
        raise invalid("currency", "must be an active code of ISO 4217, such as EUR, USD or CNY")
    event = account.AccountAdded(
        at=gateway.clock(),
        account_id=derive_id(creator_id, "account", request.key),
        name=line(body.name),
        kind="creator",
        creator_id=creator_id,
        currency=body.currency,
    )
    position = await commands.add_account(gateway.runtime, event, request.meta)
    about = event.account_id, event.name, event.kind, event.currency
    return Account(*about, creator_id=creator_id, position=position)


async def creator_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who owns a creator's name and accounts, the creator first of all, and who works for them."""
    found = await rights.creator_for(
        gateway.runtime, request.caller, path_id(request, "creator_id"), "ListCreatorMembers"
    )
    return await members(gateway, found.people)


async def put_creator_member(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Make a user owner or staff of a creator. The shop that entered one names the first owner, and then no more."""
    creator_id, user_id = path_id(request, "creator_id"), path_id(request, "user_id")
    found = await rights.creator_for(gateway.runtime, request.caller, creator_id, "PutCreatorMember")
    await rights.known_member(gateway.runtime, request.caller, user_id, found.people)
    role: str = request.body.role
    event = creator.CreatorRoleGiven(at=gateway.clock(), creator_id=creator_id, user_id=user_id, role=role)
    position = await commands.give_creator_role(gateway.runtime, event, request.meta)
    return RoleSet(user_id, position, role, creator_id=creator_id)


async def delete_creator_member(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Take a user's role of a creator away."""
    creator_id, user_id = path_id(request, "creator_id"), path_id(request, "user_id")
    await rights.creator_for(gateway.runtime, request.caller, creator_id, "DeleteCreatorMember")
    event = creator.CreatorRoleTaken(at=gateway.clock(), creator_id=creator_id, user_id=user_id)
    position = await commands.take_creator_role(gateway.runtime, event, request.meta)
    return RoleSet(user_id, position, creator_id=creator_id)


async def list_partners(gateway: Gateway, request: NativeRequest) -> shapes.Partners:
    """The partners that the caller works for, by name; for operators all of them: the first 1,000."""
    await caught_up(gateway.access)
    rows = await principals.partners_of(
        gateway.runtime.database, around(rights.anywhere(request.caller, "ListPartners"))
    )
    return msgspec.convert({"partners": rows}, shapes.Partners)


async def create_partner(gateway: Gateway, request: NativeRequest) -> shapes.Partner:
    """For operators: enter an agency with its first owner."""
    caller, body = rights.anywhere(request.caller, "CreatePartner"), request.body
    await rights.known_member(gateway.runtime, caller, body.owner_user_id, {})
    event = partner.PartnerAdded(at=gateway.clock(), partner_id=derived_id(request, "partner"), name=line(body.name))
    command = partner.AddPartner(added=event, owner=body.owner_user_id)
    position = await commands.add_partner(gateway.runtime, command, request.meta)
    return shapes.Partner(event.partner_id, event.name, position=position)


async def partner_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who owns a partner, and who is on its staff."""
    found = await rights.partner_for(
        gateway.runtime, request.caller, path_id(request, "partner_id"), "ListPartnerMembers"
    )
    return await members(gateway, found.people)


async def put_partner_member(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Make a user owner or staff of a partner."""
    partner_id, user_id = path_id(request, "partner_id"), path_id(request, "user_id")
    found = await rights.partner_for(gateway.runtime, request.caller, partner_id, "PutPartnerMember")
    await rights.known_member(gateway.runtime, request.caller, user_id, found.people)
    role: str = request.body.role
    event = partner.PartnerRoleGiven(at=gateway.clock(), partner_id=partner_id, user_id=user_id, role=role)
    position = await commands.give_partner_role(gateway.runtime, event, request.meta)
    return RoleSet(user_id, position, role, partner_id=partner_id)


async def delete_partner_member(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Take a user's role of a partner away."""
    partner_id, user_id = path_id(request, "partner_id"), path_id(request, "user_id")
    await rights.partner_for(gateway.runtime, request.caller, partner_id, "DeletePartnerMember")
    event = partner.PartnerRoleTaken(at=gateway.clock(), partner_id=partner_id, user_id=user_id)
    position = await commands.take_partner_role(gateway.runtime, event, request.meta)
    return RoleSet(user_id, position, partner_id=partner_id)


async def partner_accounts(gateway: Gateway, request: NativeRequest) -> Accounts:
    """The accounts of the shops and creators that are bound to a partner, by name; with `query`, those whose name
    holds this text: the first 1,000."""
    await caught_up(gateway.access)
    partner_id = path_id(request, "partner_id")
    await rights.partner_for(gateway.runtime, request.caller, partner_id, "ListPartnerAccounts")
    query = checks.line("query", request.query.get("query", ""), 0, MAX_QUERY)
    return msgspec.convert({"accounts": await accounts_bound_to(gateway.access, partner_id, query)}, Accounts)


async def list_bindings(gateway: Gateway, request: NativeRequest) -> shapes.Bindings:
    """The offers and bindings of the caller's shops, creators and partners, the newest first: the first 1,000."""
    await caught_up(gateway.access)
    rows = await bindings_for(gateway.access, rights.anywhere(request.caller, "ListBindings"))
    return msgspec.convert({"bindings": rows}, shapes.Bindings)


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
    position = await commands.accept_binding(gateway.runtime, event, request.meta)
    return shapes.BindingChanged(binding_id, "active", position)


async def end_binding(gateway: Gateway, request: NativeRequest) -> shapes.BindingChanged:
    """End a binding at once, take an offer back, or decline it."""
    binding_id = path_id(request, "binding_id")
    found = await rights.binding_for(gateway.runtime, request.caller, binding_id, "EndBinding")
    event = binding.BindingEnded(at=gateway.clock(), **_sides(found))
    position = await commands.end_binding(gateway.runtime, event, request.meta)
    return shapes.BindingChanged(binding_id, "ended", position)


async def _offered(
    gateway: Gateway, request: NativeRequest, by: binding.Side, **sides: UUID | None
) -> shapes.BindingChanged:
    """Offer it under the id that these two sides have for good."""
    event = binding.BindingOffered(at=gateway.clock(), binding_id=binding.id_of(**sides), offered_by=by, **sides)
    position = await commands.offer_binding(gateway.runtime, event, request.meta)
    found = (await gateway.runtime.store.load(binding.BINDING, event.binding_id)).state
    return shapes.BindingChanged(event.binding_id, found.status, position)


def _sides(found: binding.Binding) -> dict[str, Any]:
    sides = {"partner_id": found.partner_id, "shop_id": found.shop_id, "creator_id": found.creator_id}
    return {"binding_id": found.binding_id, **sides}
