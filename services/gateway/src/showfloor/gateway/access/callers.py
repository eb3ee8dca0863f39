"""Authentication: from the cookie or token of a request to an actor, and from an actor to the internal token."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.instant import Instant
from showfloor.access.membership.relations import Membership, Nobody
from showfloor.access.membership.tables import subject_of, subject_of_connector
from showfloor.access.policy import authorize
from showfloor.access.remembered import ACTOR_BYTES, Remembered
from showfloor.access.resources import Resource
from showfloor.access.tokens import LEEWAY_S, Signer
from showfloor.eventstore.query import Database
from showfloor.gateway.access.connectors import connector_of, is_credential
from showfloor.gateway.access.sign_ins import Asking, SignIns, may_ask, unauthenticated
from showfloor.gateway.access.viewers import ViewerToken, ViewerTokens, is_viewer_token
from showfloor.kernel.refusal import Refusal, RefusalKind

COOKIE = "showfloor_session"
CONSOLE_HEADER = "x-showfloor-console"  # a page of another origin cannot send it without asking us first
KEPT_SECONDS = 30.0
KEPT_BYTES = 32 * 1024 * 1024  # of actors, and as much of their tokens and of callers

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NOBODY = Nobody()
_OPERATOR = Actor(subject="operator:key", kind=ActorKind.OPERATOR)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller. `key` names them in limits and in the table of idempotent requests."""

    key: str
    actor: Actor
    user_id: UUID | None = None
    sign_in_id: UUID | None = None
    by_cookie: bool = False
    viewer: ViewerToken | None = None
    membership: Membership = _NOBODY

    @property
    def operator(self) -> bool:
        """True for the operator key."""
        return self.actor.kind is ActorKind.OPERATOR

    async def may(self, action: str, resource: Resource, thing: str = "") -> None:
        """Authorize an action on a thing. Raises as `authorize`."""
        await authorize(self.actor, action, resource, self.membership, thing)


class Credentials(Protocol):
    """The part of a request that says who sent it, such as a Starlette Request."""

    @property
    def method(self) -> str: ...
    @property
    def headers(self) -> Any: ...
    @property
    def cookies(self) -> Any: ...


