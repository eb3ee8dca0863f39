"""OperatorService and LogService: every service answers them the same way."""

from collections.abc import AsyncIterator
from typing import Any

from showfloor.access.policy import authorize
from showfloor.access.resources import System
from showfloor.api.common.v1 import (
    log_service_pb2,
    log_service_pb2_grpc,
    operator_service_pb2,
    operator_service_pb2_grpc,
)
from showfloor.api.common.v1.log_service_pb2 import ReadEventsRequest, ReadEventsResponse
from showfloor.api.common.v1.operator_service_pb2 import (
    GetFingerprintRequest,
    GetFingerprintResponse,
    GetStatusRequest,
    GetStatusResponse,
    ListParkedRequest,
    ListParkedResponse,
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
from showfloor.service.backend import OperatorBackend
from showfloor.service.public_log import PublicLog

MAX_PARKED = 1_000
MAX_EVENTS = 1_000


def operator_service(name: str, backend: OperatorBackend) -> Service:
    """Return OperatorService for a service's server. `name` is the service's."""
    descriptor = operator_service_pb2.DESCRIPTOR.services_by_name["OperatorService"]
    return Service(descriptor, _Operator(name, backend))


def log_service(log: PublicLog) -> Service:
    """Return LogService for a service's server."""
    return Service(log_service_pb2.DESCRIPTOR.services_by_name["LogService"], _LogReader(log))


class _Operator(operator_service_pb2_grpc.OperatorServiceServicer):
    def __init__(self, name: str, backend: OperatorBackend) -> None:
        self._name, self._backend = name, backend

    async def GetStatus(self, request: GetStatusRequest, context: Any) -> GetStatusResponse:  # noqa: N802
        _allow()
        last, parts = await self._backend.status()
        return GetStatusResponse(service=self._name, last_position=last, parts=parts)

    async def RebuildView(  # noqa: N802
        self, request: RebuildViewRequest, context: Any
    ) -> AsyncIterator[RebuildViewResponse]:
        _allow()
        view = checks.text("view", request.view, 1, 64)
        async for progress in self._backend.rebuild(view, request.compare):
            yield progress

    async def GetFingerprint(self, request: GetFingerprintRequest, context: Any) -> GetFingerprintResponse:  # noqa: N802
        _allow()
        value, position = await self._backend.fingerprint(checks.text("view", request.view, 1, 64))
        return GetFingerprintResponse(fingerprint=value, position=position)

    async def ListParked(self, request: ListParkedRequest, context: Any) -> ListParkedResponse:  # noqa: N802
        _allow()
        messages = await self._backend.parked(checks.text("subscription", request.subscription, 0, 200))
        return ListParkedResponse(messages=messages[:MAX_PARKED])

    async def ReplayParked(self, request: ReplayParkedRequest, context: Any) -> ReplayParkedResponse:  # noqa: N802
        _allow()
        parked_id = checks.text("parked_id", request.parked_id, 1, 200)
        return ReplayParkedResponse(handled=await self._backend.replay(parked_id))

    async def RebuildStream(  # noqa: N802
        self, request: RebuildStreamRequest, context: Any
    ) -> AsyncIterator[RebuildStreamResponse]:
        _allow()
        async for progress in self._backend.rebuild_stream():
            yield progress


class _LogReader(log_service_pb2_grpc.LogServiceServicer):
    def __init__(self, log: PublicLog) -> None:
        self._log = log

    async def ReadEvents(self, request: ReadEventsRequest, context: Any) -> ReadEventsResponse:  # noqa: N802
        _allow()
        after = checks.position(request.after_position, "after_position")
        events, last = await self._log.read(after, checks.number("limit", request.limit, 1, MAX_EVENTS))
        return ReadEventsResponse(events=events, last_position=last)


def _allow() -> None:
    call = current()
    authorize(call.actor, call.method, System())
