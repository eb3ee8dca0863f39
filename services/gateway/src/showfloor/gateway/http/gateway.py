"""What the gateway's own routes work with: everything that is put together at the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request

from showfloor.api.session.v1.signal_service_pb2 import SignalKind
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller, Callers
from showfloor.gateway.access.viewers import Pass, Passes
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.config import Config
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.observability.tracing import current_traceparent


class Signals(Protocol):
    """Takes in what viewers do apart from facts: `watch.signals` does."""

    async def add(self, seat: Pass, kind: "SignalKind.ValueType", products: Sequence[str] = ("",)) -> list[str]:
        """Add one signal per product, "" for none. Returns the products that are not in the bag. Raises Refusal."""
        ...

    def mark(self, seat: Pass) -> tuple[bytes, int]:
        """Return a viewer's hash and channel, as batches hold them."""
        ...

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        """Store that viewers were there so many milliseconds ago. Raises Refusal, RemoteDefect."""
        ...

    async def flush(self) -> None:
        """Store everything that is waiting."""
        ...


@dataclass(frozen=True)
class App:
    """The parts of a running gateway."""

    config: Config
    clock: Clock
    runtime: Runtime
    access: Access
    clients: Clients
    idempotency: Idempotency
    signals: Signals

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
