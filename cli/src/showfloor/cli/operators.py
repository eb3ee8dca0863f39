"""Calls to the OperatorService of each running service, as the operator of this data folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.tokens import Signer
from showfloor.api.common.v1 import operator_service_pb2 as messages
from showfloor.api.common.v1.operator_service_pb2_grpc import OperatorServiceStub
from showfloor.embedded.folder import DataFolder
from showfloor.kernel.refusal import Refusal
from showfloor.rpc.channel import call, connect, stream
from showfloor.rpc.errors import RemoteDefect

if TYPE_CHECKING:
    from showfloor.api.common.v1.operator_service_pb2_grpc import OperatorServiceAsyncStub

STATUS_SECONDS = 3.0
REPLAY_SECONDS = 60.0
REBUILD_SECONDS = 3600.0


def addresses(folder: DataFolder) -> dict[str, str]:
    """Return host:port of each service's gRPC server, by the service's name."""
    processes = folder.state().get("processes", ())
    return {one["name"]: f"127.0.0.1:{one['ports']['grpc']}" for one in processes if "grpc" in one["ports"]}


async def status_of(folder: DataFolder, address: str) -> messages.GetStatusResponse:
    """Ask a service how far its moving parts have got. Raises Refusal or RemoteDefect."""
    async with _service(address) as service:
        request = messages.GetStatusRequest()
        return await call(service.GetStatus, request, timeout=STATUS_SECONDS, token=_token(folder))


async def statuses(folder: DataFolder) -> dict[str, messages.GetStatusResponse | str]:
    """Return what each service says of its moving parts, or why it says nothing."""
    asked = addresses(folder)
    return dict(zip(asked, await asyncio.gather(*(_answer(folder, one) for one in asked.values())), strict=True))


async def _answer(folder: DataFolder, address: str) -> messages.GetStatusResponse | str:
    try:
        return await status_of(folder, address)
    except Refusal as refusal:
        return refusal.message
    except RemoteDefect as defect:
        return str(defect)


async def rebuild_view(
    folder: DataFolder, address: str, view: str, *, compare: bool = False
) -> AsyncIterator[messages.RebuildViewResponse]:
    """Ask a service to build a view (or "all") again, and yield its progress. Raises Refusal or RemoteDefect.

    With `compare` the last message about each view holds the fingerprints of the old and the new rows.
    """
    async with _service(address) as service:
        request = messages.RebuildViewRequest(view=view, compare=compare)
        async for step in stream(service.RebuildView, request, timeout=REBUILD_SECONDS, token=_token(folder)):
            yield step


async def compared(folder: DataFolder, address: str) -> dict[str, tuple[str, str]]:
    """Have a service build each view again; return the fingerprints of the old and the new rows at one position.

    Only the rebuild itself can tell: once the new rows are in place, nothing shows what the old ones were. Raises
    Refusal or RemoteDefect.
    """
    steps = rebuild_view(folder, address, "all", compare=True)
    return {step.view: (step.replaced, step.fingerprint) async for step in steps if step.swapped}


async def rebuild_stream(folder: DataFolder, address: str) -> AsyncIterator[messages.RebuildStreamResponse]:
    """Ask a service to fill its stream of public events again, and yield progress. Raises Refusal or RemoteDefect."""
    async with _service(address) as service:
        request = messages.RebuildStreamRequest()
        async for step in stream(service.RebuildStream, request, timeout=REBUILD_SECONDS, token=_token(folder)):
            yield step


async def dead_letters(folder: DataFolder, address: str) -> list[messages.DeadLetter]:
    """Ask a service for its dead letters. Raises Refusal or RemoteDefect."""
    async with _service(address) as service:
        request = messages.ListDeadLettersRequest()
        answer = await call(service.ListDeadLetters, request, timeout=STATUS_SECONDS, token=_token(folder))
        return list(answer.dead_letters)


async def replay_dead_letters(folder: DataFolder, address: str, dead_letter_id: str) -> bool:
    """Have a dead letter handled again; True when it is, or was meanwhile. Raises Refusal or RemoteDefect."""
    async with _service(address) as service:
        request = messages.ReplayDeadLetterRequest(dead_letter_id=dead_letter_id)
        try:
            answer = await call(service.ReplayDeadLetter, request, timeout=REPLAY_SECONDS, token=_token(folder))
        except Refusal as refusal:
            if refusal.reason != "DEAD_LETTER_NOT_FOUND":
                raise
            return True  # one call handles all that it can
        return answer.handled


def _token(folder: DataFolder) -> str:
    """Who can read the data folder is its operator: sign as one with the key the gateway signs with."""
    return Signer(folder.signing_key).sign(Actor(subject="operator:local", kind=ActorKind.OPERATOR))


@asynccontextmanager
async def _service(address: str) -> "AsyncIterator[OperatorServiceAsyncStub]":
    async with connect(address) as channel:
        yield OperatorServiceStub(channel)
