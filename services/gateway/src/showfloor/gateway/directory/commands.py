"""One function per change of the directory. Each returns once the directory answers with the change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.directory.domain import account, creator, shop, user
from showfloor.gateway.directory.views import people
from showfloor.kernel.event import Event, Meta

DECIDERS = (user.USER, shop.SHOP, account.ACCOUNT, creator.CREATOR)


async def add_user(runtime: Runtime, user_id: UUID, now: datetime, meta: Meta) -> None:
    """Let somebody sign in."""
    await _do(runtime, user.USER, user_id, user.add, user.UserAdded(at=now, user_id=user_id), meta)


async def add_shop(runtime: Runtime, asked: shop.ShopAdded, owner: UUID, meta: Meta) -> None:
    """Add a shop and make `owner` its owner. Raises REQUEST_ID_REUSED."""
    await _do(runtime, shop.SHOP, asked.shop_id, shop.add, asked, meta)
    role = shop.ShopRoleGiven(at=asked.at, shop_id=asked.shop_id, user_id=owner, role="owner")
    await _do(runtime, shop.SHOP, asked.shop_id, shop.give_role, role, meta)


async def add_account(runtime: Runtime, asked: account.AccountAdded, meta: Meta) -> None:
    """Link an account to a shop. Raises REQUEST_ID_REUSED."""
    await _do(runtime, account.ACCOUNT, asked.account_id, account.add, asked, meta)


async def give_role(runtime: Runtime, asked: account.RoleGiven, meta: Meta) -> None:
    """Give a user a role on an account. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    await _do(runtime, account.ACCOUNT, asked.account_id, account.give_role, asked, meta)


async def take_role(runtime: Runtime, asked: account.RoleTaken, meta: Meta) -> None:
    """Take a user's role on an account away. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    await _do(runtime, account.ACCOUNT, asked.account_id, account.take_role, asked, meta)


async def add_creator(runtime: Runtime, asked: creator.CreatorAdded, meta: Meta) -> None:
    """Add a creator. Raises REQUEST_ID_REUSED."""
    await _do(runtime, creator.CREATOR, asked.creator_id, creator.add, asked, meta)


async def _do(runtime: Runtime, decider: Any, stream: UUID, rule: Any, asked: Event, meta: Meta) -> None:
    outcome = await runtime.store.execute(decider, stream, rule, asked, meta)
    await runtime.views.wait_for([people.VIEW.name], outcome.position)
