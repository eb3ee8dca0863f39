"""One function per change of the directory. Each returns the log's position once the view answers with the change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.group import GroupRefused, Step
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.directory.domain import account, binding, creator, grant, partner, shop, user
from showfloor.gateway.directory.views import people
from showfloor.kernel.event import Meta


async def add_user(runtime: Runtime, asked: user.UserAdded, meta: Meta) -> int:
    """Let somebody sign in. Raises REQUEST_ID_REUSED."""
    return await _do(runtime, user.USER, asked.user_id, user.add, asked, meta)


async def erase_user(runtime: Runtime, asked: user.UserErased, meta: Meta) -> int:
    """Record that a user is erased. Raises USER_NOT_FOUND."""
    return await _do(runtime, user.USER, asked.user_id, user.erase_user, asked, meta)


async def add_shop(runtime: Runtime, asked: shop.ShopAdded, owner: UUID | None, meta: Meta) -> int:
    """Add a shop and make `owner` its owner. Raises REQUEST_ID_REUSED."""
    position = await _do(runtime, shop.SHOP, asked.shop_id, shop.add, asked, meta)
    if owner is None:
        return position
    role = shop.ShopRoleGiven(at=asked.at, shop_id=asked.shop_id, user_id=owner, role="owner")
    # One request, two commands on one stream: the second has a name of its own.
    name = meta.request_id and f"owner:{meta.request_id}"
    return await _do(runtime, shop.SHOP, asked.shop_id, shop.give_role, role, meta, name)


async def give_shop_role(runtime: Runtime, asked: shop.ShopRoleGiven, meta: Meta) -> int:
    """Make a user owner or staff of a shop. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, shop.SHOP, asked.shop_id, shop.give_role, asked, meta)


async def take_shop_role(runtime: Runtime, asked: shop.ShopRoleTaken, meta: Meta) -> int:
    """Take a user's role in a shop away. Raises SHOP_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, shop.SHOP, asked.shop_id, shop.take_role, asked, meta)


async def add_account(runtime: Runtime, asked: account.AccountAdded, meta: Meta) -> int:
    """Add an account of a shop or of a creator. Raises REQUEST_ID_REUSED."""
    return await _do(runtime, account.ACCOUNT, asked.account_id, account.add, asked, meta)


async def add_accounts(runtime: Runtime, asked: Sequence[account.AccountAdded], meta: Meta) -> int:
    """Link the hosts of an import to its shop, all of them or none. Raises REQUEST_ID_REUSED."""
    steps = [Step(account.ACCOUNT, one.account_id, account.add, one) for one in asked]
    try:
        position = max(done.position for done in await runtime.store.execute_many(steps, meta))
    except GroupRefused as refused:
        raise next(iter(refused.refusals.values())) from None
    await runtime.views.wait_for([people.VIEW.name], position)
    return position


async def give_role(runtime: Runtime, asked: account.RoleGiven, meta: Meta) -> int:
    """Give a user a role on an account. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    return await _do(runtime, account.ACCOUNT, asked.account_id, account.give_role, asked, meta)


async def take_role(runtime: Runtime, asked: account.RoleTaken, meta: Meta) -> int:
    """Take a user's role on an account away. Raises ACCOUNT_NOT_FOUND, LAST_HOST."""
    return await _do(runtime, account.ACCOUNT, asked.account_id, account.take_role, asked, meta)


async def add_creator(runtime: Runtime, asked: creator.AddCreator, meta: Meta) -> int:
    """Add a creator. Raises REQUEST_ID_REUSED."""
    return await _do(runtime, creator.CREATOR, asked.added.creator_id, creator.add, asked, meta)


async def give_creator_role(runtime: Runtime, asked: creator.CreatorRoleGiven, meta: Meta) -> int:
    """Make a user owner or staff of a creator. Raises CREATOR_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, creator.CREATOR, asked.creator_id, creator.give_role, asked, meta)


async def take_creator_role(runtime: Runtime, asked: creator.CreatorRoleTaken, meta: Meta) -> int:
    """Take a user's role of a creator away. Raises CREATOR_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, creator.CREATOR, asked.creator_id, creator.take_role, asked, meta)


async def add_partner(runtime: Runtime, asked: partner.AddPartner, meta: Meta) -> int:
    """Add a partner with its owner. Raises REQUEST_ID_REUSED."""
    return await _do(runtime, partner.PARTNER, asked.added.partner_id, partner.add, asked, meta)


async def give_partner_role(runtime: Runtime, asked: partner.PartnerRoleGiven, meta: Meta) -> int:
    """Make a user owner or staff of a partner. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, partner.PARTNER, asked.partner_id, partner.give_role, asked, meta)


async def take_partner_role(runtime: Runtime, asked: partner.PartnerRoleTaken, meta: Meta) -> int:
    """Take a user's role of a partner away. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    return await _do(runtime, partner.PARTNER, asked.partner_id, partner.take_role, asked, meta)


async def offer_binding(runtime: Runtime, asked: binding.BindingOffered, meta: Meta) -> int:
    """Offer to work together. Raises BINDING_AWAITS_YOU."""
    return await _do(runtime, binding.BINDING, asked.binding_id, binding.offer_binding, asked, meta)


async def accept_binding(runtime: Runtime, asked: binding.BindingAccepted, meta: Meta) -> int:
    """Accept an offer. Raises BINDING_NOT_FOUND, BINDING_ENDED, BINDING_AWAITS_OTHER."""
    return await _do(runtime, binding.BINDING, asked.binding_id, binding.accept_binding, asked, meta)


async def end_binding(runtime: Runtime, asked: binding.BindingEnded, meta: Meta) -> int:
    """End a binding, or decline an offer. Raises BINDING_NOT_FOUND."""
    return await _do(runtime, binding.BINDING, asked.binding_id, binding.end_binding, asked, meta)


async def give_grant(runtime: Runtime, asked: grant.GiveGrant, meta: Meta) -> int:
    """Give a grant. Raises GRANT_PERIOD, PARTNER_NOT_BOUND."""
    return await _do(runtime, grant.GRANT, asked.grant_id, grant.give_grant, asked, meta)


async def revoke_grant(runtime: Runtime, asked: grant.GrantRevoked, meta: Meta) -> int:
    """Take a grant back. Raises GRANT_NOT_FOUND."""
    return await _do(runtime, grant.GRANT, asked.grant_id, grant.revoke_grant, asked, meta)


async def _do(
    runtime: Runtime, decider: Any, stream: UUID, rule: Any, asked: Any, meta: Meta, name: str | None = None
) -> int:
    outcome = await runtime.store.execute(decider, stream, rule, asked, meta, remember_as=name)
    await runtime.views.wait_for([people.VIEW.name], outcome.position)
    return outcome.position
