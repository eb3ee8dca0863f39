"""What the service remembers of an event, as protobuf messages."""

from datetime import datetime
from typing import Final

from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.events.schedule.domain.event_states import State, state_of
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import LiveEvent
from showfloor.events.schedule.domain.schedule_events import Origin
from showfloor.events.schedule.domain.schedule_rules import MINUTE
from showfloor.rpc.fields import stamp

STATES: Final[dict[State, "pb.EventState.ValueType"]] = {
    "scheduled": pb.EVENT_STATE_SCHEDULED,
    "setting_up": pb.EVENT_STATE_SETTING_UP,
    "ready": pb.EVENT_STATE_READY,
    "live": pb.EVENT_STATE_LIVE,
    "paused": pb.EVENT_STATE_PAUSED,
    "running_over": pb.EVENT_STATE_RUNNING_OVER,
    "ended": pb.EVENT_STATE_ENDED,
}
ORIGINS: Final[dict[Origin, "pb.EventOrigin.ValueType"]] = {
    "desktop": pb.EVENT_ORIGIN_DESKTOP,
    "mobile": pb.EVENT_ORIGIN_MOBILE,
}


def event_message(event: LiveEvent, now: datetime, policy: Policy) -> pb.LiveEvent:
    """Return an event as it stands. One that is over has only the sessions that were on air."""
    over = event.is_over(now)
    sessions = event.begun if over else event.sessions
    return pb.LiveEvent(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        title=event.title,
        description=event.description,
        start_time=stamp(event.start_at),
        end_time=stamp(event.end_at),
        duration_minutes=(event.end_at - event.start_at) // MINUTE,
        time_zone=event.time_zone,
        origin=ORIGINS[event.origin],
        state=STATES[state_of(event, now, policy.soon)],
        sessions=[
            pb.EventSession(
                session_id=str(one.session_id),
                number=one.number,
                start_time=stamp(one.started_at),
                end_time=stamp(one.ended_at),
            )
            for one in sessions
        ],
        recommend_on_videos=event.recommend_on_videos,
        teaser_urls=event.teaser_urls,
        sequence=event.sequence,
        version=event.version,
        create_time=stamp(event.made_at),
    )
