"""The directory over REST: shops, accounts, creators, users and roles. Lists hold everything written before."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain import account, creator, refusals, shop, user
from showfloor.gateway.directory.views import people
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import rights, shapes
from showfloor.gateway.http.native.lists import accounts_for, caught_up, creators_for, shops_for
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks

OPERATOR_SCOPE = UUID("5b0e7f9e-6a1f-5c0e-9d59-0f3a5f3f7c11")  # ids of what operators add are derived from it
MAX_QUERY = 100  # characters
NAME_MAX = 80  # characters as people see them


async def list_shops(gateway: Gateway, request: NativeRequest) -> shapes.Shops:
    """The shops that the caller has to do with, by name: the first 1,000."""
    await caught_up(gateway.access)
    rows = await shops_for(gateway.access, rights.anywhere(request.caller, "ListShops"))
    return msgspec.convert({"shops": rows}, shapes.Shops)


async def create_shop(gateway: Gateway, request: NativeRequest) -> shapes.Shop:
    """Open a shop. The currency of its books never changes."""
    caller, body = rights.anywhere(request.caller, "CreateShop"), request.body
    if body.owner_user_id is not None and not caller.operator:
        raise invalid("owner_user_id", "is for operators: a shop that you add is your own")
    if body.currency not in EXPONENTS:
        raise invalid("currency", "must be an active code of ISO 4217, such as EUR, USD or CNY")
    event = shop.ShopAdded(
        at=gateway.clock(), shop_id=derived_id(request, "shop"), name=line(body.name), currency=body.currency
    )
    if body.owner_user_id is not None:
        await rights.known_user(gateway.runtime, caller, body.owner_user_id, event.shop_id)
    owner = caller.user_id or body.owner_user_id
    position = await commands.add_shop(gateway.runtime, event, owner, request.meta)
    return shapes.Shop(event.shop_id, event.name, event.currency, position=position)


async def list_accounts(gateway: Gateway, request: NativeRequest) -> shapes.Accounts:
    """The accounts that the caller may act for, by name; with `shop_id`, those of one shop, with `query`,
    those whose name holds this text, whatever its case and accents: the first 1,000."""
    await caught_up(gateway.access)
    caller = rights.anywhere(request.caller, "ListAccounts")
    shop_id = None
    if wanted := request.query.get("shop_id"):
        shop_id = checks.uuid("shop_id", wanted)
        await rights.shop_for(gateway.runtime, caller, shop_id, "ListAccounts")
    query = checks.line("query", request.query.get("query", ""), 0, MAX_QUERY)
    rows = await accounts_for(gateway.access, caller, shop_id, query)
    return msgspec.convert({"accounts": rows}, shapes.Accounts)


async def create_account(gateway: Gateway, request: NativeRequest) -> shapes.Account:
    """Link an account to a shop of the caller's."""
    body: shapes.NewAccount = request.body
    home = await rights.shop_for(gateway.runtime, request.caller, body.shop_id, "CreateAccount")
    event = account.AccountAdded(
        at=gateway.clock(),
        account_id=derive_id(body.shop_id, "account", request.key),
        shop_id=body.shop_id,
        name=line(body.name),
        kind=body.kind,
    )
    position = await commands.add_account(gateway.runtime, event, request.meta)
    about = event.account_id, event.name, event.kind, home.currency
    return shapes.Account(*about, shop_id=event.shop_id, position=position)


async def list_creators(gateway: Gateway, request: NativeRequest) -> shapes.Creators:
    """The caller's creators, by name: their own, those that their shops entered or work with, and those bound to
    their partners; the first 1,000."""
    await caught_up(gateway.access)
    caller = rights.anywhere(request.caller, "ListCreators")
    return msgspec.convert({"creators": await creators_for(gateway.access, caller)}, shapes.Creators)


async def create_creator(gateway: Gateway, request: NativeRequest) -> shapes.Creator:
    """Enter a creator under a stage name: for a shop, which keeps them until they have an owner, or for themselves."""
    body: shapes.NewCreator = request.body
    if body.shop_id is None:
        rights.anywhere(request.caller, "CreateCreator")
    else:
        await rights.shop_for(gateway.runtime, request.caller, body.shop_id, "CreateCreator")
    if body.owner_user_id is not None:
        await rights.known_member(gateway.runtime, request.caller, body.owner_user_id, {})
    event = creator.CreatorAdded(
        at=gateway.clock(),
        creator_id=derive_id(body.shop_id or OPERATOR_SCOPE, "creator", request.key),
        shop_id=body.shop_id,
        name=line(body.name),
    )
    command = creator.AddCreator(added=event, owner=body.owner_user_id)
    position = await commands.add_creator(gateway.runtime, command, request.meta)
    return shapes.Creator(event.creator_id, event.name, event.shop_id, position=position)


async def list_users(gateway: Gateway, request: NativeRequest) -> shapes.Users:
    """Everybody, for operators; for owners the people around their shops: the 1,000 who were added first."""
    await caught_up(gateway.access)
    caller = rights.anywhere(request.caller, "ListUsers")
    owned = None if caller.operator else rights.owned_shops(caller)
    ids = await people.users_of(gateway.runtime.database, owned)
    known = await gateway.access.people.of(ids)
    found = [known[user_id] for user_id in ids if user_id in known]
    return shapes.Users([shapes.User(one.user_id, one.display_name, one.email) for one in found])


