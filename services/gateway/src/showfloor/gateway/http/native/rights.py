"""Authorization of native routes: Cedar decides about the thing as it is now."""

from uuid import UUID

from showfloor.access import resources
from showfloor.access.policy import absent
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory.domain.account import ACCOUNT, Account
from showfloor.gateway.directory.domain.binding import BINDING, Binding
from showfloor.gateway.directory.domain.connector import CONNECTOR, Connector
from showfloor.gateway.directory.domain.creator import CREATOR, Creator
from showfloor.gateway.directory.domain.grant import GRANT, Grant
from showfloor.gateway.directory.domain.partner import PARTNER, Partner
from showfloor.gateway.directory.domain.shop import SHOP, Shop
from showfloor.gateway.directory.edges import users


async def anywhere(caller: Caller, action: str) -> Caller:
    """Return the caller if they may do an action that is about no one shop or account. Raises PERMISSION."""
    await caller.may(action, resources.System())
    return caller


async def shop_for(runtime: Runtime, caller: Caller, shop_id: UUID, action: str) -> Shop:
    """Return a shop if the caller may do `action` to it. Raises SHOP_NOT_FOUND, PERMISSION."""
    shop = (await runtime.store.load(SHOP, shop_id)).state
    if shop.shop_id is None:
        raise absent("shop")
    await caller.may(action, resources.Shop(id=str(shop_id)))
    return shop


async def account_for(
    runtime: Runtime, caller: Caller, account_id: UUID, action: str, thing: str = "account"
) -> Account:
    """Return an account if the caller may do `action` to it, or to a thing of it. Raises _NOT_FOUND, PERMISSION."""
    account = (await runtime.store.load(ACCOUNT, account_id)).state
    if account.account_id is None:
        raise absent(thing)
    owners = {"shop": str(account.shop_id)} if account.shop_id else {"creator": str(account.creator_id)}
    await caller.may(action, resources.Account(id=str(account_id), **owners), thing)
    return account


async def grant_for(runtime: Runtime, caller: Caller, grant_id: UUID, action: str) -> Grant:
    """Return a grant if the caller may do `action` to its account. Raises GRANT_NOT_FOUND, PERMISSION."""
    grant = (await runtime.store.load(GRANT, grant_id)).state
    if grant.account_id is None:
        raise absent("grant")
    await account_for(runtime, caller, grant.account_id, action, "grant")
    return grant


async def connector_for(runtime: Runtime, caller: Caller, connector_id: UUID, action: str) -> Connector:
    """Return a connector if the caller may do `action` to those of its shop or creator. Raises CONNECTOR_NOT_FOUND,
    PERMISSION."""
    connector = (await runtime.store.load(CONNECTOR, connector_id)).state
    if connector.connector_id is None:
        raise absent("connector")
    if connector.shop_id is not None:
        await caller.may(action, resources.Shop(id=str(connector.shop_id)), "connector")
    else:
        await caller.may(action, resources.Creator(id=str(connector.creator_id)), "connector")
    return connector


async def creator_for(runtime: Runtime, caller: Caller, creator_id: UUID, action: str) -> Creator:
    """Return a creator if the caller may do `action` to them. Raises CREATOR_NOT_FOUND, PERMISSION."""
    creator = (await runtime.store.load(CREATOR, creator_id)).state
    if creator.creator_id is None:
        raise absent("creator")
    await caller.may(action, resources.Creator(id=str(creator_id), shop=str(creator.keeper or "")))
    return creator


async def partner_for(runtime: Runtime, caller: Caller, partner_id: UUID, action: str) -> Partner:
    """Return a partner if the caller may do `action` to it. Raises PARTNER_NOT_FOUND, PERMISSION."""
    partner = (await runtime.store.load(PARTNER, partner_id)).state
    if partner.partner_id is None:
        raise absent("partner")
    await caller.may(action, resources.Partner(id=str(partner_id)))
    return partner


async def binding_for(runtime: Runtime, caller: Caller, binding_id: UUID, action: str) -> Binding:
    """Return a binding if the caller may do `action` to it. Raises BINDING_NOT_FOUND, PERMISSION."""
    binding = (await runtime.store.load(BINDING, binding_id)).state
    if binding.status == "none":
        raise absent("binding")
    sides = {"partner": binding.partner_id, "shop": binding.shop_id, "creator": binding.creator_id}
    named = {side: str(one or "") for side, one in sides.items()}
    await caller.may(action, resources.Binding(id=str(binding_id), awaits=binding.awaits, **named))
    return binding


async def known_at(
    runtime: Runtime, caller: Caller, user_id: UUID, place: Shop | Account | Creator | Partner | None = None
) -> None:
    """Return if the caller may name a user who works at a place, or will. Raises USER_NOT_FOUND.

    Owners name the people around what they own and around the place; operators name anybody.
    """
    if caller.operator:
        found = await users.known(runtime.database, user_id)
    else:
        assert caller.user_id is not None, "the policies permit users and operators alone"
        found = await users.may_name(runtime.database, caller.user_id, user_id, principal_of(place))
    if not found:
        raise absent("user")


def principal_of(place: Shop | Account | Creator | Partner | None) -> UUID | None:
    """Return the shop, creator or partner that a place is, or belongs to."""
    match place:
        case Shop():
            return place.shop_id
        case Account():
            return place.shop_id or place.creator_id
        case Creator():
            return place.creator_id
        case Partner():
            return place.partner_id
    return None
