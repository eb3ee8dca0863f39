"""Follows the session service's public events: which LIVEs are on air."""

from collections.abc import Sequence

from showfloor.api.session.v1.session_events_pb2 import SessionEnded, WentLive
from showfloor.eventstore.statements import Statement
from showfloor.gateway.watch import live_now
from showfloor.messaging.public import PublicMessage

UPSTREAM = "session"


async def handle(message: PublicMessage) -> Sequence[Statement]:
    """Return what a public event means for the list of LIVEs on air."""
    event = message.event
    if event.type == WentLive.DESCRIPTOR.full_name:
        return [live_now.started(WentLive.FromString(event.message))]
    if event.type == SessionEnded.DESCRIPTOR.full_name:
        return [live_now.ended(SessionEnded.FromString(event.message))]
    return []
