"""Who may do what in the directory. Cedar decides about accounts; shops are their owners' and the operator's."""

from uuid import UUID

from showfloor.access import resources
from showfloor.access.actor import ActorKind, Role
from showfloor.access.policy import authorize
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.account import ACCOUNT, Account
from showfloor.gateway.directory.domain.shop import SHOP, Shop
from showfloor.gateway.directory.views import people
from showfloor.kernel.refusal import invalid


def member(caller: Caller) -> Caller:
    """Return the caller if they are a user or the operator. Raises PERMISSION: viewers have no directory."""
    if caller.actor.kind not in (ActorKind.USER, ActorKind.OPERATOR):
        raise refusals.not_yours("The directory")
    return caller


def owned_shops(caller: Caller) -> list[str]:
    """Return the ids of the shops that the caller owns."""
    return [shop for shop, role in caller.actor.shops.items() if role is Role.OWNER]


def may_add_shops(caller: Caller) -> None:
    """Return if the caller may open a shop: operators, and whoever owns one already. Raises PERMISSION."""
    if not caller.operator and not owned_shops(caller):
        raise refusals.not_yours("Adding a shop")


async def seen_shop(runtime: Runtime, caller: Caller, shop_id: UUID) -> Shop:
    """Return a shop that the caller has to do with. Raises SHOP_NOT_FOUND."""
    shop = (await runtime.store.load(SHOP, shop_id)).state
    if shop.shop_id is None or not (caller.operator or str(shop_id) in caller.actor.shops):
        raise refusals.not_found("shop")
    return shop


async def owned_shop(runtime: Runtime, caller: Caller, shop_id: UUID, what: str) -> Shop:
    """Return a shop that the caller may change. Raises SHOP_NOT_FOUND, PERMISSION."""
    shop = await seen_shop(runtime, caller, shop_id)
    if not caller.operator and caller.actor.shops[str(shop_id)] is not Role.OWNER:
        raise refusals.not_yours(what)
    return shop


def the_shop(caller: Caller, given: UUID | None) -> UUID | None:
    """Return the shop that a new user is for: the given one, else the owner's only one; None for operators."""
    if given is not None or caller.operator:
        return given
    owned = owned_shops(caller)
    if not owned:
        raise refusals.not_yours("Adding a user")
    if len(owned) > 1:
        raise invalid("shop_id", "is needed, because you own several shops")
    return UUID(owned[0])


async def account_for(runtime: Runtime, caller: Caller, account_id: UUID, action: str) -> Account:
    """Return an account if the caller may do `action` to it. Raises ACCOUNT_NOT_FOUND, PERMISSION."""
    account = (await runtime.store.load(ACCOUNT, account_id)).state
    if account.account_id is None:
        raise refusals.not_found("account")
    if not caller.operator:
        authorize(caller.actor, action, resources.Account(id=str(account_id), shop=str(account.shop_id)))
    return account


async def known_user(runtime: Runtime, caller: Caller, user_id: UUID, shop_id: UUID) -> None:
    """Return if there is such a user and the shop may know of them. Raises USER_NOT_FOUND."""
    everybody = caller.operator and user_id in await people.users_of(runtime.database, None)
    if not everybody and not await people.works_with(runtime.database, user_id, shop_id):
        raise refusals.not_found("user")