async def create_user(gateway: Gateway, request: NativeRequest) -> shapes.User:
    """Add a user: operators anybody, owners people of their shop."""
    body = request.body
    if body.shop_id is None:
        rights.anywhere(request.caller, "CreateUser")
    shop_id = rights.the_shop(request.caller, body.shop_id)
    if shop_id is not None:
        await rights.shop_for(gateway.runtime, request.caller, shop_id, "CreateUser")
    user_id, name = derived_id(request, "user"), line(body.name)
    if (await gateway.runtime.store.load(user.USER, user_id)).state.erased:
        raise refusals.request_id_reused()
    email = await gateway.access.people.add(user_id, name, body.email)
    event = user.UserAdded(at=gateway.clock(), user_id=user_id, shop_id=shop_id)
    position = await commands.add_user(gateway.runtime, event, request.meta)
    return shapes.User(user_id, name, email, position)


async def erase_user(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """For operators: end all sign-ins of a user and forget name, address and password; the id stays in facts."""
    rights.anywhere(request.caller, "EraseUser")
    user_id = path_id(request, "user_id")
    await commands.erase_user(gateway.runtime, user.UserErased(at=gateway.clock(), user_id=user_id), request.meta)
    await gateway.access.sign_ins.end_all(user_id)
    await gateway.access.people.erase(user_id)
    await gateway.idempotency.forget()
    return shapes.Done()


async def account_members(gateway: Gateway, request: NativeRequest) -> shapes.Members:
    """Who works on an account."""
    found = await rights.account_for(
        gateway.runtime, request.caller, path_id(request, "account_id"), "ListAccountMembers"
    )
    return await members(gateway, found.people)


async def put_account_member(gateway: Gateway, request: NativeRequest) -> shapes.RoleSet:
    """Give a user a role on an account, in place of the one before."""
    caller, account_id, user_id = request.caller, path_id(request, "account_id"), path_id(request, "user_id")
    found = await rights.account_for(gateway.runtime, caller, account_id, "PutAccountMember")
    if found.shop_id is not None:
        await rights.known_user(gateway.runtime, caller, user_id, found.shop_id)
    else:
        await rights.known_member(gateway.runtime, caller, user_id, await rights.people_of(gateway.runtime, found))
    role: str = request.body.role
    event = account.RoleGiven(at=gateway.clock(), account_id=account_id, user_id=user_id, role=role)
    position = await commands.give_role(gateway.runtime, event, request.meta)
    return shapes.RoleSet(user_id, position, role, account_id=account_id)


async def delete_account_member(gateway: Gateway, request: NativeRequest) -> shapes.RoleSet:
    """Take a user's role on an account away."""
    caller, account_id, user_id = request.caller, path_id(request, "account_id"), path_id(request, "user_id")
    await rights.account_for(gateway.runtime, caller, account_id, "DeleteAccountMember")
    event = account.RoleTaken(at=gateway.clock(), account_id=account_id, user_id=user_id)
    return shapes.RoleSet(
        user_id, await commands.take_role(gateway.runtime, event, request.meta), account_id=account_id
    )


async def shop_members(gateway: Gateway, request: NativeRequest) -> shapes.Members:
    """Who owns a shop, and who is on its staff."""
    found = await rights.shop_for(gateway.runtime, request.caller, path_id(request, "shop_id"), "ListShopMembers")
    return await members(gateway, found.people)


async def put_shop_member(gateway: Gateway, request: NativeRequest) -> shapes.RoleSet:
    """Make a user owner or staff of a shop."""
    caller, shop_id, user_id = request.caller, path_id(request, "shop_id"), path_id(request, "user_id")
    await rights.shop_for(gateway.runtime, caller, shop_id, "PutShopMember")
    await rights.known_user(gateway.runtime, caller, user_id, shop_id)
    role: str = request.body.role
    event = shop.ShopRoleGiven(at=gateway.clock(), shop_id=shop_id, user_id=user_id, role=role)
    return shapes.RoleSet(
        user_id, await commands.give_shop_role(gateway.runtime, event, request.meta), role, shop_id=shop_id
    )


async def delete_shop_member(gateway: Gateway, request: NativeRequest) -> shapes.RoleSet:
    """Take a user's role in a shop away."""
    caller, shop_id, user_id = request.caller, path_id(request, "shop_id"), path_id(request, "user_id")
    await rights.shop_for(gateway.runtime, caller, shop_id, "DeleteShopMember")
    event = shop.ShopRoleTaken(at=gateway.clock(), shop_id=shop_id, user_id=user_id)
    return shapes.RoleSet(user_id, await commands.take_shop_role(gateway.runtime, event, request.meta), shop_id=shop_id)


async def members(gateway: Gateway, roles: Mapping[UUID, str]) -> shapes.Members:
    """Return people with their names; the erased have none."""
    known = await gateway.access.people.of(list(roles))
    return shapes.Members(
        [
            shapes.Member(user_id, known[user_id].display_name if user_id in known else "", role)
            for user_id, role in sorted(roles.items())
        ]
    )


def path_id(request: NativeRequest, name: str) -> UUID:
    """Return an id that the path names. Raises INVALID_FIELD."""
    return checks.uuid(name, request.path[name])


def derived_id(request: NativeRequest, kind: str) -> UUID:
    """Name the new thing by caller and key: sent again, it names the same thing."""
    return derive_id(request.caller.user_id or OPERATOR_SCOPE, kind, request.key)


def line(value: str) -> str:
    """Return a name as it is kept. Raises INVALID_FIELD."""
    return checks.line("name", value, 1, NAME_MAX)
