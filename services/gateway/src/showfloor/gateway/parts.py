"""The parts of a running gateway, made and closed with it."""

from typing import Any

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.eventstore.alive import SignOfLife
from showfloor.gateway.access.callers import Callers
from showfloor.gateway.access.room import Access
from showfloor.gateway.api.idempotency import Idempotency
from showfloor.gateway.app import App
from showfloor.gateway.clients import Clients
from showfloor.gateway.config import Config
from showfloor.gateway.sweeping import sweeping
from showfloor.gateway.watch.signals import SignalBatcher, Store
from showfloor.service.builder import Builder


def app_of(base: Builder, config: Config, access: Access) -> App:
    """Return the parts on a service that is being put together."""
    clients = Clients(session=config.session_address)
    base.closing(clients.close)
    life = SignOfLife(config.database_url)
    base.background(life.run(), "sign of life")
    signals = SignalBatcher(_storing(clients, access.callers), access.passes.secret, base.clock)
    idempotency = Idempotency(base.database, life.number)
    base.background(sweeping("requests with a key", idempotency.sweep), "sweep requests")
    base.background(sweeping("used ID tokens", access.used_tokens.sweep), "sweep ID tokens")
    base.background(sweeping("sign-ins", access.sign_ins.sweep), "sweep sign-ins")
    return App(config, base.clock, base.runtime, access, clients, idempotency, signals)


def _storing(clients: Clients, callers: Callers) -> Store:
    """Return how the viewers' signals of a session reach the session service: as a viewer of that session."""

    async def store(request: Any) -> Any:
        session_id = request.batch.session_id
        scope = ViewerScope(session_id=session_id, viewer_ref="gateway")
        actor = Actor(subject=f"service:gateway/{session_id}", kind=ActorKind.VIEWER, viewer=scope)
        return await clients.ask("IngestSignals", request, callers.internal_token(actor))

    return store
