"""What the gateway's own routes work with: everything that is put together at the start."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.eventstore.alive import SignOfLife
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller, Callers
from showfloor.gateway.access.room import Access
from showfloor.gateway.access.viewers import Passes
from showfloor.gateway.api.idempotency import Idempotency
from showfloor.gateway.clients import Clients
from showfloor.gateway.config import Config
from showfloor.gateway.sweeping import sweeping
from showfloor.gateway.watch.signals import SignalBatcher, Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.observability.tracing import current_traceparent
from showfloor.service.builder import Builder


@dataclass(frozen=True)
class App:
    """The parts of a running gateway."""

    config: Config
    clock: Clock
    runtime: Runtime
    access: Access
    clients: Clients
    idempotency: Idempotency
    signals: SignalBatcher

    @property
    def callers(self) -> Callers:
        """Who is calling."""
        return self.access.callers

    @property
    def passes(self) -> Passes:
        """Viewers' tokens."""
        return self.access.passes


@dataclass(frozen=True)
class Asked:
    """One request to a route of our own, in the shape the route asked for."""

    request: Request
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    caller: Caller | None
    key: str = ""

    @property
    def who(self) -> Caller:
        """Who asks, on a route that does not answer nobody."""
        assert self.caller is not None, "checked at the door"
        return self.caller

    @property
    def meta(self) -> Meta:
        """What is recorded beside the events of this request."""
        return Meta(actor=self.who.actor.subject, request_id=self.key, traceparent=current_traceparent())


def app_of(base: Builder, config: Config, access: Access) -> App:
    """Return the parts on a service that is being put together."""
    clients = Clients(config.session_address)
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
