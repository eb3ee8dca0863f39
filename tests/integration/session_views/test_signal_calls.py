"""IngestSignals over a real store: who may, when, and that a refusal stores nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from signal_oracle import Batch, Signal

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.bus import Ack
from showfloor.metrics.vocabulary import Kind
from showfloor.session.edges.rpc_signals import SignalCalls
from showfloor.session.signals.ingest import Ingest, times_from

SESSION = UUID(int=1)


class Lane:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def append(self, session_id: str, batch_id: str, body: bytes) -> Ack:
        again = body in self.bodies
        self.bodies.append(body)
        return Ack(len(self.bodies), duplicate=again)


def request(world: Any, session: UUID = SESSION) -> IngestSignalsRequest:
    base = int((world.now - timedelta(seconds=5)).timestamp() * 1000)
    batch = Batch(session, "b", base, (Signal(0, Kind.ENTER, 0, 0, 1),), (7,), (0,), (0,))
    return IngestSignalsRequest(batch=batch.message())


def viewer(session: UUID) -> Actor:
    scope = ViewerScope(session_id=str(session), viewer_ref="v")
    return Actor(subject="viewer:v", kind=ActorKind.VIEWER, viewer=scope)


async def test_who_may_send_signals(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    lane = Lane()
    calls = SignalCalls(Ingest(lane, times_from(world.runtime.store), world.reads.clock))
    for actor in (world.stranger, viewer(UUID(int=2))):
        acting("IngestSignals", actor)
        with pytest.raises(Refusal) as refused:
            await calls.IngestSignals(request(world), None)
        assert refused.value.reason == "SESSION_NOT_FOUND"
    assert lane.bodies == []
    acting("IngestSignals", viewer(SESSION))
    answer = await calls.IngestSignals(request(world), None)
    assert (answer.accepted, answer.duplicate) == (1, False)
    acting("IngestSignals")
    answer = await calls.IngestSignals(request(world), None)
    assert (answer.accepted, answer.duplicate) == (1, True)
    assert lane.bodies == [request(world).batch.SerializeToString()] * 2


async def test_no_session_no_live_no_signals(world: Any, acting: Callable[..., None]) -> None:
    lane = Lane()
    calls = SignalCalls(Ingest(lane, times_from(world.runtime.store), world.reads.clock))
    acting("IngestSignals")
    with pytest.raises(Refusal, match="no such session"):
        await calls.IngestSignals(request(world), None)
    await world.imported(SESSION)
    with pytest.raises(Refusal) as refused:
        await calls.IngestSignals(request(world), None)
    assert refused.value.reason == "IMPORTED"
    large = request(world)
    large.batch.regions.extend(["DE" * 1_000] * 600)
    with pytest.raises(Refusal) as refused:
        await calls.IngestSignals(large, None)
    assert (refused.value.reason, refused.value.metadata["field"]) == ("TOO_LARGE", "batch")
    assert lane.bodies == []
