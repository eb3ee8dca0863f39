"""The wiring of viewers' signals to the session service."""

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest, IngestSignalsResponse
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.watch.signals import SignalBatcher
from showfloor.kernel.clock import Clock


def signal_batcher(clients: Clients, access: Access, clock: Clock) -> SignalBatcher:
    """Return the batcher of viewers' signals. It stores each batch as a viewer of its session."""

    async def store(request: IngestSignalsRequest) -> IngestSignalsResponse:
        session_id = request.batch.session_id
        scope = ViewerScope(session_id=session_id, viewer_ref="gateway")
        actor = Actor(subject=f"service:gateway/{session_id}", kind=ActorKind.VIEWER, viewer=scope)
        answer = await clients.ask("IngestSignals", request, access.callers.internal_token(actor))
        assert isinstance(answer, IngestSignalsResponse)
        return answer

    return SignalBatcher(store, access.viewer_tokens.secret, clock)
