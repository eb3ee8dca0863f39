"""Users over HTTP: made by the operator or by shop owners, for their shop."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from showfloor.gateway.access.http import Body, answer, body, line, meta_of, path_id, request_key
from showfloor.gateway.access.people import checked_email
from showfloor.gateway.access.room import Access
from showfloor.gateway.directory import commands, rights
from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.user import UserAdded
from showfloor.gateway.directory.lists import caught_up
from showfloor.gateway.directory.views import people
from showfloor.kernel.ids import derive_id

OPERATOR_SCOPE = UUID("5b0e7f9e-6a1f-5c0e-9d59-0f3a5f3f7c11")  # ids of what operators add are derived from it
NAME_MAX = 60  # characters


class NewUser(Body, frozen=True, kw_only=True):
    email: str
    name: str
    shop_id: UUID | None = None


class Users:
    """Who may sign in."""

    def __init__(self, access: Access) -> None:
        self._access, self._runtime = access, access.runtime

    async def list(self, request: Request) -> Response:
        """Answer everybody to operators, to owners the people around their shops."""
        await caught_up(self._access)
        caller = rights.member(await self._access.callers.require(request))
        owned = None if caller.operator else rights.owned_shops(caller)
        if owned == []:
            raise refusals.not_yours("Listing users")
        ids = await people.users_of(self._runtime.database, owned)
        known = await self._access.people.of(ids)
        found = [known[user_id] for user_id in ids if user_id in known]
        rows = [{"user_id": one.user_id, "email": one.email, "name": one.display_name} for one in found]
        return answer({"users": rows})

    async def add(self, request: Request) -> Response:
        """Add a user, who signs in by a link of the operator's, or through the issuer that knows the address."""
        caller = rights.member(await self._access.callers.require(request))
        asked, key = await body(request, NewUser), request_key(request)
        shop_id = rights.the_shop(caller, asked.shop_id)
        if shop_id is not None:
            await rights.owned_shop(self._runtime, caller, shop_id, "Adding a user")
        name, email = line("name", asked.name, NAME_MAX), checked_email(asked.email)
        user_id = derive_id(caller.user_id or OPERATOR_SCOPE, "user", key)
        await self._access.people.add(user_id, name, email)
        added = UserAdded(at=self._access.clock(), user_id=user_id, shop_id=shop_id)
        position = await commands.add_user(self._runtime, added, meta_of(caller, key))
        return answer({"user_id": user_id, "email": email, "name": name, "position": position}, 201)

    async def erase(self, request: Request) -> Response:
        """For operators: end all sign-ins of a user and forget name, address and password; the id stays in facts."""
        caller = rights.member(await self._access.callers.require(request))
        if not caller.operator:
            raise refusals.not_yours("Erasing a user")
        user_id = path_id(request, "user_id")
        if not await self._access.people.erase(user_id):
            raise refusals.not_found("user")
        await self._access.sign_ins.end_all(user_id)
        return Response(status_code=204)
