"""Follows the session service's public events: which LIVEs are on air."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.tokens import Signer
from showfloor.api.session.v1.session_events_pb2 import LiveEnded, LiveStarted
from showfloor.api.session.v1.session_pb2 import SessionSource
from showfloor.eventstore.statements import Statement
from showfloor.gateway.api.transcode import enum_names
from showfloor.gateway.clients import Clients
from showfloor.messaging.public import PublicEvent, PublicMessage

UPSTREAM = "session"
NAME = "gateway"
READER = Actor(subject="service:gateway", kind=ActorKind.SERVICE, scopes=("events",))
_SOURCES: Mapping[int, str] = {number: name for name, number in enum_names(SessionSource.DESCRIPTOR).items()}
_STARTED = """
INSERT INTO live_now VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (session_id) DO UPDATE SET title = EXCLUDED.title"""


async def handle(message: PublicMessage) -> Sequence[Statement]:
    """Return what a public event means for the list of LIVEs on air."""
    body = message.event.message
    if message.event.type == LiveStarted.DESCRIPTOR.full_name:
        live = LiveStarted.FromString(body)
        row: tuple[Any, ...] = (
            live.session_id,
            live.account_id,
            live.shop_id,
            live.title,
            live.start_time.ToDatetime(tzinfo=UTC),
            _SOURCES.get(live.source, "live"),
            live.simulated,
            live.currency,
        )
        return [Statement(_STARTED, [row])]
    if message.event.type == LiveEnded.DESCRIPTOR.full_name:
        ended = LiveEnded.FromString(body)
        return [Statement("DELETE FROM live_now WHERE session_id = %s", [(ended.session_id,)])]
    return []


class Owner:
    """Asks the session service for events that the bus no longer has."""

    def __init__(self, clients: Clients, signer: Signer) -> None:
        self._clients, self._signer = clients, signer

    async def read(self, after: int, limit: int) -> Sequence[PublicMessage]:
        """Return public events after a position, in order."""
        position = after
        while True:
            answer = await self._clients.read_events(position, limit, self._signer.sign(READER))
            if answer.events or answer.last_position <= position:
                return [_message(one) for one in answer.events]
            position = answer.last_position  # a page of private events only: go on


def _message(one: Any) -> PublicMessage:
    event = PublicEvent(one.type, one.key, one.body, _time(one.time))
    return PublicMessage(UPSTREAM, 0, one.position, 0, event, one.traceparent)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
