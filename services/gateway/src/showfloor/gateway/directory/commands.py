"""The commands of the directory that are more than one. Each returns the log's position after it."""

from collections.abc import Sequence
from uuid import UUID

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.store import Store
from showfloor.gateway.directory.domain import account, shop
from showfloor.kernel.event import Meta


async def add_shop(store: Store, asked: shop.ShopAdded, owner: UUID | None, meta: Meta) -> int:
    """Add a shop and make `owner` its owner. Raises REQUEST_ID_REUSED."""
    outcome = await store.execute(shop.SHOP, asked.shop_id, shop.add, asked, meta)
    if owner is None:
        return outcome.position
    role = shop.ShopRoleGiven(at=asked.at, shop_id=asked.shop_id, user_id=owner, role="owner")
    # One request, two commands on one stream: the second has a name of its own.
    name = meta.request_id and f"owner:{meta.request_id}"
    return (await store.execute(shop.SHOP, asked.shop_id, shop.give_role, role, meta, remember_as=name)).position


async def add_accounts(store: Store, asked: Sequence[account.AccountAdded], meta: Meta) -> int:
    """Link the hosts of an import to its shop, all of them or none. Raises REQUEST_ID_REUSED."""
    steps = [Step(account.ACCOUNT, one.account_id, account.add, one) for one in asked]
    try:
        return max(done.position for done in await store.execute_many(steps, meta))
    except GroupRefused as refused:
        raise next(iter(refused.refusals.values())) from None
