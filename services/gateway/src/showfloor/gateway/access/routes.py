"""Signing in and out over HTTP, and what the operator key opens."""

from datetime import datetime
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from showfloor.gateway.access.callers import COOKIE, Caller
from showfloor.gateway.access.first import bootstrap
from showfloor.gateway.access.http import Body, answer, body, meta_of
from showfloor.gateway.access.people import address_key
from showfloor.gateway.access.room import Access
from showfloor.gateway.access.sign_ins import LIFETIME, unauthenticated
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid

MAX_PASSWORD = 1_000  # characters looked at before anything is hashed


class SignInBody(Body, frozen=True, kw_only=True):
    email: str | None = None
    password: str | None = None
    code: str | None = None


class LinkBody(Body, frozen=True, kw_only=True):
    token: str


class PasswordBody(Body, frozen=True, kw_only=True):
    password: str


class LinkFor(Body, frozen=True, kw_only=True):
    user_id: UUID | None = None


class Doors:
    """The ways in and out."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def sign_in(self, request: Request) -> Response:
        """By address and password, or by the code of a link."""
        asked = await body(request, SignInBody)
        if asked.code is not None:
            return await self._by_code(request, asked.code)
        if asked.email is None or asked.password is None:
            raise invalid("email", "and password are needed, or the code of a link")
        if len(asked.password) > MAX_PASSWORD:
            raise unauthenticated("Address and password do not match.")
        key, place = address_key(asked.email), request.client.host if request.client else ""
        self._access.attempts.admit(key, place)
        user_id = await self._access.people.by_password(asked.email, asked.password)
        self._access.attempts.forgive(key, place)
        return await self._signed_in(request, user_id)

    async def by_link(self, request: Request) -> Response:
        return await self._by_code(request, (await body(request, LinkBody)).token)

    async def sign_out(self, request: Request) -> Response:
        """End the sign-in; without one only the cookie goes."""
        try:
            caller = await self._access.callers.identify(request)
        except Refusal as refusal:
            if refusal.kind is not RefusalKind.UNAUTHENTICATED:
                raise
            caller = None
        if caller is not None and caller.sign_in_id is not None:
            await self._access.sign_ins.end(caller.sign_in_id)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self._secure(request))
        return response

    async def set_password(self, request: Request) -> Response:
        """Choose a password; every other sign-in of the user ends."""
        caller = await self._access.callers.require(request)
        if caller.user_id is None:
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "Only a user has a password.")
        await self._access.people.set_password(caller.user_id, (await body(request, PasswordBody)).password)
        await self._access.sign_ins.end_all(caller.user_id, keep=caller.sign_in_id)
        return Response(status_code=204)

    async def _by_code(self, request: Request, code: str) -> Response:
        return await self._signed_in(request, await self._access.sign_ins.use_link(code))

    async def _signed_in(self, request: Request, user_id: UUID) -> Response:
        person = await self._access.people.get(user_id)
        if person is None:  # erased since the link was made
            raise unauthenticated("There is no such user any more.")
        token, sign_in = await self._access.sign_ins.start(user_id)
        user = {"user_id": user_id, "email": person.email, "name": person.display_name}
        response = answer({"token": token, "expires_time": rfc3339(sign_in.expires_at), "user": user})
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=self._secure(request),
        )
        return response

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or self._access.public_url.startswith("https://")


class Operator:
    """What only the operator key opens."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def bootstrap(self, request: Request) -> Response:
        caller = await self._operator(request)
        return answer(msgspec.to_builtins(await bootstrap(self._access, meta_of(caller, "bootstrap"))))

    async def new_link(self, request: Request) -> Response:
        """Make a link that signs a user in once: the given one, else the first user of the system."""
        caller = await self._operator(request)
        user_id = (await body(request, LinkFor)).user_id
        if user_id is None:
            user_id = (await bootstrap(self._access, meta_of(caller, "bootstrap"))).user_id
        if await self._access.people.get(user_id) is None:
            raise Refusal(RefusalKind.NOT_FOUND, "USER_NOT_FOUND", "There is no such user, or it is not yours.")
        code, expires = await self._access.sign_ins.new_link(user_id)
        # Behind the hash the code never reaches a server's log, nor the next page as a referrer.
        url = f"{self._access.public_url or str(request.base_url).rstrip('/')}/#/sign-in?link={code}"
        return answer({"code": code, "url": url, "expires_time": rfc3339(expires)})

    async def _operator(self, request: Request) -> Caller:
        caller = await self._access.callers.require(request)
        if not caller.operator:
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "This needs the operator key.")
        return caller


def rfc3339(moment: datetime) -> str:
    """Return a time in UTC to the millisecond, with Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def routes(access: Access) -> list[BaseRoute]:
    """Return the room's routes."""
    doors, operator = Doors(access), Operator(access)

    async def keys(_: Request) -> Response:
        return answer(access.signer.jwks())

    return [
        Route("/.well-known/jwks.json", keys, methods=["GET"]),
        Route("/v1/sign-in", doors.sign_in, methods=["POST"]),
        Route("/v1/sign-in/link", doors.by_link, methods=["POST"]),
        Route("/v1/sign-out", doors.sign_out, methods=["POST"]),
        Route("/v1/me/password", doors.set_password, methods=["POST"]),
        Route("/v1/operator/bootstrap", operator.bootstrap, methods=["POST"]),
        Route("/v1/operator/sign-in-links", operator.new_link, methods=["POST"]),
    ]
