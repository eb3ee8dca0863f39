"""What the gateway's own routes work with: everything that wiring has put together."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller, Callers
from showfloor.gateway.access.room import Access
from showfloor.gateway.access.viewers import Passes
from showfloor.gateway.api.idempotency import Idempotency
from showfloor.gateway.clients import Clients
from showfloor.gateway.config import Config
from showfloor.gateway.watch.signals import SignalBatcher
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.observability.tracing import current_traceparent


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
