"""Who works on an account or for a shop, over HTTP."""

from collections.abc import Mapping
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.http import Body, answer, body, meta_of, path_id, request_key
from showfloor.gateway.access.room import Access
from showfloor.gateway.directory import commands, rights
from showfloor.gateway.directory.domain import account, shop
from showfloor.kernel.refusal import invalid


class RoleBody(Body, frozen=True, kw_only=True):
    role: str


class Members:
    """People and their roles. A user has at most one role on an account, and one in a shop."""

    def __init__(self, access: Access) -> None:
        self._access, self._runtime = access, access.runtime

    async def of_account(self, request: Request) -> Response:
        caller = await self._caller(request)
        found = await rights.account_for(self._runtime, caller, path_id(request, "account_id"), "ListPeople")
        return await self._listed(found.people)

    async def put_in_account(self, request: Request) -> Response:
        caller, account_id, user_id = await self._caller(request), *_ids(request, "account_id")
        role, key = (await body(request, RoleBody)).role, request_key(request)
        found = await rights.account_for(self._runtime, caller, account_id, "AssignRole")
        _one_of(role, account.ROLES)
        assert found.shop_id is not None
        await rights.known_user(self._runtime, caller, user_id, found.shop_id)
        given = account.RoleGiven(at=self._access.clock(), account_id=account_id, user_id=user_id, role=role)
        position = await commands.give_role(self._runtime, given, meta_of(caller, key))
        return answer({"account_id": account_id, "user_id": user_id, "role": role, "position": position})

    async def take_from_account(self, request: Request) -> Response:
        caller, account_id, user_id = await self._caller(request), *_ids(request, "account_id")
        key = request_key(request)
        await rights.account_for(self._runtime, caller, account_id, "RevokeRole")
        taken = account.RoleTaken(at=self._access.clock(), account_id=account_id, user_id=user_id)
        position = await commands.take_role(self._runtime, taken, meta_of(caller, key))
        return answer({"account_id": account_id, "user_id": user_id, "position": position})

    async def of_shop(self, request: Request) -> Response:
        caller, shop_id = await self._caller(request), path_id(request, "shop_id")
        found = await rights.owned_shop(self._runtime, caller, shop_id, "Listing the people of a shop")
        return await self._listed(found.people)

    async def put_in_shop(self, request: Request) -> Response:
        caller, shop_id, user_id = await self._caller(request), *_ids(request, "shop_id")
        role, key = (await body(request, RoleBody)).role, request_key(request)
        await rights.owned_shop(self._runtime, caller, shop_id, "Choosing who works for a shop")
        _one_of(role, shop.ROLES)
        await rights.known_user(self._runtime, caller, user_id, shop_id)
        given = shop.ShopRoleGiven(at=self._access.clock(), shop_id=shop_id, user_id=user_id, role=role)
        position = await commands.give_shop_role(self._runtime, given, meta_of(caller, key))
        return answer({"shop_id": shop_id, "user_id": user_id, "role": role, "position": position})

    async def take_from_shop(self, request: Request) -> Response:
        caller, shop_id, user_id = await self._caller(request), *_ids(request, "shop_id")
        key = request_key(request)
        await rights.owned_shop(self._runtime, caller, shop_id, "Choosing who works for a shop")
        taken = shop.ShopRoleTaken(at=self._access.clock(), shop_id=shop_id, user_id=user_id)
        position = await commands.take_shop_role(self._runtime, taken, meta_of(caller, key))
        return answer({"shop_id": shop_id, "user_id": user_id, "position": position})

    async def _caller(self, request: Request) -> Caller:
        return rights.member(await self._access.callers.require(request))

    async def _listed(self, roles: Mapping[UUID, str]) -> Response:
        known = await self._access.people.of(list(roles))
        rows = [
            {"user_id": user_id, "role": role, "name": known[user_id].display_name if user_id in known else ""}
            for user_id, role in sorted(roles.items())
        ]
        return answer({"members": rows})


def _ids(request: Request, name: str) -> tuple[UUID, UUID]:
    return path_id(request, name), path_id(request, "user_id")


def _one_of(role: str, roles: tuple[str, ...]) -> None:
    if role not in roles:
        raise invalid("role", f"must be one of {', '.join(roles)}")
