"""OperatorService and LogService: every service answers them the same way."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from showfloor.access.policy import authorize
from showfloor.access.resources import System
from showfloor.api.common.v1 import (
    log_service_pb2,
    log_service_pb2_grpc,
    operator_service_pb2,
    operator_service_pb2_grpc,
)
from showfloor.api.common.v1.log_service_pb2 import PublicEvent, ReadEventsRequest, ReadEventsResponse
from showfloor.api.common.v1.operator_service_pb2 import (
    GetFingerprintRequest,
    GetFingerprintResponse,
    GetStatusRequest,
    GetStatusResponse,
    ListParkedRequest,
    ListParkedResponse,
    ParkedMessage,
    PartStatus,
    RebuildStreamRequest,
    RebuildStreamResponse,
    RebuildViewRequest,
    RebuildViewResponse,
    ReplayParkedRequest,
    ReplayParkedResponse,
)
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.rpc.server import Service

MAX_PARKED = 1_000
MAX_EVENTS = 1_000


class Machinery(Protocol):
    """What a service's wiring offers to operators. Unknown names raise Refusal NOT_FOUND."""

    async def status(self) -> tuple[int, Sequence[PartStatus]]:
        """Return the last position of the log, and every moving part."""
        ...

    def rebuild(self, view: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
        """Build a view (or "all") again, and yield progress; hash the old rows too when asked to `compare`."""
        ...

    async def fingerprint(self, view: str) -> tuple[str, int]:
        """Return the hex SHA-256 over the rows of a view, and the position it stands at."""
        ...

    async def parked(self, subscription: str) -> Sequence[ParkedMessage]:
        """Return messages set aside, oldest first; "" for every subscription."""
        ...

    async def replay(self, parked_id: str) -> bool:
        """Handle a parked message again; True when that went well."""
        ...

    def rebuild_stream(self) -> AsyncIterator[RebuildStreamResponse]:
        """Fill the stream of public events again from the log, and yield progress."""
        ...


class Log(Protocol):
    """The public events of a service, straight from its log."""

    async def read(self, after: int, limit: int) -> tuple[Sequence[PublicEvent], int]:
        """Scan `limit` positions after `after`; return the public events and the last position scanned."""
        ...


def operator_service(name: str, machinery: Machinery) -> Service:
    """Return OperatorService for a service's server. `name` is the service's."""
    descriptor = operator_service_pb2.DESCRIPTOR.services_by_name["OperatorService"]
    add = operator_service_pb2_grpc.add_OperatorServiceServicer_to_server
    return Service(descriptor, add, _Operator(name, machinery))


def log_service(log: Log) -> Service:
    """Return LogService for a service's server."""
    descriptor = log_service_pb2.DESCRIPTOR.services_by_name["LogService"]
    return Service(descriptor, log_service_pb2_grpc.add_LogServiceServicer_to_server, _LogReader(log))


class _Operator(operator_service_pb2_grpc.OperatorServiceServicer):
    def __init__(self, name: str, machinery: Machinery) -> None:
        self._name, self._machinery = name, machinery

    async def GetStatus(self, request: GetStatusRequest, context: Any) -> GetStatusResponse:  # noqa: N802
        _allow()
        last, parts = await self._machinery.status()
        return GetStatusResponse(service=self._name, last_position=last, parts=parts)

    async def RebuildView(  # noqa: N802
        self, request: RebuildViewRequest, context: Any
    ) -> AsyncIterator[RebuildViewResponse]:
        _allow()
        view = checks.text("view", request.view, 1, 64)
        async for progress in self._machinery.rebuild(view, request.compare):
            yield progress

    async def GetFingerprint(self, request: GetFingerprintRequest, context: Any) -> GetFingerprintResponse:  # noqa: N802
        _allow()
        value, position = await self._machinery.fingerprint(checks.text("view", request.view, 1, 64))
        return GetFingerprintResponse(fingerprint=value, position=position)

    async def ListParked(self, request: ListParkedRequest, context: Any) -> ListParkedResponse:  # noqa: N802
        _allow()
        messages = await self._machinery.parked(checks.text("subscription", request.subscription, 0, 200))
        return ListParkedResponse(messages=messages[:MAX_PARKED])

    async def ReplayParked(self, request: ReplayParkedRequest, context: Any) -> ReplayParkedResponse:  # noqa: N802
        _allow()
        parked_id = checks.text("parked_id", request.parked_id, 1, 200)
        return ReplayParkedResponse(handled=await self._machinery.replay(parked_id))

    async def RebuildStream(  # noqa: N802
        self, request: RebuildStreamRequest, context: Any
    ) -> AsyncIterator[RebuildStreamResponse]:
        _allow()
        async for progress in self._machinery.rebuild_stream():
            yield progress


class _LogReader(log_service_pb2_grpc.LogServiceServicer):
    def __init__(self, log: Log) -> None:
        self._log = log

    async def ReadEvents(self, request: ReadEventsRequest, context: Any) -> ReadEventsResponse:  # noqa: N802
        _allow()
        after = checks.position(request.after_position, "after_position")
        events, last = await self._log.read(after, checks.number("limit", request.limit, 1, MAX_EVENTS))
        return ReadEventsResponse(events=events, last_position=last)


def _allow() -> None:
    call = current()
    authorize(call.actor, call.method, System())
