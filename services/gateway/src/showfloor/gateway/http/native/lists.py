"""What a caller sees of shops and accounts, as JSON rows."""

from typing import Any
from uuid import UUID

import msgspec

from showfloor.access.actor import Role
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.directory.names import Rows, first_by_name, open_names
from showfloor.gateway.directory.views import people, principals
from showfloor.gateway.directory.views.principals import Around


async def caught_up(access: Access) -> None:
    """Wait until the view holds everything written so far, by whichever replica. Raises NOT_YET."""
    runtime = access.runtime
    await runtime.views.wait_for([people.VIEW.name], await runtime.store.last_position())


async def shops_for(access: Access, caller: Caller) -> Rows:
    """Return the caller's shops: shop_id, name, currency, role."""
    database = access.runtime.database
    if caller.operator:
        return await people.all_shops(database)
    return await people.shops_of(database, caller.user_id) if caller.user_id else []


async def accounts_for(access: Access, caller: Caller, shop: UUID | None = None, query: str = "") -> Rows:
    """Return the caller's accounts, of one shop or of all: account_id, name, kind, shop_id, creator_id, currency,
    role (there, in the shop or of the creator)."""
    runtime = access.runtime
    if caller.operator:
        pages = people.pages_of_all_accounts(runtime.database, shop)
    elif caller.user_id:
        pages = people.pages_of_accounts(runtime.database, caller.user_id, shop)
    else:
        return []
    return [_shown(row) for row in await first_by_name(runtime.store, pages, "account_id", query)]


async def creators_for(access: Access, caller: Caller) -> Rows:
    """Return the caller's creators: creator_id, shop_id, name, role."""
    pages = principals.pages_of_creators(access.runtime.database, around(caller))
    return await first_by_name(access.runtime.store, pages, "creator_id")


async def accounts_bound_to(access: Access, partner: UUID, query: str = "") -> Rows:
    """Return the accounts of the shops and creators that are bound to a partner."""
    pages = principals.pages_of_accounts_bound_to(access.runtime.database, partner)
    return await first_by_name(access.runtime.store, pages, "account_id", query)


def around(caller: Caller) -> Around:
    """Return what the caller has to do with: of the shops also those that they work for."""
    actor = caller.actor
    return Around(
        user=caller.user_id,
        shops=list(actor.shops),
        creators=list(actor.creators),
        partners=list(actor.partners),
        everything=caller.operator,
    )


async def bindings_for(access: Access, caller: Caller) -> Rows:
    """Return the offers and bindings of the caller's shops, creators and partners."""
    seen = around(caller)
    own = [shop for shop in seen.shops if caller.actor.shops[shop] is not Role.MEMBER]
    rows = await principals.bindings_of(access.runtime.database, msgspec.structs.replace(seen, shops=own))
    await open_names(access.runtime.store, rows, "creator_name")
    return rows


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("account_id", "name", "kind", "shop_id", "creator_id", "currency")
    role = row["role"] or row["shop_role"] or row["creator_role"]
    return {name: row[name] for name in names} | ({"role": role} if role else {})
