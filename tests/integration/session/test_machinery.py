"""What operators and other services ask: status, rebuilds, fingerprints, the log of public events."""

import asyncio
from typing import Any

import pytest
from google.protobuf.message import Message

from showfloor.api.common.v1 import log_service_pb2 as log
from showfloor.api.common.v1 import operator_service_pb2 as op
from showfloor.api.session.v1 import analytics_service_pb2 as board
from showfloor.api.session.v1 import session_events_pb2 as events
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.unpublished import TYPE
from showfloor.rpc import channel
from showfloor.service.publishing import Translation
from showfloor.session.service import PUBLIC
from showfloor.session.show.domain.session_events import WentLive
from showfloor.testing.waiting import PATIENCE


async def test_status_names_every_moving_part(service: Any, refused: Any) -> None:
    await service.on_air(service.user())
    answer = await service.operator().GetStatus(op.GetStatusRequest())
    assert answer.service == "session"
    assert answer.last_position > 0
    kinds = {"view", "deadlines", "relay", "fold", "subscription", "membership"}
    assert {part.kind for part in answer.parts} == kinds
    await refused(service.user().GetStatus(op.GetStatusRequest()), "PERMISSION")


async def test_a_rebuild_gives_the_same_rows(service: Any, refused: Any) -> None:
    host, operator = service.user(), service.operator()
    await service.on_air(host)
    last = (await operator.GetStatus(op.GetStatusRequest())).last_position
    await host.ListSessions(board.ListSessionsRequest(min_position=last))  # the view has come this far
    before = await operator.GetFingerprint(op.GetFingerprintRequest(view="session_list"))
    done = [message async for message in operator.stream("RebuildView", op.RebuildViewRequest(view="all"))]
    swapped = {message.view: message.fingerprint for message in done if message.swapped}
    assert swapped["session_list"] == before.fingerprint
    assert len(swapped) > 5
    request = op.RebuildViewRequest(view="all", compare=True)
    done = [message async for message in operator.stream("RebuildView", request) if message.swapped]
    assert {message.view: message.replaced for message in done} == swapped
    await refused(operator.GetFingerprint(op.GetFingerprintRequest(view="nothing")), "UNKNOWN_VIEW")
    await refused(operator.ReplayDeadLetter(op.ReplayDeadLetterRequest(dead_letter_id="1")), "DEAD_LETTER_NOT_FOUND")
    assert not (await operator.ListDeadLetters(op.ListDeadLettersRequest())).dead_letters


async def test_the_public_stream_is_filled_again_from_the_log(service: Any, refused: Any) -> None:
    host, operator = service.user(), service.operator()
    await service.on_air(host)
    request = op.RebuildStreamRequest()
    steps = [step async for step in operator.stream("RebuildStream", request)]
    assert [steps[0].stage, steps[-1].stage] == ["folding", "filled"]
    assert steps[-1].public_events == steps[-1].published == steps[-1].kept > 0
    with pytest.raises(Refusal, match="not allowed with your role"):
        _ = [step async for step in host.stream("RebuildStream", request)]


async def test_the_log_of_public_events_is_read_in_pages(service: Any, refused: Any) -> None:
    await service.on_air(service.user())
    assert [event.title for event in await service.public("WentLive")] == ["Mugs 🏺"]
    assert len(await service.public("BagChanged")) == 1  # as the viewers found it, not as it was prepared
    await refused(service.user().ReadEvents(log.ReadEventsRequest(limit=1)), "PERMISSION")


async def test_calls_need_a_deadline_and_a_token(service: Any, refused: Any) -> None:
    anonymous = channel.call(service.methods["GetStatus"], op.GetStatusRequest(), timeout=5)
    await refused(anonymous, "UNAUTHENTICATED")


async def test_an_unpublished_event_is_kept_until_it_is_mended(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = service.operator()

    def broken(_event: WentLive) -> Message:
        raise ValueError("what nobody else may see")

    with monkeypatch.context() as patch:
        patch.setitem(PUBLIC.translations, WentLive, Translation(events.WentLive, broken))
        await service.on_air(service.user())
        kept: list[op.DeadLetter] = []
        async with asyncio.timeout(PATIENCE):
            while not kept:
                kept = list((await operator.ListDeadLetters(op.ListDeadLettersRequest())).dead_letters)
        assert [(one.subscription, one.type) for one in kept] == [("session/relay", TYPE)]
        assert kept[0].error.startswith("Unpublishable at publishing.py:")
        assert kept[0].dead_letter_id == f"session/relay@{kept[0].position}"
        parts = (await operator.GetStatus(op.GetStatusRequest())).parts
        assert [part.detail for part in parts if part.kind == "relay"] == ["1 cannot be published"]
        asked = log.ReadEventsRequest(after_position=kept[0].position - 1, limit=1)
        told = (await service.reader().ReadEvents(asked)).events
        assert [(one.position, one.type, one.body) for one in told] == [(kept[0].position, TYPE, b"")]
        again = op.ReplayDeadLetterRequest(dead_letter_id=kept[0].dead_letter_id)
        assert not (await operator.ReplayDeadLetter(again)).handled
    assert (await operator.ReplayDeadLetter(again)).handled
    assert not (await operator.ListDeadLetters(op.ListDeadLettersRequest())).dead_letters
    told = (await service.reader().ReadEvents(asked)).events
    assert [one.type for one in told] == ["showfloor.api.session.v1.WentLive"]


async def test_a_page_of_the_log_holds_no_more_than_a_call_can_carry(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.on_air(service.user())
    asked = log.ReadEventsRequest(limit=1000)
    whole = [one.position for one in (await service.reader().ReadEvents(asked)).events]
    monkeypatch.setattr("showfloor.service.public_log.MAX_PAGE_BYTES", 1)
    found: list[int] = []
    while page := (await service.reader().ReadEvents(asked)).events:
        assert len(page) == 1
        found += [one.position for one in page]
        asked.after_position = found[-1]
    assert found == whole
    assert len(whole) > 1
