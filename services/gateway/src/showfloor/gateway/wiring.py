"""Plugs everything together: the only module that knows everyone."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.access.policy import require_policies
from showfloor.access.tokens import Signer, Verifier, publish_keys
from showfloor.eventstore.alive import SignOfLife
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.gateway.access.callers import Callers
from showfloor.gateway.access.issuer_keys import IssuerKeys
from showfloor.gateway.access.oidc import Oidc
from showfloor.gateway.access.room import Access, open_access
from showfloor.gateway.access.viewers import Passes
from showfloor.gateway.api.front import Front
from showfloor.gateway.api.idempotency import Idempotency
from showfloor.gateway.api.own import actions
from showfloor.gateway.app import App
from showfloor.gateway.clients import Clients
from showfloor.gateway.config import Config
from showfloor.gateway.directory.commands import DECIDERS
from showfloor.gateway.directory.views import people
from showfloor.gateway.edges.subscribe import NAME, subscription
from showfloor.gateway.guard import Patience
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.room import live_streams
from showfloor.gateway.machinery import Machinery, NoPublicEvents
from showfloor.gateway.migrate import MIGRATIONS
from showfloor.gateway.sweeping import sweeping
from showfloor.gateway.watch.signals import SignalBatcher, Store
from showfloor.gateway.web import serving
from showfloor.kernel.clock import Clock, utc_now
from showfloor.messaging.bus import Bus
from showfloor.messaging.nats_bus import NatsBus
from showfloor.observability.tasks import stop
from showfloor.platform.health import Health
from showfloor.platform.process import Shutdown, listening
from showfloor.platform.settings import read_secret
from showfloor.rpc.operator import log_service, operator_service
from showfloor.rpc.server import Limits, Server


async def serve(config: Config, shutdown: Shutdown) -> None:
    """Run the gateway until it is asked to stop."""
    require_policies(actions())
    await asyncio.to_thread(MIGRATIONS.require, config.database_url)
    bus = await NatsBus.connect(
        config.nats_url, name=NAME, user=config.nats_user or None, password=config.nats_password()
    )
    try:
        async with running(config, bus, health=shutdown.health):
            shutdown.health.ready()
            await shutdown.wait()
    finally:
        await bus.close()


@asynccontextmanager
async def running(config: Config, bus: Bus, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the gateway on a migrated database while the block runs; yields the port of its web server, 0 for none."""
    async with AsyncExitStack() as stack:
        signer = Signer(config.signing_key_file)
        if config.internal_jwks is not None:
            publish_keys(signer, config.internal_jwks)
        runtime = await stack.enter_async_context(
            open_store(config.database_url, DECIDERS, [people.VIEW], keep=config.keep_views_s)
        )
        if health is not None:
            health.watch("writer", runtime.store.alive)
            health.watch("views", runtime.views.alive)
            health.wait_for("views", runtime.views.building)
        clients = Clients(config.session_address)
        stack.push_async_callback(clients.close)
        access = await _access(stack, config, clock, runtime, signer)
        store = _store(clients, access.callers)
        signals = SignalBatcher(store, access.passes.secret, clock)
        life = SignOfLife(config.database_url)
        idempotency = Idempotency(runtime.database, life.number)
        app = App(config, clock, runtime, access, clients, idempotency, signals)
        beats = Beats(signals, config.beat_s)
        live = live_streams(bus, clients.ask, app.callers, beats, config.max_streams)
        streams = await stack.enter_async_context(live)
        access.sign_ins.on_revoked(streams.revoked)
        runtime.views.on_advance(lambda _positions, page: streams.changed() if page else None)
        lives = subscription(bus, runtime.tracking, clients.read_events, app.callers.internal_token)
        sweeps = (
            sweeping("requests with a key", app.idempotency.sweep),
            sweeping("used ID tokens", access.used_tokens.sweep),
            sweeping("sign-ins", access.sign_ins.sweep),
        )
        for work in (*sweeps, lives.run(), life.run()):
            _background(stack, work)
        common = [operator_service(NAME, Machinery(runtime, lives)), log_service(NoPublicEvents())]
        await _rpc(stack, config, Server(common, Verifier(signer.jwks), Limits(drain_s=1.0)))
        port = 0
        if config.web:
            front = Front(app, streams, signer.jwks)
            seconds = config.head_seconds, config.body_seconds, config.idle_seconds, config.taking_seconds
            patience = Patience(config.max_connections, *seconds)
            web = serving(front, config.web_listen, config.trusted_proxies, patience)
            port = await stack.enter_async_context(web)
        stack.push_async_callback(app.signals.flush)
        stack.push_async_callback(idempotency.drain)
        stack.push_async_callback(streams.drain)
        yield port


async def _access(stack: AsyncExitStack, config: Config, clock: Clock, runtime: Runtime, signer: Signer) -> Access:
    passes = Passes(config.viewer_key_file or config.data / "viewers.key")
    key_file = config.operator_key_file
    operator_key = read_secret(key_file, variable="SHOWFLOOR_OPERATOR_KEY_FILE") if key_file else ""
    oidc = None
    if issuer := config.oidc_issuer:
        oidc = Oidc(issuer, config.oidc_audience, IssuerKeys(issuer, config.oidc_jwks_url), clock)
    room = open_access(
        runtime, signer, passes, operator_key=operator_key, public_url=config.public_url, oidc=oidc, clock=clock
    )
    return await stack.enter_async_context(room)


def _store(clients: Clients, callers: Callers) -> Store:
    """Return how the viewers' signals of a session reach the session service: as a viewer of that session."""

    async def store(request: Any) -> Any:
        session_id = request.batch.session_id
        scope = ViewerScope(session_id=session_id, viewer_ref="gateway")
        actor = Actor(subject=f"service:gateway/{session_id}", kind=ActorKind.VIEWER, viewer=scope)
        return await clients.ask("IngestSignals", request, callers.internal_token(actor))

    return store


async def _rpc(stack: AsyncExitStack, config: Config, server: Server) -> None:
    await listening(server.start, config.listen)
    stack.push_async_callback(server.stop)


def _background(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)

    stack.push_async_callback(stop, task)
