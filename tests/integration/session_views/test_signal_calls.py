"""IngestSignals over a real store: who may, when, and that a refusal stores nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from signal_oracle import Batch, Signal

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest, SignalBatch
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.bus import Ack
from showfloor.metrics.vocabulary import Kind
from showfloor.session.analytics.processes.report import reports_in
from showfloor.session.show.domain.session import SESSION as SESSION_DECIDER
from showfloor.session.show.domain.session_events import AddedToBag, RemovedFromBag
from showfloor.session.signals.edges.ingest import Ingest, times_from
from showfloor.session.signals.edges.rpc_signals import SignalCalls

SESSION = UUID(int=1)
EVIDENCE = PresenceSource.PRESENCE_SOURCE_EVIDENCE
TOLD = PresenceSource.PRESENCE_SOURCE_ENTERS_AND_LEAVES


class RecordingStream:
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
    signal_stream = RecordingStream()
    calls = SignalCalls(
        Ingest(signal_stream, times_from(world.runtime.store, reports_in(world.runtime.store)), world.reads.clock)
    )
    for actor in (world.stranger, viewer(UUID(int=2))):
        acting("IngestSignals", actor)
        with pytest.raises(Refusal) as refused:
            await calls.IngestSignals(request(world), None)
        assert refused.value.reason == "SESSION_NOT_FOUND"
    assert signal_stream.bodies == []
    acting("IngestSignals", viewer(SESSION))
    answer = await calls.IngestSignals(request(world), None)
    assert (answer.accepted, answer.duplicate) == (1, False)
    acting("IngestSignals")
    answer = await calls.IngestSignals(request(world), None)
    assert (answer.accepted, answer.duplicate) == (1, False)  # the stream knows them by their bytes
    kept = [SignalBatch.FromString(body) for body in signal_stream.bodies]
    assert [batch.presence_source for batch in kept] == [EVIDENCE, TOLD]
    for batch in kept:
        batch.ClearField("presence_source")
    assert kept == [request(world).batch] * 2


async def test_no_session_no_live_no_signals(world: Any, acting: Callable[..., None]) -> None:
    signal_stream = RecordingStream()
    calls = SignalCalls(
        Ingest(signal_stream, times_from(world.runtime.store, reports_in(world.runtime.store)), world.reads.clock)
    )
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
    assert signal_stream.bodies == []


async def test_products_outside_the_bag_are_told_and_not_stored(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    ids = [UUID(int=11), UUID(int=12)]  # the first two of the oracle's three products
    base = world.owner(SESSION) | {"currency": "USD"}
    added = AddedToBag(at=world.now - timedelta(seconds=60), source="set", product_ids=(*ids,), bag=(*ids,), **base)
    gone = RemovedFromBag(at=world.now - timedelta(seconds=30), product_id=ids[1], bag=(ids[0],), **base)
    await world.write(SESSION_DECIDER, SESSION, added, gone)
    signal_stream = RecordingStream()
    calls = SignalCalls(
        Ingest(signal_stream, times_from(world.runtime.store, reports_in(world.runtime.store)), world.reads.clock)
    )
    acting("IngestSignals", viewer(SESSION))
    start = int((world.now - timedelta(seconds=50)).timestamp() * 1000)
    shown = [Signal(ms, Kind.PRODUCT_CLICK, 0, number, 1) for ms in (0, 40_000) for number in (1, 2, 3)]
    batch = Batch(SESSION, "c", start, (*shown, Signal(1, Kind.LIKE, 0, 0, 1)), (7,), (0,), (0,))
    answer = await calls.IngestSignals(IngestSignalsRequest(batch=batch.message()), None)
    assert (answer.accepted, list(answer.not_in_bag)) == (4, [2, 4, 5])
    stored = SignalBatch.FromString(signal_stream.bodies[0])
    assert np.frombuffer(stored.product, "<u2").tolist() == [1, 2, 1, 0]
    never = Batch(SESSION, "d", start, (shown[2], shown[5]), (7,), (0,), (0,))
    answer = await calls.IngestSignals(IngestSignalsRequest(batch=never.message()), None)
    assert (answer.accepted, list(answer.not_in_bag), len(signal_stream.bodies)) == (0, [0, 1], 1)


async def test_who_is_still_here_and_what_a_source_may_say_of_itself(world: Any, acting: Callable[..., None]) -> None:
    await world.live(SESSION)
    signal_stream = RecordingStream()
    calls = SignalCalls(
        Ingest(signal_stream, times_from(world.runtime.store, reports_in(world.runtime.store)), world.reads.clock)
    )
    beat = request(world)
    beat.batch.kind = bytes([Kind.PRESENCE])
    acting("IngestSignals")
    for source in (TOLD, PresenceSource.PRESENCE_SOURCE_COUNTS, 99):
        beat.batch.presence_source = source
        with pytest.raises(Refusal) as refused:
            await calls.IngestSignals(beat, None)
        assert refused.value.metadata["field"] == "presence_source"
    beat.batch.presence_source = EVIDENCE
    assert (await calls.IngestSignals(beat, None)).accepted == 1
    acting("IngestSignals", viewer(SESSION))
    beat.batch.presence_source = TOLD  # a viewer vouches for nobody
    assert (await calls.IngestSignals(beat, None)).accepted == 1
    assert [SignalBatch.FromString(body).presence_source for body in signal_stream.bodies] == [EVIDENCE, EVIDENCE]
