"""Native routes that add to the directory: shops, accounts, creators and users."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain import (
    account,
    account_rules,
    creator,
    creator_rules,
    refusals,
    shop_rules,
    user,
    user_rules,
)
from showfloor.gateway.directory.edges import users
from showfloor.gateway.directory.edges.change import change, seen
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import rights, shapes
from showfloor.gateway.http.native.fields import OPERATOR_SCOPE, currency, derived_id, line, query_id
from showfloor.gateway.http.native.lists import caught_up
from showfloor.gateway.http.native.pages import Page
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid


class AfterUser(msgspec.Struct, frozen=True):
    """The last user of a page."""

    added_at: datetime
    user_id: UUID


async def create_shop(gateway: Gateway, request: NativeRequest) -> shapes.Shop:
    """Open a shop. The currency of its books never changes."""
    caller, body = await rights.anywhere(request.caller, "CreateShop"), request.body
    if body.owner_user_id is not None and not caller.operator:
        raise invalid("owner_user_id", "is for operators: a shop that you add is your own")
    command = shop_rules.CreateShop(
        shop_id=derived_id(request, "shop"),
        name=line(body.name),
        currency=currency(body.currency),
        now=gateway.clock(),
    )
    if body.owner_user_id is not None:
        await rights.known_at(gateway.runtime, caller, body.owner_user_id)
    owner = caller.user_id or body.owner_user_id
    position = await seen(
        gateway.runtime, await commands.create_shop(gateway.runtime.store, command, owner, request.meta)
    )
    return shapes.Shop(command.shop_id, command.name, command.currency, position=position)


async def create_account(gateway: Gateway, request: NativeRequest) -> shapes.Account:
    """Link an account to a shop of the caller's."""
    body: shapes.NewAccount = request.body
    home = await rights.shop_for(gateway.runtime, request.caller, body.shop_id, "CreateAccount")
    command = account_rules.CreateAccount(
        now=gateway.clock(),
        account_id=derive_id(body.shop_id, "account", request.key),
        shop_id=body.shop_id,
        name=line(body.name),
        kind=body.kind,
    )
    position = await change(
        gateway.runtime, account.ACCOUNT, command.account_id, account_rules.create_account, command, request.meta
    )
    about = command.account_id, command.name, command.kind, home.currency
    return shapes.Account(*about, shop_id=command.shop_id, position=position)


async def create_creator(gateway: Gateway, request: NativeRequest) -> shapes.Creator:
    """Create a creator under a stage name: for a shop, which keeps them until they have an owner, or for themselves."""
    body: shapes.NewCreator = request.body
    if body.shop_id is None:
        await rights.anywhere(request.caller, "CreateCreator")
    else:
        await rights.shop_for(gateway.runtime, request.caller, body.shop_id, "CreateCreator")
    if body.owner_user_id is not None:
        await rights.known_at(gateway.runtime, request.caller, body.owner_user_id)
    command = creator_rules.CreateCreator(
        now=gateway.clock(),
        creator_id=derive_id(body.shop_id or OPERATOR_SCOPE, "creator", request.key),
        shop_id=body.shop_id,
        name=line(body.name),
        owner=body.owner_user_id,
    )
    position = await change(
        gateway.runtime, creator.CREATOR, command.creator_id, creator_rules.create_creator, command, request.meta
    )
    return shapes.Creator(command.creator_id, command.name, command.shop_id, position=position)


async def list_users(gateway: Gateway, request: NativeRequest) -> shapes.Users:
    """Everybody, for operators; for owners the people around their shops, or around the shop, creator or partner that
    is named; those who were added first before the others."""
    whose = await _whose(gateway, request)
    page = Page(request, AfterUser, f"users:{whose}")
    await caught_up(gateway.access)
    rows = await users.users_of(gateway.runtime.database, whose, page.values)
    known = await gateway.access.people.of([row["user_id"] for row in rows])
    answer = page.answer("users", rows, lambda row: row["user_id"])
    found = [known[user_id] for user_id in answer["users"] if user_id in known]  # the erased are left out
    shown = [shapes.User(one.user_id, one.display_name, one.email) for one in found]
    return shapes.Users(shown, answer["next_page_token"])


async def create_user(gateway: Gateway, request: NativeRequest) -> shapes.User:
    """Create a user: operators anybody, owners people of their shop, of their creator or of their partner."""
    body: shapes.NewUser = request.body
    named = {"shop_id": body.shop_id, "creator_id": body.creator_id, "partner_id": body.partner_id}
    principal = {name: value for name, value in named.items() if value is not None}
    if not principal:
        caller = await rights.anywhere(request.caller, "CreateUser")
        principal = {} if caller.operator else {"shop_id": await _only_shop(gateway, caller)}
    await _allowed(gateway, request, "CreateUser", principal)
    user_id, name = derived_id(request, "user"), line(body.name)
    if (await gateway.runtime.store.load(user.USER, user_id)).state.erased:
        raise refusals.request_id_reused()
    email = await gateway.access.people.add(user_id, name, body.email)
    command = user_rules.CreateUser(user_id=user_id, now=gateway.clock(), **principal)
    position = await change(gateway.runtime, user.USER, user_id, user_rules.create_user, command, request.meta)
    return shapes.User(user_id, name, email, position)


async def _whose(gateway: Gateway, request: NativeRequest) -> list[UUID] | None:
    """Return the principals whose people are listed; None: everybody."""
    names = ("shop_id", "creator_id", "partner_id")
    named = {name: value for name in names if (value := query_id(request, name)) is not None}
    if named:
        await _allowed(gateway, request, "ListUsers", named)
        return list(named.values())
    caller = await rights.anywhere(request.caller, "ListUsers")
    if caller.operator:
        return None
    assert caller.user_id is not None, "the policy permits users and operators alone"
    return await users.owned_shops(gateway.runtime.database, caller.user_id)


async def _allowed(gateway: Gateway, request: NativeRequest, action: str, named: dict[str, UUID]) -> None:
    """Return if the caller may do this to the shop, the creator or the partner that is named."""
    finds = {"shop_id": rights.shop_for, "creator_id": rights.creator_for, "partner_id": rights.partner_for}
    if len(named) > 1:
        raise invalid(next(iter(named)), "creator_id and partner_id exclude each other: name one of them")
    for name, value in named.items():
        await finds[name](gateway.runtime, request.caller, value, action)


async def _only_shop(gateway: Gateway, caller: Caller) -> UUID:
    """Return the only shop that the caller owns: a user who is added without a principal is for it."""
    assert caller.user_id is not None, "the policy permits users and operators alone"
    owned = await users.owned_shops(gateway.runtime.database, caller.user_id)
    if len(owned) != 1:
        raise invalid("shop_id", "is needed, because you do not own one shop alone")
    return owned[0]
