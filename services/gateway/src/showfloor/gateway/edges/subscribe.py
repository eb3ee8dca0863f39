"""Follows the session service's public events: which LIVEs are on air."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from showfloor.access.actor import Actor, ActorKind
from showfloor.api.common.v1 import log_service_pb2
from showfloor.api.session.v1.session_events_pb2 import LiveEnded, LiveStarted
from showfloor.eventstore.statements import Statement
from showfloor.gateway.views import live_now
from showfloor.messaging.bus import Bus
from showfloor.messaging.public import PublicEvent, PublicMessage
from showfloor.messaging.subscription import Subscription
from showfloor.messaging.tracking import Tracking

UPSTREAM, NAME = "session", "gateway"
SHARD = 0  # the session service publishes in one
READER = Actor(subject="service:gateway", kind=ActorKind.SERVICE, scopes=("events",))

ReadPage = Callable[[int, int, str], Awaitable[log_service_pb2.ReadEventsResponse]]
"""LogService.ReadEvents: (after, limit, internal token) -> a page of the log."""


def subscription(
    bus: Bus, tracking: Tracking[Statement], read_page: ReadPage, token_of: Callable[[Actor], str]
) -> Subscription[Statement]:
    """Return the subscription; `run` it. Holes are filled from the owner's log."""

    async def read(after: int, limit: int) -> Sequence[PublicMessage]:
        position = after
        while True:
            page = await read_page(position, limit, token_of(READER))
            if page.events or page.last_position <= position:
                return [message_of(one) for one in page.events]
            position = page.last_position  # private events only: go on

    return Subscription(
        bus=bus, upstream=UPSTREAM, shard=SHARD, name=NAME, handle=handle, tracking=tracking, read_events=read
    )


async def handle(message: PublicMessage) -> Sequence[Statement]:
    """Return what a public event means for the list of LIVEs on air."""
    event = message.event
    if event.type == LiveStarted.DESCRIPTOR.full_name:
        return [live_now.started(LiveStarted.FromString(event.message))]
    if event.type == LiveEnded.DESCRIPTOR.full_name:
        return [live_now.ended(LiveEnded.FromString(event.message))]
    return []


def message_of(one: log_service_pb2.PublicEvent) -> PublicMessage:
    """Return an event that the owner's log lists as if it had come by the bus. Raises ValueError."""
    event = PublicEvent(one.type, one.key, one.body, datetime.fromisoformat(one.time))
    return PublicMessage(UPSTREAM, SHARD, one.position, 0, event, one.traceparent)
