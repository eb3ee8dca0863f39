"""The gRPC services OperatorService, LogService and GrantService, the same in every service."""

# ruff: noqa: N802 - methods are named by the protos

from collections.abc import AsyncIterator
from typing import Any

from showfloor.access.resources import System
from showfloor.api.common.v1 import grant_service_pb2 as grant_pb
from showfloor.api.common.v1 import log_service_pb2 as log_pb
from showfloor.api.common.v1 import operator_service_pb2 as pb
from showfloor.eventstore.log_id import log_id
from showfloor.eventstore.query import Database
from showfloor.rpc import checks
from showfloor.rpc.server import Service
from showfloor.service.allowing import may
from showfloor.service.backend import OperatorBackend
from showfloor.service.grant_uses import GrantUses
from showfloor.service.public_log import PublicLog

MAX_DEAD_LETTERS = 1_000
MAX_EVENTS = 1_000
MAX_USES = 201  # a page and one more


def operator_service(name: str, backend: OperatorBackend) -> Service:
    """Return OperatorService for a service's server. `name` is the service's."""
    return Service(pb.DESCRIPTOR.services_by_name["OperatorService"], _Operator(name, backend))


def log_service(log: PublicLog, database: Database) -> Service:
    """Return LogService for a service's server."""
    return Service(log_pb.DESCRIPTOR.services_by_name["LogService"], _LogReader(log, database))


def grant_service(uses: GrantUses) -> Service:
    """Return GrantService for a service's server."""
    return Service(grant_pb.DESCRIPTOR.services_by_name["GrantService"], _GrantReader(uses))


class _Operator:
    def __init__(self, name: str, backend: OperatorBackend) -> None:
        self._name, self._backend = name, backend

    async def GetStatus(self, request: pb.GetStatusRequest, _: Any) -> pb.GetStatusResponse:
        await may(System())
        last, parts = await self._backend.status()
        return pb.GetStatusResponse(service=self._name, last_position=last, parts=parts)

    async def RebuildView(self, request: pb.RebuildViewRequest, _: Any) -> AsyncIterator[pb.RebuildViewResponse]:
        await may(System())
        view = checks.text("view", request.view, 1, 64)
        async for progress in self._backend.rebuild(view, request.compare):
            yield progress

    async def GetFingerprint(self, request: pb.GetFingerprintRequest, _: Any) -> pb.GetFingerprintResponse:
        await may(System())
        value, position = await self._backend.fingerprint(checks.text("view", request.view, 1, 64))
        return pb.GetFingerprintResponse(fingerprint=value, position=position)

    async def ListDeadLetters(self, request: pb.ListDeadLettersRequest, _: Any) -> pb.ListDeadLettersResponse:
        await may(System())
        letters = await self._backend.dead_letters(checks.text("subscription", request.subscription, 0, 200))
        return pb.ListDeadLettersResponse(dead_letters=letters[:MAX_DEAD_LETTERS])

    async def ReplayDeadLetter(self, request: pb.ReplayDeadLetterRequest, _: Any) -> pb.ReplayDeadLetterResponse:
        await may(System())
        dead_letter_id = checks.text("dead_letter_id", request.dead_letter_id, 1, 200)
        return pb.ReplayDeadLetterResponse(handled=await self._backend.replay(dead_letter_id))

    async def RebuildStream(self, request: pb.RebuildStreamRequest, _: Any) -> AsyncIterator[pb.RebuildStreamResponse]:
        await may(System())
        async for progress in self._backend.rebuild_stream():
            yield progress


class _LogReader:
    def __init__(self, log: PublicLog, database: Database) -> None:
        self._log, self._database = log, database

    async def ReadEvents(self, request: log_pb.ReadEventsRequest, _: Any) -> log_pb.ReadEventsResponse:
        await may(System())
        after = checks.position(request.after_position, "after_position")
        events, last = await self._log.read(after, checks.number("limit", request.limit, 1, MAX_EVENTS))
        return log_pb.ReadEventsResponse(events=events, last_position=last, log_id=await log_id(self._database))


class _GrantReader:
    def __init__(self, uses: GrantUses) -> None:
        self._uses = uses

    async def ReadGrantUses(self, request: grant_pb.ReadGrantUsesRequest, _: Any) -> grant_pb.ReadGrantUsesResponse:
        await may(System())
        grant_id = checks.uuid("grant_id", request.grant_id)
        limit = checks.number("page_size", request.page_size, 1, MAX_USES)
        before = checks.when(request, "before_time")
        before_id = checks.uuid("before_use_id", request.before_use_id) if request.before_use_id else None
        rows = await self._uses.page(grant_id, limit, before, before_id)
        return grant_pb.ReadGrantUsesResponse(uses=map(_use, rows))


def _use(row: dict[str, Any]) -> grant_pb.GrantUse:
    use = grant_pb.GrantUse(use_id=str(row["use_id"]), calls=row["calls"])
    use.subject, use.action, use.thing = row["subject"], row["action"], row["thing"]
    use.first_time.FromDatetime(row["first_at"])
    use.last_time.FromDatetime(row["last_at"])
    return use
