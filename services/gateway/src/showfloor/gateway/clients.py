"""The services behind the gateway: one channel each, every RPC by its name."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from showfloor.api.common.v1 import log_service_pb2, log_service_pb2_grpc
from showfloor.api.session.v1 import (
    activity_service_pb2,
    activity_service_pb2_grpc,
    board_service_pb2,
    board_service_pb2_grpc,
    catalogue_service_pb2,
    catalogue_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
    signal_service_pb2,
    signal_service_pb2_grpc,
)
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.metrics import counter
from showfloor.rpc.channel import call, connect, stream

_DOUBTED = counter("internal_tokens_refused_total", "Calls whose internal token a service did not take.")
READ_SECONDS = 5.0
CHANGE_SECONDS = 10.0

_SESSION = (
    (session_service_pb2, "SessionService", session_service_pb2_grpc.SessionServiceStub),
    (catalogue_service_pb2, "CatalogueService", catalogue_service_pb2_grpc.CatalogueServiceStub),
    (activity_service_pb2, "ActivityService", activity_service_pb2_grpc.ActivityServiceStub),
    (board_service_pb2, "BoardService", board_service_pb2_grpc.BoardServiceStub),
    (import_service_pb2, "ImportService", import_service_pb2_grpc.ImportServiceStub),
    (signal_service_pb2, "SignalService", signal_service_pb2_grpc.SignalServiceStub),
)


def services() -> tuple[ServiceDescriptor, ...]:
    """Return the services whose RPCs clients may call through REST."""
    return tuple(module.DESCRIPTOR.services_by_name[name] for module, name, _ in _SESSION)


def methods() -> Mapping[str, MethodDescriptor]:
    """Return every RPC of these services by its name; names are unique over all of them."""
    return {method.name: method for service in services() for method in service.methods}


@dataclass(frozen=True, slots=True)
class Remote:
    """An RPC of a service that runs elsewhere."""

    method: Any
    request: type[Message]
    changes: bool


@contextmanager
def _nobodys_fault() -> Iterator[None]:
    """Raise Refusal UNAVAILABLE when a service does not take our token: whoever asked has shown us good credentials.

    So it is for the calls under way when somebody sets the clock: signed by one time, judged by another. Said to be
    theirs, it would sign people out, end their streams, and stay as the answer to their Idempotency-Key.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.kind is not RefusalKind.UNAUTHENTICATED:
            raise
        _DOUBTED.inc()
        text = "A service did not take the gateway's token; nothing was done. Send the same request again."
        raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text) from refusal


class Clients:
    """Channels to the services. Make it inside the event loop; close it at the end."""

    def __init__(self, session_address: str) -> None:
        self._channel = connect(session_address)
        self._remotes: dict[str, Remote] = {}
        for module, name, stub_type in _SESSION:
            stub = stub_type(self._channel)
            for method in module.DESCRIPTOR.services_by_name[name].methods:
                request = GetMessageClass(method.input_type)
                changes = "request_id" in method.input_type.fields_by_name or name == "SignalService"
                self._remotes[method.name] = Remote(getattr(stub, method.name), request, changes)
        self._log = log_service_pb2_grpc.LogServiceStub(self._channel)

    async def ask(self, rpc: str, request: Message, token: str) -> Message:
        """Call an RPC. Every one may be sent twice: reads as such, changes by their request id.

        Raises Refusal, RemoteDefect.
        """
        remote = self._remotes[rpc]
        seconds = CHANGE_SECONDS if remote.changes else READ_SECONDS
        with _nobodys_fault():
            answer: Message = await call(remote.method, request, timeout=seconds, token=token, idempotent=True)
        return answer

    async def read(self, rpc: str, request: Message, token: str, seconds: float = 60.0) -> AsyncIterator[Message]:
        """Call an RPC that answers with a stream."""
        with _nobodys_fault():
            async for answer in stream(self._remotes[rpc].method, request, timeout=seconds, token=token):
                yield answer

    async def read_events(self, after: int, limit: int, token: str) -> log_service_pb2.ReadEventsResponse:
        """Read the session service's public events after a position."""
        request = log_service_pb2.ReadEventsRequest(after_position=after, limit=limit)
        return await call(self._log.ReadEvents, request, timeout=READ_SECONDS, token=token, idempotent=True)

    async def close(self) -> None:
        """Close the channels."""
        await self._channel.close()