class Callers:
    """Authenticates requests. Actors and internal tokens are kept for half a minute, and made anew when the directory
    has moved: each names the position that services must have reached. Tokens are also dropped when somebody sets the
    clock, because services judge them by it."""

    def __init__(
        self,
        sign_ins: SignIns,
        database: Database,
        membership: Membership,
        signer: Signer,
        viewer_tokens: ViewerTokens,
        *,
        operator_key: str,
        public_url: str = "",
        now: Callable[[], Instant] = Instant.now,
    ) -> None:
        self._sign_ins, self._database, self.membership, self._now = sign_ins, database, membership, now
        self._signer, self._viewer_tokens, self._operator_key = signer, viewer_tokens, operator_key.encode()
        address = urlsplit(public_url)
        self._origin = f"{address.scheme}://{address.netloc}" if address.netloc else ""
        self._actors: Remembered[tuple[UUID, str], Actor] = Remembered(KEPT_BYTES, KEPT_SECONDS, lambda _: ACTOR_BYTES)
        self._tokens: Remembered[tuple[str, str], tuple[Instant, Actor, str]] = Remembered(
            KEPT_BYTES, KEPT_SECONDS, lambda kept: len(kept[2]) + ACTOR_BYTES
        )
        self._callers: Remembered[UUID, Caller] = Remembered(KEPT_BYTES, KEPT_SECONDS, lambda _: ACTOR_BYTES)

    async def require(self, request: Credentials) -> Caller:
        """Return the caller. Raises Refusal UNAUTHENTICATED, CSRF."""
        caller = await self.identify(request)
        if caller is None:
            raise unauthenticated()
        return caller

    async def identify(self, request: Credentials, before_asking: Asking = may_ask) -> Caller | None:
        """Return the caller, None for a request without credentials. Raises Refusal UNAUTHENTICATED for bad
        credentials, CSRF for a change that a browser sent with our cookie on behalf of another page.

        `before_asking` is called before the database is asked about a token that is not remembered. What it raises is
        raised.
        """
        header = request.headers.get("authorization", "")
        if header:
            scheme, _, token = header.partition(" ")
            if scheme.casefold() != "bearer" or not token.strip():
                raise unauthenticated("Send `Authorization: Bearer <token>`.")
            return await self._bearer(token.strip(), before_asking)
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        if request.method not in _SAFE and not self._ours(request):
            text = "A change sent with the cookie must come from the console: send the header X-Showfloor-Console: 1."
            raise Refusal(RefusalKind.DENIED, "CSRF", text)
        try:
            return await self._user(cookie, before_asking, by_cookie=True)
        except Refusal as refusal:
            if refusal.kind is not RefusalKind.UNAUTHENTICATED:
                raise
            return None  # a page cannot drop this cookie: an expired one must not block a new sign-in

    def internal_token(self, actor: Actor) -> str:
        """Return the token by which services know the actor. It is made anew at once when roles have changed."""
        now, key = self._now(), (actor.subject, actor.token_id)
        kept = self._tokens.get(key)
        if kept is not None and kept[1] == actor and kept[0].within(KEPT_SECONDS, now, LEEWAY_S / 2):
            return kept[2]
        token = self._signer.sign(actor)
        self._tokens.put(key, (now, actor, token))
        return token

    def actor_of(self, user_id: UUID, token_id: str = "") -> Actor:
        """Return the actor of a user, at the directory's newest position."""
        key, position = (user_id, token_id), self.membership.position
        kept = self._actors.get(key)
        if kept is not None and kept.directory_position == position:
            return kept
        subject = subject_of(str(user_id))
        actor = Actor(subject=subject, kind=ActorKind.USER, token_id=token_id, directory_position=position)
        self._actors.put(key, actor)
        return actor

    async def _bearer(self, token: str, before_asking: Asking) -> Caller:
        if self._operator_key and hmac.compare_digest(token.encode(errors="replace"), self._operator_key):
            return Caller("operator", _OPERATOR, membership=self.membership)
        if is_credential(token):
            return await self._connector(token, before_asking)
        if token.count(".") != 2:
            return await self._user(token, before_asking, by_cookie=False)
        if not is_viewer_token(token):
            raise unauthenticated("This token opens nothing by itself: an ID token is changed for one at /v1/sign-in.")
        viewer = self._viewer_tokens.read(token)
        return Caller(f"viewer:{viewer.viewer_ref}", viewer.actor(), viewer=viewer, membership=self.membership)

    async def _connector(self, token: str, before_asking: Asking) -> Caller:
        before_asking()
        position = self.membership.position  # before the question: what is learned later is not waited for in vain
        found = await connector_of(self._database, token)
        subject = subject_of_connector(str(found.connector_id))
        actor = Actor(subject=subject, kind=ActorKind.SERVICE, scopes=found.scopes, directory_position=position)
        return Caller(subject, actor, membership=self.membership)

    async def _user(self, token: str, before_asking: Asking, *, by_cookie: bool) -> Caller:
        sign_in = await self._sign_ins.find(token, before_asking)
        actor = self.actor_of(sign_in.user_id, str(sign_in.sign_in_id))
        kept = self._callers.get(sign_in.sign_in_id)
        if kept is not None and kept.actor is actor and kept.by_cookie == by_cookie:
            return kept
        key, user_id, sign_in_id = f"user:{sign_in.user_id}", sign_in.user_id, sign_in.sign_in_id
        caller = Caller(key, actor, user_id, sign_in_id, by_cookie, membership=self.membership)
        self._callers.put(sign_in.sign_in_id, caller)
        return caller

    def _ours(self, request: Credentials) -> bool:
        if request.headers.get(CONSOLE_HEADER):
            return True
        origin = request.headers.get("origin", "")
        if not origin or origin == "null":
            return False
        return origin == self._origin or same_place(origin, request.headers.get("host", ""))


def same_place(origin: str, host: str) -> bool:
    """Tell whether an Origin header names the place that the request was sent to."""
    try:
        place = urlsplit(origin).netloc
    except ValueError:  # "http://[", for one
        return False
    return bool(place) and place == host
