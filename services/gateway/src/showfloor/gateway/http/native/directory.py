"""The directory over REST: shops, accounts, creators, users and roles. Lists hold everything written before."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain import account, creator, refusals, shop, user
from showfloor.gateway.directory.views import people
from showfloor.gateway.http.gateway import App, Asked
from showfloor.gateway.http.native import rights, shapes
from showfloor.gateway.http.native.lists import accounts_for, caught_up, creators_for, shops_for
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks

OPERATOR_SCOPE = UUID("5b0e7f9e-6a1f-5c0e-9d59-0f3a5f3f7c11")  # ids of what operators add are derived from it
MAX_QUERY = 100  # characters
NAME_MAX = 80  # characters as people see them


async def list_shops(app: App, asked: Asked) -> shapes.Shops:
    """The shops that the caller has to do with, by name: the first 1,000."""
    await caught_up(app.access)
    rows = await shops_for(app.access, rights.anywhere(asked.who, "ListShops"))
    return msgspec.convert({"shops": rows}, shapes.Shops)


async def create_shop(app: App, asked: Asked) -> shapes.Shop:
    """Open a shop. The currency of its books never changes."""
    caller, body = rights.anywhere(asked.who, "CreateShop"), asked.body
    if body.owner_user_id is not None and not caller.operator:
        raise invalid("owner_user_id", "is for operators: a shop that you add is your own")
    if body.currency not in EXPONENTS:
        raise invalid("currency", "must be an active code of ISO 4217, such as EUR, USD or CNY")
    event = shop.ShopAdded(at=app.clock(), shop_id=own_id(asked, "shop"), name=line(body.name), currency=body.currency)
    if body.owner_user_id is not None:
        await rights.known_user(app.runtime, caller, body.owner_user_id, event.shop_id)
    owner = caller.user_id or body.owner_user_id
    position = await commands.add_shop(app.runtime, event, owner, asked.meta)
    return shapes.Shop(event.shop_id, event.name, event.currency, position=position)


async def list_accounts(app: App, asked: Asked) -> shapes.Accounts:
    """The accounts that the caller may act for, by name; with `shop_id`, those of one shop, with `query`,
    those whose name holds this text, whatever its case and accents: the first 1,000."""
    await caught_up(app.access)
    caller = rights.anywhere(asked.who, "ListAccounts")
    shop_id = None
    if wanted := asked.query.get("shop_id"):
        shop_id = checks.uuid("shop_id", wanted)
        await rights.shop_for(app.runtime, caller, shop_id, "ListAccounts")
    query = checks.line("query", asked.query.get("query", ""), 0, MAX_QUERY)
    rows = await accounts_for(app.access, caller, shop_id, query)
    return msgspec.convert({"accounts": rows}, shapes.Accounts)


async def create_account(app: App, asked: Asked) -> shapes.Account:
    """Link an account to a shop of the caller's."""
    body: shapes.NewAccount = asked.body
    home = await rights.shop_for(app.runtime, asked.who, body.shop_id, "CreateAccount")
    event = account.AccountAdded(
        at=app.clock(),
        account_id=derive_id(body.shop_id, "account", asked.key),
        shop_id=body.shop_id,
        name=line(body.name),
        kind=body.kind,
    )
    position = await commands.add_account(app.runtime, event, asked.meta)
    about = event.account_id, event.name, event.kind, home.currency
    return shapes.Account(*about, shop_id=event.shop_id, position=position)


async def list_creators(app: App, asked: Asked) -> shapes.Creators:
    """The caller's creators, by name: their own, those that their shops entered or work with, and those bound to
    their partners; the first 1,000."""
    await caught_up(app.access)
    caller = rights.anywhere(asked.who, "ListCreators")
    return msgspec.convert({"creators": await creators_for(app.access, caller)}, shapes.Creators)


async def create_creator(app: App, asked: Asked) -> shapes.Creator:
    """Enter a creator under a stage name: for a shop, which keeps them until they have an owner, or for themselves."""
    body: shapes.NewCreator = asked.body
    if body.shop_id is None:
        rights.anywhere(asked.who, "CreateCreator")
    else:
        await rights.shop_for(app.runtime, asked.who, body.shop_id, "CreateCreator")
    if body.owner_user_id is not None:
        await rights.known_member(app.runtime, asked.who, body.owner_user_id, {})
    event = creator.CreatorAdded(
        at=app.clock(),
        creator_id=derive_id(body.shop_id or OPERATOR_SCOPE, "creator", asked.key),
        shop_id=body.shop_id,
        name=line(body.name),
    )
    command = creator.AddCreator(added=event, owner=body.owner_user_id)
    position = await commands.add_creator(app.runtime, command, asked.meta)
    return shapes.Creator(event.creator_id, event.name, event.shop_id, position=position)


async def list_users(app: App, asked: Asked) -> shapes.Users:
    """Everybody, for operators; for owners the people around their shops: the 1,000 who were added first."""
    await caught_up(app.access)
    caller = rights.anywhere(asked.who, "ListUsers")
    owned = None if caller.operator else rights.owned_shops(caller)
    ids = await people.users_of(app.runtime.database, owned)
    known = await app.access.people.of(ids)
    found = [known[user_id] for user_id in ids if user_id in known]
    return shapes.Users([shapes.User(one.user_id, one.display_name, one.email) for one in found])


