"""Follows the session service: which sessions of events go on air, and end."""

from datetime import UTC
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.session.v1.session_events_pb2 import SessionEnded, WentLive
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.running_rules import SessionNews, end_session, start_session
from showfloor.events.schedule.domain.schedule import SCHEDULE, Schedule, schedule_id
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.store import Store
from showfloor.kernel.decider import Rule
from showfloor.kernel.event import Meta
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle

_META = Meta(actor="process:sessions")


def following_sessions(store: Store, policy: Policy) -> Handle[Statement]:
    """Return what is done about a public event. Done twice it changes nothing; other sessions belong to no event."""

    async def note(rule: Rule[Schedule, SessionNews], account_id: str, session_id: str, time: Timestamp) -> None:
        news = SessionNews(session_id=UUID(session_id), time=time.ToDatetime(tzinfo=UTC), soon=policy.soon)
        await store.execute(SCHEDULE, schedule_id(UUID(account_id)), rule, news, _META)

    async def handle(message: PublicMessage) -> tuple[()]:
        event = message.event
        if event.type == WentLive.DESCRIPTOR.full_name:
            live = WentLive.FromString(event.message)
            await note(start_session, live.account_id, live.session_id, live.start_time)
        elif event.type == SessionEnded.DESCRIPTOR.full_name:
            ended = SessionEnded.FromString(event.message)
            await note(end_session, ended.account_id, ended.session_id, ended.end_time)
        return ()

    return handle
