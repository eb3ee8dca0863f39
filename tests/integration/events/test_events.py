"""Planning events on real servers: commands, refusals, lists."""

from typing import Any

from showfloor.api.events.v1 import event_service_pb2 as ask


async def test_an_event_is_made_read_listed_and_deleted(service: Any) -> None:
    host = service.user()
    made = await service.scheduled(3)
    got = (await host.GetEvent(ask.GetEventRequest(event_id=made.event_id))).event
    assert got == made
    listed = await host.ListEvents(ask.ListEventsRequest())
    assert list(listed.events) == [made]
    gone = await host.DeleteEvent(ask.DeleteEventRequest(request_id="d", event_id=made.event_id))
    assert not (await host.ListEvents(ask.ListEventsRequest(min_position=gone.position))).events
