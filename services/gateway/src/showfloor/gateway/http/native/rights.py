"""Who may do what in the directory: Cedar decides, about the thing as it is."""

from collections.abc import Mapping
from uuid import UUID

from showfloor.access import resources
from showfloor.access.actor import Role
from showfloor.access.policy import absent, authorize
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory.domain.account import ACCOUNT, Account
from showfloor.gateway.directory.domain.binding import BINDING, Binding
from showfloor.gateway.directory.domain.creator import CREATOR, Creator
from showfloor.gateway.directory.domain.grant import GRANT, Grant
from showfloor.gateway.directory.domain.partner import PARTNER, Partner
from showfloor.gateway.directory.domain.shop import SHOP, Shop
from showfloor.gateway.directory.views import people
from showfloor.kernel.refusal import invalid


def anywhere(caller: Caller, action: str) -> Caller:
    """Return the caller if they may do what is about no one shop or account. Raises PERMISSION."""
    authorize(caller.actor, action, resources.System())
    return caller


def owned_shops(caller: Caller) -> list[str]:
    """Return the ids of the shops that the caller owns."""
    return [shop for shop, role in caller.actor.shops.items() if role is Role.OWNER]


async def shop_for(runtime: Runtime, caller: Caller, shop_id: UUID, action: str) -> Shop:
    """Return a shop if the caller may do `action` to it. Raises SHOP_NOT_FOUND, PERMISSION."""
    shop = (await runtime.store.load(SHOP, shop_id)).state
    if shop.shop_id is None:
        raise absent("shop")
    authorize(caller.actor, action, resources.Shop(id=str(shop_id)))
    return shop


def the_shop(caller: Caller, given: UUID | None) -> UUID | None:
    """Return the shop that a new user is for: the given one, else the owner's only one; None for operators."""
    if given is not None or caller.operator:
        return given
    owned = owned_shops(caller)
    if len(owned) > 1:
        raise invalid("shop_id", "is needed, because you own several shops")
    return UUID(owned[0])


async def account_for(
    runtime: Runtime, caller: Caller, account_id: UUID, action: str, thing: str = "account"
) -> Account:
    """Return an account if the caller may do `action` to it, or to a thing of it. Raises _NOT_FOUND, PERMISSION."""
    account = (await runtime.store.load(ACCOUNT, account_id)).state
    if account.account_id is None:
        raise absent(thing)
    owners = {"shop": str(account.shop_id)} if account.shop_id else {"creator": str(account.creator_id)}
    authorize(caller.actor, action, resources.Account(id=str(account_id), **owners), thing)
    return account


async def grant_for(runtime: Runtime, caller: Caller, grant_id: UUID, action: str) -> Grant:
    """Return a grant if the caller may do `action` to its account. Raises GRANT_NOT_FOUND, PERMISSION."""
    grant = (await runtime.store.load(GRANT, grant_id)).state
    if grant.account_id is None:
        raise absent("grant")
    await account_for(runtime, caller, grant.account_id, action, "grant")
    return grant


async def creator_for(runtime: Runtime, caller: Caller, creator_id: UUID, action: str) -> Creator:
    """Return a creator if the caller may do `action` to them. Raises CREATOR_NOT_FOUND, PERMISSION."""
    creator = (await runtime.store.load(CREATOR, creator_id)).state
    if creator.creator_id is None:
        raise absent("creator")
    authorize(caller.actor, action, resources.Creator(id=str(creator_id), shop=str(creator.keeper or "")))
    return creator


async def partner_for(runtime: Runtime, caller: Caller, partner_id: UUID, action: str) -> Partner:
    """Return a partner if the caller may do `action` to it. Raises PARTNER_NOT_FOUND, PERMISSION."""
    partner = (await runtime.store.load(PARTNER, partner_id)).state
    if partner.partner_id is None:
        raise absent("partner")
    authorize(caller.actor, action, resources.Partner(id=str(partner_id)))
    return partner


async def binding_for(runtime: Runtime, caller: Caller, binding_id: UUID, action: str) -> Binding:
    """Return a binding if the caller may do `action` to it. Raises BINDING_NOT_FOUND, PERMISSION."""
    binding = (await runtime.store.load(BINDING, binding_id)).state
    if binding.status == "none":
        raise absent("binding")
    sides = {"partner": binding.partner_id, "shop": binding.shop_id, "creator": binding.creator_id}
    named = {side: str(one or "") for side, one in sides.items()}
    authorize(caller.actor, action, resources.Binding(id=str(binding_id), awaits=binding.awaits, **named))
    return binding


async def people_of(runtime: Runtime, account: Account) -> Mapping[UUID, str]:
    """Return who works on an account, or for the creator that it belongs to."""
    assert account.creator_id is not None, "an account belongs to a shop or to a creator"
    return {**(await runtime.store.load(CREATOR, account.creator_id)).state.people, **account.people}


async def known_member(runtime: Runtime, caller: Caller, user_id: UUID, members: Mapping[UUID, str]) -> None:
    """Return if the caller may name a user who works for a creator or a partner, or will. Raises USER_NOT_FOUND.

    Owners name who works there already, and the people around their shops; operators name anybody.
    """
    if user_id in members or (caller.operator and await people.known(runtime.database, user_id)):
        return
    for shop in owned_shops(caller):
        if await people.works_with(runtime.database, user_id, UUID(shop)):
            return
    raise absent("user")


async def known_user(runtime: Runtime, caller: Caller, user_id: UUID, shop_id: UUID) -> None:
    """Return if there is such a user and the shop may know of them. Raises USER_NOT_FOUND."""
    everybody = caller.operator and await people.known(runtime.database, user_id)
    if not everybody and not await people.works_with(runtime.database, user_id, shop_id):
        raise absent("user")
