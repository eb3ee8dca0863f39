"""Puts the room together: everything about signing in, behind one object."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from showfloor.access.tokens import Signer
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.attempts import Attempts
from showfloor.gateway.access.callers import Callers
from showfloor.gateway.access.oidc import Oidc, UsedTokens
from showfloor.gateway.access.people import People
from showfloor.gateway.access.sign_ins import SignIns, unauthenticated
from showfloor.gateway.access.viewers import Passes
from showfloor.gateway.directory.views.people import VIEW
from showfloor.kernel.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in. `callers` is what other rooms ask."""

    runtime: Runtime
    sign_ins: SignIns
    people: People
    callers: Callers
    passes: Passes
    signer: Signer
    attempts: Attempts
    public_url: str
    clock: Clock
    oidc: Oidc | None
    used_tokens: UsedTokens

    async def by_id_token(self, token: str, nonce: str) -> UUID:
        """Return whose ID token this is, once. Raises Refusal UNAUTHENTICATED, TOKEN_USED, PROVIDER_UNAVAILABLE."""
        if self.oidc is None:
            raise unauthenticated("There is no sign-in provider here: sign in with a password or a link.")
        claims = await self.oidc.check(token, nonce)
        await self.used_tokens.take(token, claims["exp"])
        return await self.people.by_subject(claims)


@asynccontextmanager
async def open_access(
    runtime: Runtime,
    signer: Signer,
    passes: Passes,
    *,
    operator_key: str,
    public_url: str,
    oidc: Oidc | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[Access]:
    """Open the room on a migrated database; it watches for ended sign-ins while the block runs.

    `operator_key` "" switches the operator's routes off. `public_url` is where browsers reach the console.
    """
    sign_ins, people = SignIns(runtime.database, clock), People(runtime.database)
    callers = Callers(sign_ins, runtime.database, signer, passes, operator_key=operator_key, public_url=public_url)
    runtime.views.on_advance(lambda positions, _page: callers.forget() if VIEW.name in positions else None)
    stop = asyncio.Event()
    watching = asyncio.create_task(sign_ins.watch(stop), name="sign-ins")
    try:
        yield Access(
            runtime,
            sign_ins,
            people,
            callers,
            passes,
            signer,
            Attempts(),
            public_url.rstrip("/"),
            clock,
            oidc,
            UsedTokens(runtime.database, clock),
        )
    finally:
        stop.set()
        await watching
        if oidc is not None:
            await oidc.close()
