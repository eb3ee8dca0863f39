"""What native routes work with: the parts of a running gateway, and one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request

from showfloor.api.session.v1.signal_service_pb2 import SignalKind
from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.access.callers import Caller, Callers
from showfloor.gateway.access.viewers import ViewerToken, ViewerTokens
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.config import Config
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.observability.tracing import current_traceparent
from showfloor.service.grant_uses import GrantUses


class Signals(Protocol):
    """Stores viewers' signals. `watch.signals` implements it."""

    async def add(
        self, viewer: ViewerToken, kind: "SignalKind.ValueType", products: Sequence[str] = ("",)
    ) -> list[str]:
        """Add one signal per product, "" for none. Returns the products that are not in the bag. Raises Refusal."""
        ...

    def mark(self, viewer: ViewerToken) -> tuple[bytes, int]:
        """Return a viewer's hash and channel, as batches hold them."""
        ...

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        """Store that viewers were there so many milliseconds ago. Raises Refusal, RemoteDefect."""
        ...

    async def flush(self) -> None:
        """Store everything that is waiting."""
        ...


@dataclass(frozen=True)
class Gateway:
    """The parts of a running gateway."""

    config: Config
    clock: Clock
    runtime: Runtime
    access: Access
    clients: Clients
    idempotency: Idempotency
    signals: Signals
    uses: GrantUses

    @property
    def callers(self) -> Callers:
        """Authentication of requests."""
        return self.access.callers

    @property
    def viewer_tokens(self) -> ViewerTokens:
        """Viewers' tokens."""
        return self.access.viewer_tokens


@dataclass(frozen=True)
class NativeRequest:
    """One request to a native route: path, query and body as the route wants them, and the caller."""

    http: Request
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    optional_caller: Caller | None
    key: str = ""

    @property
    def caller(self) -> Caller:
        """The caller, on a route that needs one."""
        assert self.optional_caller is not None, "the route authenticates its caller"
        return self.optional_caller

    @property
    def meta(self) -> Meta:
        """The metadata of the events of this request."""
        return Meta(actor=self.caller.actor.subject, request_id=self.key, traceparent=current_traceparent())
