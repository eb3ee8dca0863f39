"""The commands of the directory that are more than one. Each returns the log's position after it."""

from collections.abc import Sequence
from uuid import UUID

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.store import Store
from showfloor.gateway.directory.domain.account import ACCOUNT
from showfloor.gateway.directory.domain.account_rules import CreateAccount, create_account
from showfloor.gateway.directory.domain.shop import SHOP
from showfloor.gateway.directory.domain.shop_rules import AssignShopRole, CreateShop, assign_shop_role
from showfloor.gateway.directory.domain.shop_rules import create_shop as rule
from showfloor.kernel.event import Meta


async def create_shop(store: Store, command: CreateShop, owner: UUID | None, meta: Meta) -> int:
    """Create a shop and make `owner` its owner. Raises REQUEST_ID_REUSED."""
    outcome = await store.execute(SHOP, command.shop_id, rule, command, meta)
    if owner is None:
        return outcome.position
    role = AssignShopRole(shop_id=command.shop_id, user_id=owner, role="owner", now=command.now)
    # One request, two commands on one stream: the second has a name of its own.
    name = meta.request_id and f"owner:{meta.request_id}"
    return (await store.execute(SHOP, command.shop_id, assign_shop_role, role, meta, remember_as=name)).position


async def create_accounts(store: Store, commands: Sequence[CreateAccount], meta: Meta) -> int:
    """Link the hosts of an import to its shop, all of them or none. Raises REQUEST_ID_REUSED."""
    steps = [Step(ACCOUNT, command.account_id, create_account, command) for command in commands]
    try:
        return max(done.position for done in await store.execute_many(steps, meta))
    except GroupRefused as refused:
        raise next(iter(refused.refusals.values())) from None
