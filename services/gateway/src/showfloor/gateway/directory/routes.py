"""The directory over HTTP. Lists contain everything written before they were asked for."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.http import Body, answer, body, line, meta_of, request_key
from showfloor.gateway.access.room import Access
from showfloor.gateway.directory import commands, rights
from showfloor.gateway.directory.domain.account import KINDS, AccountAdded
from showfloor.gateway.directory.domain.creator import CreatorAdded
from showfloor.gateway.directory.domain.shop import ShopAdded
from showfloor.gateway.directory.lists import accounts_for, caught_up, shops_for
from showfloor.gateway.directory.members import Members
from showfloor.gateway.directory.users import OPERATOR_SCOPE, Users
from showfloor.gateway.directory.views import people
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks

NAME_MAX = 80  # characters


class NewShop(Body, frozen=True, kw_only=True):
    name: str
    currency: str
    owner_user_id: UUID | None = None  # for operators, who own nothing themselves


class NewAccount(Body, frozen=True, kw_only=True):
    name: str
    kind: str
    shop_id: UUID


class NewCreator(Body, frozen=True, kw_only=True):
    name: str
    shop_id: UUID


class Directory:
    """Shops, accounts and creators."""

    def __init__(self, access: Access) -> None:
        self._access, self._runtime = access, access.runtime

    async def list_shops(self, request: Request) -> Response:
        caller = await self._reader(request)
        shops = await shops_for(self._access, caller)
        return answer({"shops": shops})

    async def add_shop(self, request: Request) -> Response:
        caller = rights.member(await self._access.callers.require(request))
        rights.may_add_shops(caller)
        asked, key = await body(request, NewShop), request_key(request)
        if asked.owner_user_id is not None and not caller.operator:
            raise invalid("owner_user_id", "is for operators: a shop that you add is your own")
        owner = caller.user_id or asked.owner_user_id
        shop = ShopAdded(
            at=self._access.clock(),
            shop_id=derive_id(caller.user_id or OPERATOR_SCOPE, "shop", key),
            name=line("name", asked.name, NAME_MAX),
            currency=_currency(asked.currency),
        )
        if asked.owner_user_id is not None:
            await rights.known_user(self._runtime, caller, asked.owner_user_id, shop.shop_id)
        position = await commands.add_shop(self._runtime, shop, owner, meta_of(caller, key))
        made = {"shop_id": shop.shop_id, "name": shop.name, "currency": shop.currency, "position": position}
        return answer(made, 201)

    async def list_accounts(self, request: Request) -> Response:
        caller = await self._reader(request)
        accounts = await accounts_for(self._access, caller)
        if wanted := request.query_params.get("shop_id"):
            shop_id = checks.uuid("shop_id", wanted)
            await rights.seen_shop(self._runtime, caller, shop_id)
            accounts = [account for account in accounts if account["shop_id"] == shop_id]
        return answer({"accounts": accounts})

    async def add_account(self, request: Request) -> Response:
        caller = rights.member(await self._access.callers.require(request))
        asked, key = await body(request, NewAccount), request_key(request)
        shop = await rights.owned_shop(self._runtime, caller, asked.shop_id, "Adding an account")
        if asked.kind not in KINDS:
            raise invalid("kind", f"must be one of {', '.join(KINDS)}")
        account = AccountAdded(
            at=self._access.clock(),
            account_id=derive_id(asked.shop_id, "account", key),
            shop_id=asked.shop_id,
            name=line("name", asked.name, NAME_MAX),
            kind=asked.kind,
        )
        position = await commands.add_account(self._runtime, account, meta_of(caller, key))
        made = {"account_id": account.account_id, "name": account.name, "kind": account.kind}
        return answer({**made, "shop_id": account.shop_id, "currency": shop.currency, "position": position}, 201)

    async def list_creators(self, request: Request) -> Response:
        caller = await self._reader(request)
        shops = None if caller.operator else list(caller.actor.shops)
        return answer({"creators": await people.creators_of(self._runtime.database, shops)})

    async def add_creator(self, request: Request) -> Response:
        caller = rights.member(await self._access.callers.require(request))
        asked, key = await body(request, NewCreator), request_key(request)
        await rights.owned_shop(self._runtime, caller, asked.shop_id, "Adding a creator")
        creator = CreatorAdded(
            at=self._access.clock(),
            creator_id=derive_id(asked.shop_id, "creator", key),
            shop_id=asked.shop_id,
            name=line("name", asked.name, NAME_MAX),
        )
        position = await commands.add_creator(self._runtime, creator, meta_of(caller, key))
        made = {"creator_id": creator.creator_id, "shop_id": creator.shop_id, "name": creator.name}
        return answer({**made, "position": position}, 201)

    async def me(self, request: Request) -> Response:
        caller = await self._reader(request)
        known = await self._access.people.get(caller.user_id) if caller.user_id else None
        user: dict[str, Any] = {"user_id": caller.user_id or "operator", "operator": caller.operator}
        user |= {"email": known.email, "name": known.display_name} if known else {"name": "Operator"}
        shops, accounts = await shops_for(self._access, caller), await accounts_for(self._access, caller)
        return answer({"user": user, "shops": shops, "accounts": accounts})

    async def _reader(self, request: Request) -> Caller:
        """Return who asks, once the view holds everything written so far. Raises UNAUTHENTICATED, NOT_YET."""
        await caught_up(self._access)
        return rights.member(await self._access.callers.require(request))


def routes(access: Access) -> list[BaseRoute]:
    """Return the directory's routes under /v1."""
    directory, users, members = Directory(access), Users(access), Members(access)
    account, shop = "/v1/accounts/{account_id}/members", "/v1/shops/{shop_id}/members"
    return [
        Route("/v1/me", directory.me, methods=["GET"]),
        Route("/v1/shops", directory.list_shops, methods=["GET"]),
        Route("/v1/shops", directory.add_shop, methods=["POST"]),
        Route("/v1/accounts", directory.list_accounts, methods=["GET"]),
        Route("/v1/accounts", directory.add_account, methods=["POST"]),
        Route("/v1/creators", directory.list_creators, methods=["GET"]),
        Route("/v1/creators", directory.add_creator, methods=["POST"]),
        Route("/v1/users", users.list, methods=["GET"]),
        Route("/v1/users", users.add, methods=["POST"]),
        Route("/v1/users/{user_id}", users.erase, methods=["DELETE"]),
        Route(account, members.of_account, methods=["GET"]),
        Route(account + "/{user_id}", members.put_in_account, methods=["PUT"]),
        Route(account + "/{user_id}", members.take_from_account, methods=["DELETE"]),
        Route(shop, members.of_shop, methods=["GET"]),
        Route(shop + "/{user_id}", members.put_in_shop, methods=["PUT"]),
        Route(shop + "/{user_id}", members.take_from_shop, methods=["DELETE"]),
    ]


def _currency(value: str) -> str:
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise invalid("currency", "must be an ISO 4217 code in capitals, such as USD")
    return value
