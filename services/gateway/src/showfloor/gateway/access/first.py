"""The first user, shop and account of a system, made once, so that its owner can sign in."""

from uuid import UUID

import msgspec

from showfloor.gateway.access.wiring import Access
from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain import account, account_rules, shop_rules, user, user_rules
from showfloor.gateway.directory.edges.change import change, seen
from showfloor.kernel.event import Meta
from showfloor.kernel.ids import derive_id

_SYSTEM = UUID("0d2f3f5e-2a55-5d53-8c3a-6d5a5c1c9b7e")
OWNER, SHOP, ACCOUNT, CURRENCY = "Owner", "My shop", "My account", "EUR"


class First(msgspec.Struct, frozen=True):
    """Ids, the same in every system."""

    user_id: UUID = derive_id(_SYSTEM, "user", "owner")
    shop_id: UUID = derive_id(_SYSTEM, "shop", "first")
    account_id: UUID = derive_id(_SYSTEM, "account", "first")


async def bootstrap(access: Access, meta: Meta) -> First:
    """Make what is not there yet. Safe to call at any time and at once from several places."""
    first, now = First(), access.clock()
    if await access.people.get(first.user_id) is None:
        await access.people.add(first.user_id, OWNER, None)
    runtime, added = access.runtime, user_rules.CreateUser(user_id=first.user_id, now=now)
    await change(runtime, user.USER, first.user_id, user_rules.create_user, added, meta)
    opened = shop_rules.CreateShop(shop_id=first.shop_id, name=SHOP, currency=CURRENCY, now=now)
    await seen(runtime, await commands.create_shop(runtime.store, opened, first.user_id, meta))
    linked = account_rules.CreateAccount(
        account_id=first.account_id, shop_id=first.shop_id, name=ACCOUNT, kind="official", now=now
    )
    await change(runtime, account.ACCOUNT, first.account_id, account_rules.create_account, linked, meta)
    return first
