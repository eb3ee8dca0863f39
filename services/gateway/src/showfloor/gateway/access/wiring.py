"""The wiring of access: one object holds everything about signing in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from showfloor.access.membership.relations import Membership
from showfloor.access.tokens import Signer, publish_keys
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.attempts import Attempts
from showfloor.gateway.access.callers import Callers
from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.oidc import Oidc, UsedTokens
from showfloor.gateway.access.people import People
from showfloor.gateway.access.sign_ins import SignIns, unauthenticated
from showfloor.gateway.access.viewers import ViewerTokens
from showfloor.gateway.config import Config
from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.settings import read_secret
from showfloor.service.builder import Builder


@dataclass(frozen=True, slots=True)
class Access:
    """The parts of access. `callers` authenticates requests."""

    runtime: Runtime
    sign_ins: SignIns
    people: People
    callers: Callers
    viewer_tokens: ViewerTokens
    signer: Signer
    attempts: Attempts
    public_url: str
    clock: Clock
    oidc: Oidc | None
    used_tokens: UsedTokens

    async def by_id_token(self, token: str, nonce: str) -> UUID:
        """Return the user of an ID token, once. Raises Refusal UNAUTHENTICATED, TOKEN_USED, PROVIDER_UNAVAILABLE."""
        if self.oidc is None:
            raise unauthenticated("There is no sign-in provider here: sign in with a password or a link.")
        claims = await self.oidc.check(token, nonce)
        await self.used_tokens.take(token, claims["exp"])
        return await self.people.by_subject(claims)


@asynccontextmanager
async def open_access(
    runtime: Runtime,
    membership: Membership,
    signer: Signer,
    viewer_tokens: ViewerTokens,
    *,
    operator_key: str,
    public_url: str,
    oidc: Oidc | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[Access]:
    """Open access on a migrated database; it watches for ended sign-ins while the block runs.

    `operator_key` "" switches the operator's routes off. `public_url` is where browsers reach the console.
    """
    sign_ins, people = SignIns(runtime.database, clock), People(runtime.database, runtime.sealing)
    callers = Callers(
        sign_ins, runtime.database, membership, signer, viewer_tokens, operator_key=operator_key, public_url=public_url
    )
    stop = asyncio.Event()
    watching = asyncio.create_task(sign_ins.watch(stop), name="sign-ins")
    try:
        yield Access(
            runtime,
            sign_ins,
            people,
            callers,
            viewer_tokens,
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


def _signing(config: Config) -> Signer:
    """Return the signer of internal tokens, and publish its keys where the settings say."""
    signer = Signer(config.signing_key_file)
    if config.internal_jwks is not None:
        publish_keys(signer, config.internal_jwks)
    return signer


def entering(base: Builder, config: Config) -> AbstractAsyncContextManager[Access]:
    """Open access as the settings say."""
    viewer_tokens = ViewerTokens(config.viewer_key_file or config.data / "viewers.key")
    key_file = config.operator_key_file
    operator_key = read_secret(key_file, variable="SHOWFLOOR_OPERATOR_KEY_FILE") if key_file else ""
    oidc = None
    if issuer := config.oidc_issuer:
        oidc = Oidc(issuer, config.oidc_audience, IssuerKeys(issuer, config.oidc_jwks_url), base.clock)
    keys = {"operator_key": operator_key, "public_url": config.public_url}
    signer = _signing(config)
    return open_access(base.runtime, base.members, signer, viewer_tokens, **keys, oidc=oidc, clock=base.clock)
