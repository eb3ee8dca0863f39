"""Sign-ins: opaque tokens in a cookie or a header, revocable within a second on every replica.

Known sign-ins are remembered in memory. Once a second at most, one query fetches what was revoked anywhere;
while that query fails, nothing remembered is trusted, so an outage can never keep a revoked sign-in alive.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.gateway.access.secrets import digest, new_secret
from showfloor.gateway.sweeping import sweep
from showfloor.kernel.clock import Clock
from showfloor.kernel.ids import new_id
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.logging import get_logger

log = get_logger(__name__)

LIFETIME = timedelta(days=14)
LINK_LIFETIME = timedelta(minutes=10)
POLL_SECONDS = 0.4
TRUST_SECONDS = 0.9  # how old the last look at revocations may be
REMEMBERED = 20_000
LOOK_BACK_SECONDS = 30  # a revocation is committed long before this
FORGET_SECONDS = 10.0  # after such a pause a look back could miss one: everything is read anew

_ENDED = f"SELECT sign_in_id FROM sign_in WHERE revoked_at > now() - interval '{LOOK_BACK_SECONDS} seconds'"  # noqa: S608


class SignIn(msgspec.Struct, frozen=True):
    """A sign-in of a user, and when it ends."""

    sign_in_id: UUID
    user_id: UUID
    expires_at: datetime


Revoked = Callable[[UUID], None]
Asking = Callable[[], None]


def may_ask() -> None:
    """Allow every look at the database."""


class SignIns:
    """The sign-ins of this gateway. `watch` must run while it serves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._known: OrderedDict[bytes, SignIn] = OrderedDict()
        self._looked_at = float("-inf")
        self._told: OrderedDict[UUID, None] = OrderedDict()
        self._listeners: list[Revoked] = []

    def on_revoked(self, listener: Revoked) -> None:
        """Call `listener(sign_in_id)` when a sign-in ends early, here or on another replica."""
        self._listeners.append(listener)

    async def start(self, user_id: UUID) -> tuple[str, SignIn]:
        """Sign a user in; return the secret token and the sign-in."""
        token = new_secret()
        sign_in = SignIn(new_id(), user_id, self._clock() + LIFETIME)
        await self._database.fetch(
            # Sent again after an answer that was lost, it meets its own row, because the secret is its own.
            "INSERT INTO sign_in AS s (token_hash, sign_in_id, user_id, expires_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (token_hash) DO UPDATE SET expires_at = s.expires_at RETURNING true",
            (digest(token), sign_in.sign_in_id, user_id, sign_in.expires_at),
        )
        return token, sign_in

    async def find(self, token: str, before_asking: Asking = may_ask) -> SignIn:
        """Return the sign-in of a token. Raises Refusal UNAUTHENTICATED, and what `before_asking` raises: it is
        called before the database is asked."""
        key = digest(token)
        found = self._known.get(key) if time.monotonic() - self._looked_at < TRUST_SECONDS else None
        if found is None:
            before_asking()
            sql = "SELECT sign_in_id, user_id, expires_at FROM sign_in WHERE token_hash = %s AND revoked_at IS NULL"
            found = await self._database.fetch_one(sql, (key,), into=SignIn)
        if found is None or found.expires_at <= self._clock() or found.sign_in_id in self._told:
            raise unauthenticated("The sign-in has ended: sign in again.")
        self._known[key] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    async def end(self, sign_in_id: UUID) -> None:
        """Sign out: the token is refused from now on."""
        sql = "UPDATE sign_in SET revoked_at = now() WHERE sign_in_id = %s AND revoked_at IS NULL RETURNING true"
        await self._database.fetch(sql, (sign_in_id,))
        self._forget([sign_in_id])

    async def end_all(self, user_id: UUID, keep: UUID | None = None) -> None:
        """Sign a user out everywhere, but for the sign-in `keep`; links not used yet are void, too."""
        sql = (
            "UPDATE sign_in SET revoked_at = now() WHERE user_id = %s AND revoked_at IS NULL"
            " AND sign_in_id IS DISTINCT FROM %s RETURNING sign_in_id"
        )
        self._forget([row["sign_in_id"] for row in await self._database.fetch(sql, (user_id, keep))])
        void = "UPDATE sign_in_link SET used_at = now() WHERE user_id = %s AND used_at IS NULL RETURNING true"
        await self._database.fetch(void, (user_id,))

    async def new_link(self, user_id: UUID) -> tuple[str, datetime]:
        """Return a one-time code that signs a user in, and until when it is good."""
        code, expires = new_secret(), self._clock() + LINK_LIFETIME
        await self._database.fetch(
            "INSERT INTO sign_in_link AS s (code_hash, user_id, expires_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (code_hash) DO UPDATE SET expires_at = s.expires_at RETURNING true",
            (digest(code), user_id, expires),
        )
        return code, expires

    async def use_link(self, code: str) -> UUID:
        """Return the user of a link, once. Raises Refusal UNAUTHENTICATED."""
        sql = (
            "UPDATE sign_in_link SET used_at = now() WHERE code_hash = %s AND used_at IS NULL AND expires_at > %s"
            " RETURNING user_id"
        )
        row = await self._database.fetch_one(sql, (digest(code), self._clock()))
        if row is None:
            text = "The link was used already or has expired: ask for a new one with `showfloor token`."
            raise Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", text)
        return UUID(str(row["user_id"]))

    async def sweep(self) -> None:
        """Delete sign-ins and links that would be refused as expired."""
        for table in ("sign_in", "sign_in_link"):
            await sweep(self._database, table, "expires_at", self._clock())

    async def watch(self, stop: asyncio.Event) -> None:
        """Look for revocations until `stop` is set. It is an event, because a pool may swallow a cancellation."""
        while not stop.is_set():
            try:
                await self._look()
            except Refusal:  # the database is away: nothing remembered is trusted until it is back
                pass
            except Exception:  # this loop must go on: it tries again after any error
                log.exception("ended sign-ins cannot be looked for")
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await stop.wait()

    async def _look(self) -> None:
        started = time.monotonic()
        rows = await self._database.fetch(_ENDED)
        if started - self._looked_at > FORGET_SECONDS:
            self._known.clear()
        self._forget([row["sign_in_id"] for row in rows])
        self._looked_at = started

    def _forget(self, ended: list[UUID]) -> None:
        if not ended:
            return
        gone = set(ended)  # also those told before: one may have been remembered while its end was on the way
        for key in [key for key, known in self._known.items() if known.sign_in_id in gone]:
            del self._known[key]
        for sign_in in gone - self._told.keys():
            self._told[sign_in] = None
            for listener in self._listeners:
                listener(sign_in)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)


def unauthenticated(text: str = "Sign in first.") -> Refusal:
    """Return the refusal of a request without a valid sign-in."""
    return Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", text)
