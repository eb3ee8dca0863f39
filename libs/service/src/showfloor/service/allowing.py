"""Who may do the current RPC to a thing, an account or a shop. A foreign id is a missing one."""

from typing import NamedTuple
from uuid import UUID

from showfloor.access.membership.lists import Scope
from showfloor.access.membership.members import Members
from showfloor.access.membership.relations import About, Use
from showfloor.access.policy import admit, authorize, name_of, relations_on
from showfloor.access.resources import Account, Resource, Shop
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc import checks
from showfloor.rpc.caller import current


class AccountHome(NamedTuple):
    """An account that the caller may act for, and what the directory says of it."""

    account_id: UUID
    shop_id: UUID
    currency: str
    affiliate: bool | None = None  # a creator's account, which earns commissions; None: not known


class ShopHome(NamedTuple):
    """A shop that the caller may act for, and its currency."""

    shop_id: UUID
    currency: str


async def may(resource: Resource, action: str = "") -> None:
    """Return if the caller may do the current RPC, or another action, to a thing. Raises as `authorize`."""
    call = current()
    await authorize(call.actor, action or call.method, resource, call.membership)


async def allow(resource: Resource, missing: Refusal) -> None:
    """Return if the caller may do the current RPC to a thing that is there.

    One that the caller may not know of is refused as `missing`: word for word like one that is not there.
    Raises PERMISSION, too.
    """
    try:
        await may(resource)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.NOT_FOUND:
            raise missing from None
        raise


async def listed() -> Scope:
    """Return whose things the caller of a list may see; what only a grant shows there is logged."""
    call = current()
    scope = await call.membership.scope(call.actor.subject)
    for account_id, grant_id in scope.by_grant().items():
        use = Use(grant_id, call.actor.subject, call.method, name_of(Account(id=account_id)))
        await call.membership.used(use)
    return scope


async def account_for(account_id: str) -> AccountHome:
    """Return the account if the caller may do the current RPC to it. Raises ACCOUNT_NOT_FOUND, PERMISSION."""
    key = checks.uuid("account_id", account_id)
    call = current()
    relations = await relations_on(call.actor, About(account=str(key)), call.membership)
    home = relations.home
    account = Account(id=str(key), shop=home.shop if home else "")
    await admit(call.actor, relations, call.method, account, call.membership)
    if home is None or not home.shop:
        text = "The account belongs to no shop yet: link it to one first."
        raise Refusal(RefusalKind.NOT_FOUND, "ACCOUNT_NOT_FOUND", text, {"account_id": str(key)})
    return AccountHome(key, UUID(home.shop), home.currency, home.affiliate)


async def home_of(members: Members, account_id: UUID) -> AccountHome | None:
    """Return where an account belongs, for what happens by itself: nobody asks.

    None when the directory, asked anew, knows none, or it belongs to no shop. Raises Refusal MEMBERSHIP_BEHIND while
    the directory is away.
    """
    about = About(account=str(account_id))
    home = (await members.relations("", about)).home
    if home is None or not home.shop:
        await members.heard_anew()
        home = (await members.relations("", about)).home
    if home is None or not home.shop:
        return None
    return AccountHome(account_id, UUID(home.shop), home.currency, home.affiliate)


async def shop_for(shop_id: str) -> ShopHome:
    """Return the shop if the caller may do the current RPC to it. Raises SHOP_NOT_FOUND, PERMISSION."""
    key = checks.uuid("shop_id", shop_id)
    call = current()
    relations = await authorize(call.actor, call.method, Shop(id=str(key)), call.membership)
    return ShopHome(key, relations.currency)
