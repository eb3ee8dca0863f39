"""Native routes that list the directory, in pages. A list holds everything written before the request."""

from collections.abc import Awaitable, Callable, Mapping, Set
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.membership.relations import Use
from showfloor.access.policy import name_of
from showfloor.access.resources import Account
from showfloor.eventstore.query import Database
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.directory.edges import lists, membership
from showfloor.gateway.directory.edges.names import Rows, open_names
from showfloor.gateway.directory.views.directory import VIEW
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import principal_shapes, rights, shapes
from showfloor.gateway.http.native.fields import path_id, query_id, search
from showfloor.gateway.http.native.pages import Page
from showfloor.kernel.fold import fold

LOOKED_AT: Final = 2_000  # names that a page of a search opens at most
SHOWN: Final = 1_000  # shops, and accounts, that GetMe shows

Question = Callable[[Database, Mapping[str, Any]], Awaitable[Rows]]


class AfterShop(msgspec.Struct, frozen=True):
    """The last shop of a page."""

    shop_id: UUID


class AfterPartner(msgspec.Struct, frozen=True):
    """The last partner of a page."""

    partner_id: UUID


class AfterAccount(msgspec.Struct, frozen=True):
    """The last account of a page."""

    added_at: datetime
    account_id: UUID


class AfterCreator(msgspec.Struct, frozen=True):
    """The last creator of a page."""

    added_at: datetime
    creator_id: UUID


class AfterBinding(msgspec.Struct, frozen=True):
    """The last binding of a page."""

    offered_time: datetime
    binding_id: UUID


async def list_shops(gateway: Gateway, request: NativeRequest) -> shapes.Shops:
    """The shops that the caller has to do with, by name."""
    caller = await rights.anywhere(request.caller, "ListShops")
    page = Page(request, AfterShop, "shops")
    await caught_up(gateway.access)
    rows = await lists.shops(gateway.runtime.database, {**page.values, "user": caller.user_id})
    return msgspec.convert(page.answer("shops", rows), shapes.Shops)


async def list_accounts(gateway: Gateway, request: NativeRequest) -> shapes.Accounts:
    """The accounts that the caller may act for or was granted a look into, those that were added first before the
    others; with `shop_id`, those of one shop, with `query`, those whose name holds this text, whatever its case and
    accents. A page of a search may be short, or empty, and have a next one."""
    caller, shop_id = await rights.anywhere(request.caller, "ListAccounts"), query_id(request, "shop_id")
    if shop_id is not None:
        await rights.shop_for(gateway.runtime, caller, shop_id, "ListAccounts")
    scope = {"user": caller.user_id, "shop": shop_id, "now": gateway.clock()}
    answer = await _accounts(gateway, request, f"accounts:{shop_id}", lists.accounts, scope)
    await _log_grants(gateway, caller, "ListAccounts", {str(one.account_id) for one in answer.accounts})
    return answer


async def list_partner_accounts(gateway: Gateway, request: NativeRequest) -> shapes.Accounts:
    """The accounts of the shops and creators that are bound to a partner, those that were added first before the
    others; with `query`, those whose name holds this text. A page of a search may be short, or empty, and have a next
    one."""
    partner_id = path_id(request, "partner_id")
    await rights.partner_for(gateway.runtime, request.caller, partner_id, "ListPartnerAccounts")
    name = f"partner_accounts:{partner_id}"
    return await _accounts(gateway, request, name, lists.accounts_bound_to, {"partner": partner_id})


async def list_creators(gateway: Gateway, request: NativeRequest) -> shapes.Creators:
    """The caller's creators, those that were added first before the others: their own, those that their shops entered
    or work with, and those bound to their partners."""
    caller = await rights.anywhere(request.caller, "ListCreators")
    page = Page(request, AfterCreator, "creators")
    await caught_up(gateway.access)
    rows = await lists.creators(gateway.runtime.database, {**page.values, "user": caller.user_id})
    await open_names(gateway.runtime.store, rows)
    return msgspec.convert(page.answer("creators", rows), shapes.Creators)


async def list_partners(gateway: Gateway, request: NativeRequest) -> principal_shapes.Partners:
    """The partners that the caller works for, by name; for operators all of them."""
    caller = await rights.anywhere(request.caller, "ListPartners")
    page = Page(request, AfterPartner, "partners")
    await caught_up(gateway.access)
    rows = await lists.partners(gateway.runtime.database, {**page.values, "user": caller.user_id})
    return msgspec.convert(page.answer("partners", rows), principal_shapes.Partners)


async def list_bindings(gateway: Gateway, request: NativeRequest) -> principal_shapes.Bindings:
    """The offers and bindings of the caller's shops, creators and partners, the newest first."""
    caller = await rights.anywhere(request.caller, "ListBindings")
    page = Page(request, AfterBinding, "bindings")
    await caught_up(gateway.access)
    rows = await lists.bindings(gateway.runtime.database, {**page.values, "user": caller.user_id})
    await open_names(gateway.runtime.store, rows, "creator_name")
    return msgspec.convert(page.answer("bindings", rows), principal_shapes.Bindings)


async def caught_up(access: Access) -> None:
    """Wait until the view holds everything written so far, by any replica. Raises NOT_YET."""
    runtime = access.runtime
    await runtime.views.wait_for([VIEW.name], await runtime.store.last_position())


async def mine(gateway: Gateway, caller: Caller) -> tuple[Rows, Rows]:
    """Return the first SHOWN shops and accounts of the caller, by name."""
    database, first = gateway.runtime.database, {"user": caller.user_id, "limit": SHOWN, "after_shop_id": None}
    shops = await lists.shops(database, first)
    none = {"after_added_at": None, "after_account_id": None, "shop": None, "now": gateway.clock()}
    accounts = await lists.accounts(database, {**first, **none})
    await open_names(gateway.runtime.store, accounts)
    await _log_grants(gateway, caller, "GetMe", {str(row["account_id"]) for row in accounts})
    return shops, sorted(accounts, key=lambda row: (row["name"], row["account_id"]))


async def _log_grants(gateway: Gateway, caller: Caller, action: str, shown: Set[str]) -> None:
    """Log which of the accounts that a list shows only a grant shows."""
    if caller.user_id is None:
        return
    runtime, subject = gateway.runtime, caller.actor.subject
    await runtime.views.wait_for([membership.VIEW.name], await runtime.store.last_position())
    for account_id, grant_id in (await caller.membership.scope(subject)).by_grant().items():
        if account_id in shown:
            await caller.membership.used(Use(grant_id, subject, action, name_of(Account(id=account_id))))


async def _accounts(
    gateway: Gateway, request: NativeRequest, name: str, question: Question, scope: Mapping[str, Any]
) -> shapes.Accounts:
    """Return a page; a search opens a bounded number of names for it."""
    query = search(request)
    page, wanted = Page(request, AfterAccount, f"{name}:{query}"), fold(query)
    await caught_up(gateway.access)
    limit = LOOKED_AT if wanted else page.size + 1
    rows = await question(gateway.runtime.database, {**page.values, **scope, "limit": limit})
    await open_names(gateway.runtime.store, rows)
    found = [row for row in rows if wanted in fold(row["name"])] if wanted else rows
    more = rows[-1] if wanted and len(rows) == LOOKED_AT else None
    return msgspec.convert(page.answer("accounts", found, more=more), shapes.Accounts)
