"""The first user, shop and account of a system, made once, so that somebody can sign in."""

from uuid import UUID

import msgspec

from showfloor.gateway.access.wiring import Access
from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain.account import AccountAdded
from showfloor.gateway.directory.domain.shop import ShopAdded
from showfloor.gateway.directory.domain.user import UserAdded
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
    await commands.add_user(access.runtime, UserAdded(at=now, user_id=first.user_id), meta)
    shop = ShopAdded(at=now, shop_id=first.shop_id, name=SHOP, currency=CURRENCY)
    await commands.add_shop(access.runtime, shop, first.user_id, meta)
    account = AccountAdded(at=now, account_id=first.account_id, shop_id=first.shop_id, name=ACCOUNT, kind="official")
    await commands.add_account(access.runtime, account, meta)
    return first