async def create_user(app: App, asked: Asked) -> shapes.User:
    """Add a user: operators anybody, owners people of their shop."""
    body = asked.body
    if body.shop_id is None:
        rights.anywhere(asked.who, "CreateUser")
    shop_id = rights.the_shop(asked.who, body.shop_id)
    if shop_id is not None:
        await rights.shop_for(app.runtime, asked.who, shop_id, "CreateUser")
    user_id, name = own_id(asked, "user"), line(body.name)
    if (await app.runtime.store.load(user.USER, user_id)).state.erased:
        raise refusals.request_id_reused()
    email = await app.access.people.add(user_id, name, body.email)
    event = user.UserAdded(at=app.clock(), user_id=user_id, shop_id=shop_id)
    position = await commands.add_user(app.runtime, event, asked.meta)
    return shapes.User(user_id, name, email, position)


async def erase_user(app: App, asked: Asked) -> shapes.Done:
    """For operators: end all sign-ins of a user and forget name, address and password; the id stays in facts."""
    rights.anywhere(asked.who, "EraseUser")
    user_id = path_id(asked, "user_id")
    await commands.erase_user(app.runtime, user.UserErased(at=app.clock(), user_id=user_id), asked.meta)
    await app.access.sign_ins.end_all(user_id)
    await app.access.people.erase(user_id)
    await app.idempotency.forget()
    return shapes.Done()


async def account_members(app: App, asked: Asked) -> shapes.Members:
    """Who works on an account."""
    found = await rights.account_for(app.runtime, asked.who, path_id(asked, "account_id"), "ListAccountMembers")
    return await members(app, found.people)


async def put_account_member(app: App, asked: Asked) -> shapes.RoleSet:
    """Give a user a role on an account, in place of the one before."""
    caller, account_id, user_id = asked.who, path_id(asked, "account_id"), path_id(asked, "user_id")
    found = await rights.account_for(app.runtime, caller, account_id, "PutAccountMember")
    if found.shop_id is not None:
        await rights.known_user(app.runtime, caller, user_id, found.shop_id)
    else:
        await rights.known_member(app.runtime, caller, user_id, await rights.people_of(app.runtime, found))
    role: str = asked.body.role
    event = account.RoleGiven(at=app.clock(), account_id=account_id, user_id=user_id, role=role)
    position = await commands.give_role(app.runtime, event, asked.meta)
    return shapes.RoleSet(user_id, position, role, account_id=account_id)


async def delete_account_member(app: App, asked: Asked) -> shapes.RoleSet:
    """Take a user's role on an account away."""
    caller, account_id, user_id = asked.who, path_id(asked, "account_id"), path_id(asked, "user_id")
    await rights.account_for(app.runtime, caller, account_id, "DeleteAccountMember")
    event = account.RoleTaken(at=app.clock(), account_id=account_id, user_id=user_id)
    return shapes.RoleSet(user_id, await commands.take_role(app.runtime, event, asked.meta), account_id=account_id)


async def shop_members(app: App, asked: Asked) -> shapes.Members:
    """Who owns a shop, and who is on its staff."""
    found = await rights.shop_for(app.runtime, asked.who, path_id(asked, "shop_id"), "ListShopMembers")
    return await members(app, found.people)


async def put_shop_member(app: App, asked: Asked) -> shapes.RoleSet:
    """Make a user owner or staff of a shop."""
    caller, shop_id, user_id = asked.who, path_id(asked, "shop_id"), path_id(asked, "user_id")
    await rights.shop_for(app.runtime, caller, shop_id, "PutShopMember")
    await rights.known_user(app.runtime, caller, user_id, shop_id)
    role: str = asked.body.role
    event = shop.ShopRoleGiven(at=app.clock(), shop_id=shop_id, user_id=user_id, role=role)
    return shapes.RoleSet(user_id, await commands.give_shop_role(app.runtime, event, asked.meta), role, shop_id=shop_id)


async def delete_shop_member(app: App, asked: Asked) -> shapes.RoleSet:
    """Take a user's role in a shop away."""
    caller, shop_id, user_id = asked.who, path_id(asked, "shop_id"), path_id(asked, "user_id")
    await rights.shop_for(app.runtime, caller, shop_id, "DeleteShopMember")
    event = shop.ShopRoleTaken(at=app.clock(), shop_id=shop_id, user_id=user_id)
    return shapes.RoleSet(user_id, await commands.take_shop_role(app.runtime, event, asked.meta), shop_id=shop_id)


async def members(app: App, roles: Mapping[UUID, str]) -> shapes.Members:
    """Return people with their names; the erased have none."""
    known = await app.access.people.of(list(roles))
    return shapes.Members(
        [
            shapes.Member(user_id, known[user_id].display_name if user_id in known else "", role)
            for user_id, role in sorted(roles.items())
        ]
    )


def path_id(asked: Asked, name: str) -> UUID:
    """Return an id that the path names. Raises INVALID_FIELD."""
    return checks.uuid(name, asked.path[name])


def own_id(asked: Asked, kind: str) -> UUID:
    """Name the new thing by caller and key: sent again, it names the same thing."""
    return derive_id(asked.who.user_id or OPERATOR_SCOPE, kind, asked.key)


def line(value: str) -> str:
    """Return a name as it is kept. Raises INVALID_FIELD."""
    return checks.line("name", value, 1, NAME_MAX)
