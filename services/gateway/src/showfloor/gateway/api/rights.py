"""Who may do what in the directory: Cedar decides, about the shop or account as it is."""

from uuid import UUID

from showfloor.access import resources
from showfloor.access.actor import Role
from showfloor.access.policy import absent, authorize
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory.domain.account import ACCOUNT, Account
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


async def account_for(runtime: Runtime, caller: Caller, account_id: UUID, action: str) -> Account:
    """Return an account if the caller may do `action` to it. Raises ACCOUNT_NOT_FOUND, PERMISSION."""
    account = (await runtime.store.load(ACCOUNT, account_id)).state
    if account.account_id is None:
        raise absent("account")
    authorize(caller.actor, action, resources.Account(id=str(account_id), shop=str(account.shop_id)))
    return account


async def known_user(runtime: Runtime, caller: Caller, user_id: UUID, shop_id: UUID) -> None:
    """Return if there is such a user and the shop may know of them. Raises USER_NOT_FOUND."""
    everybody = caller.operator and await people.known(runtime.database, user_id)
    if not everybody and not await people.works_with(runtime.database, user_id, shop_id):
        raise absent("user")
