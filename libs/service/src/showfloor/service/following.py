"""Following another service: its public events from the bus, and from its own log where the bus has a hole."""

from collections.abc import Callable, Sequence
from datetime import datetime

from showfloor.access.actor import Actor, ActorKind
from showfloor.api.common.v1 import log_service_pb2
from showfloor.eventstore.statements import Statement
from showfloor.messaging.bus import Bus
from showfloor.messaging.public import PublicEvent, PublicMessage
from showfloor.messaging.subscription import Handle, ReadEvents, Subscription
from showfloor.messaging.tracking import Tracking
from showfloor.rpc.channel import Channel, call, methods

SHARD = 0  # a service publishes in one
READ_SECONDS = 5.0

TokenOf = Callable[[Actor], str]
"""Returns an internal token of an actor."""


def following(
    bus: Bus,
    tracking: Tracking[Statement],
    handle: Handle[Statement],
    read_events: ReadEvents,
    *,
    upstream: str,
    name: str,
) -> Subscription[Statement]:
    """Return the subscription `name` to the service `upstream`; `run` it."""
    return Subscription(
        bus=bus, upstream=upstream, shard=SHARD, name=name, handle=handle, tracking=tracking, read_events=read_events
    )


def events_of(upstream: str, channel: Channel, reader: str, token_of: TokenOf) -> ReadEvents:
    """Return how the service `reader` reads the public events of another from its log."""
    actor = Actor(subject=f"service:{reader}", kind=ActorKind.SERVICE, scopes=("events",))
    ask = methods(channel, log_service_pb2.DESCRIPTOR.services_by_name["LogService"])["ReadEvents"]

    async def read(after: int, limit: int) -> Sequence[PublicMessage]:
        position = after
        while True:
            request = log_service_pb2.ReadEventsRequest(after_position=position, limit=limit)
            page = await call(ask, request, timeout=READ_SECONDS, token=token_of(actor), idempotent=True)
            if page.events or page.last_position <= position:
                return [message_of(upstream, one) for one in page.events]
            position = page.last_position  # private events only: go on

    return read


def message_of(upstream: str, one: log_service_pb2.PublicEvent) -> PublicMessage:
    """Return an event that the owner's log lists as if it had come by the bus. Raises ValueError."""
    event = PublicEvent(one.type, one.key, one.body, datetime.fromisoformat(one.time))
    return PublicMessage(upstream, SHARD, one.position, 0, event, one.traceparent)
