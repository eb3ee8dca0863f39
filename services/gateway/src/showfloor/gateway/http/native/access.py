"""Native routes of signing in and out, of the caller, and of the operator key."""

from uuid import UUID

import msgspec
from starlette.responses import Response

from showfloor.gateway.access.callers import COOKIE
from showfloor.gateway.access.first import bootstrap as make_first
from showfloor.gateway.access.people import address_key
from showfloor.gateway.access.sign_ins import LIFETIME, unauthenticated
from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import rights, shapes
from showfloor.gateway.http.native.lists import caught_up, mine
from showfloor.gateway.http.rate_limits import place
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.refusal import invalid
from showfloor.metrics.registry import METRICS

# Behind the hash the code never reaches a server's log, nor the next page as a referrer.
LINK_PATH = "/sign-in#link="


async def sign_in(gateway: Gateway, request: NativeRequest) -> Response:
    """Sign in with the address and password of a local account, with the code of a one-time link, or with an ID token
    of the OIDC provider. A code and an ID token are good for one sign-in."""
    body: shapes.SignIn = request.body
    if body.id_token:
        return await _signed_in(gateway, request, await gateway.access.by_id_token(body.id_token, body.nonce))
    if body.code:
        return await _signed_in(gateway, request, await gateway.access.sign_ins.use_link(body.code))
    if not body.email or not body.password:
        raise invalid(
            "password" if body.email else "email", "is needed, unless the code of a link or an ID token is given"
        )
    client, key = request.http.client, address_key(body.email)
    here = place(client.host) if client else ""
    gateway.access.attempts.admit(key, here)
    user_id = await gateway.access.people.by_password(body.email, body.password)
    gateway.access.attempts.forgive(key, here)
    return await _signed_in(gateway, request, user_id)


async def sign_in_by_link(gateway: Gateway, request: NativeRequest) -> Response:
    """Sign in with the code of a one-time link."""
    return await _signed_in(gateway, request, await gateway.access.sign_ins.use_link(request.body.token))


async def sign_out(gateway: Gateway, request: NativeRequest) -> Response:
    """End this sign-in: its cookie, its token and its streams are worth nothing within a second."""
    if request.optional_caller is not None and request.optional_caller.sign_in_id is not None:
        await gateway.access.sign_ins.end(request.optional_caller.sign_in_id)
    answer = Response(b"{}", media_type="application/json")
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(gateway, request))
    return answer


async def me(gateway: Gateway, request: NativeRequest) -> shapes.Me:
    """Who is calling, and for which shops and accounts they may act."""
    await caught_up(gateway.access)
    caller = await rights.anywhere(request.caller, "GetMe")
    known = await gateway.access.people.get(caller.user_id) if caller.user_id else None
    user = shapes.MyUser(caller.user_id, known.display_name, known.email) if known else shapes.MyUser(name="Operator")
    user.operator = caller.operator
    shops, accounts = await mine(gateway, caller)
    return msgspec.convert({"user": user, "shops": shops, "accounts": accounts}, shapes.Me, from_attributes=True)


async def set_password(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Choose a password; every other sign-in of the user ends."""
    user_id = (await rights.anywhere(request.caller, "SetPassword")).user_id
    assert user_id is not None, "the policy permits users alone"
    await gateway.access.people.set_password(user_id, request.body.password)
    await gateway.access.sign_ins.end_all(user_id, keep=request.caller.sign_in_id)
    return shapes.Done()


async def metrics_registry(gateway: Gateway, request: NativeRequest) -> shapes.Metrics:
    """Every number that Showfloor shows: its definition, formula and unit."""
    return shapes.Metrics([msgspec.convert(row, shapes.Metric, from_attributes=True) for row in METRICS])


async def currencies(gateway: Gateway, request: NativeRequest) -> shapes.Currencies:
    """The currencies that a shop can keep its books in, and how many decimals each has by ISO 4217."""
    return shapes.Currencies([shapes.Currency(code, digits) for code, digits in sorted(EXPONENTS.items())])


async def bootstrap(gateway: Gateway, request: NativeRequest) -> shapes.Bootstrapped:
    """Make the first shop, its account and its owner, once. Nobody gets a password: the owner signs in by link."""
    await rights.anywhere(request.caller, "Bootstrap")
    first = await make_first(gateway.access, request.meta)
    return shapes.Bootstrapped(first.shop_id, first.account_id, first.user_id)


async def create_link(gateway: Gateway, request: NativeRequest) -> shapes.Link:
    """Make a link that signs a user in once within ten minutes: the given user, else the first of the system."""
    await rights.anywhere(request.caller, "CreateSignInLink")
    user_id = request.body.user_id or (await make_first(gateway.access, request.meta)).user_id
    if await gateway.access.people.get(user_id) is None:
        raise refusals.not_found("user")
    code, expires = await gateway.access.sign_ins.new_link(user_id)
    base = gateway.access.public_url or str(request.http.base_url).rstrip("/")
    return shapes.Link(base + LINK_PATH + code, code, expires)


async def _signed_in(gateway: Gateway, request: NativeRequest, user_id: UUID) -> Response:
    person = await gateway.access.people.get(user_id)
    if person is None:  # erased since the link was made
        raise unauthenticated("There is no such user any more.")
    token, sign_in = await gateway.access.sign_ins.start(user_id)
    if await gateway.access.people.get(user_id) is None:  # erased meanwhile: their sign-ins may have been ended before
        await gateway.access.sign_ins.end(sign_in.sign_in_id)
        raise unauthenticated("There is no such user any more.")
    body = shapes.SignedIn(token, sign_in.expires_at, shapes.User(user_id, person.display_name, person.email))
    answer = Response(msgspec.json.encode(body), media_type="application/json")
    secure, age = _secure(gateway, request), int(LIFETIME.total_seconds())
    answer.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="strict", secure=secure)
    return answer


def _secure(gateway: Gateway, request: NativeRequest) -> bool:
    return request.http.url.scheme == "https" or gateway.access.public_url.startswith("https://")
