"""What a caller sees of shops and accounts, as JSON rows."""

from typing import Any
from uuid import UUID

from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.room import Access
from showfloor.gateway.directory.views import people

Rows = list[dict[str, Any]]


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
    """Return the caller's accounts, of one shop or of all: account_id, name, kind, shop_id, currency, role (there or
    in the shop)."""
    database = access.runtime.database
    if caller.operator:
        rows = await people.all_accounts(database, shop, query)
    else:
        rows = await people.accounts_of(database, caller.user_id, shop, query=query) if caller.user_id else []
    return [_shown(row) for row in rows]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("account_id", "name", "kind", "shop_id", "currency")
    role = row["role"] or row["shop_role"]
    return {name: row[name] for name in names} | ({"role": role} if role else {})
