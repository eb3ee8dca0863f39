"""Every public event, made by commands, time and sessions, comes from a real broker as docs/asyncapi.json says."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.events.schedule.domain.schedule_events import EventDeleted
from showfloor.events.service import PUBLIC
from showfloor.messaging.nats_bus import NatsBus
from showfloor.service.publishing import Translation
from showfloor.testing.asyncapi import Described
from showfloor.testing.reading import reading
from showfloor.testing.waiting import until

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/asyncapi.json").read_text())


async def standing(service: Any, event_id: str, state: str) -> pb.LiveEvent:
    """Return the event once it stands so and that is recorded."""
    wanted = pb.EventState.Value(f"EVENT_STATE_{state}")

    async def look() -> pb.LiveEvent | None:
        event = (await service.user().GetEvent(ask.GetEventRequest(event_id=event_id))).event
        return event if event.state == wanted else None

    await until(look, f"the event is {state}")
    found = await look()
    assert found is not None
    return found


async def test_every_public_event_is_as_the_document_says(
    service: Any, sessions: Any, bus: NatsBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translation = PUBLIC.translations[EventDeleted]

    def unlucky(event: EventDeleted) -> Message | None:
        assert event.title != "Unlucky", "this one cannot be told"
        return translation.fill(event)

    monkeypatch.setitem(PUBLIC.translations, EventDeleted, Translation(translation.message, unlucky))
    described = Described(DOCUMENT, "events", tmp_path)
    host = service.user()
    async with reading(bus, described.stream) as came:
        for title in ("Gone", "Unlucky"):
            gone = await service.scheduled(5, title=title)
            await host.DeleteEvent(ask.DeleteEventRequest(request_id="d", event_id=gone.event_id))
        made = await service.scheduled(1)
        renamed = ask.UpdateEventRequest(request_id="u", event_id=made.event_id, title="Mugs")
        await host.UpdateEvent(renamed)
        start = made.start_time.ToDatetime(tzinfo=UTC)
        service.now.ahead = start - datetime.now(UTC) + timedelta(seconds=1)
        await until(lambda: _told(service, "EventReady"), "its time has come")
        await sessions.live(made.sessions[0].session_id, start + timedelta(seconds=2))
        await standing(service, made.event_id, "LIVE")
        await sessions.ended(made.sessions[0].session_id, start + timedelta(minutes=5))
        await standing(service, made.event_id, "PAUSED")
        service.now.ahead += timedelta(hours=1)
        await described.check_all(came)


async def _told(service: Any, kind: str) -> bool:
    return any(type(one).__name__ == kind for one in await service.public())
