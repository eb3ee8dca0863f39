"""What the slice brings to the service."""

from typing import Final

from showfloor.api.events.v1 import event_service_pb2
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import SCHEDULE
from showfloor.events.schedule.edges.publish import TELLS
from showfloor.events.schedule.edges.rpc_events import EventCalls
from showfloor.events.schedule.edges.subscribe import following_sessions
from showfloor.events.schedule.processes import passing
from showfloor.events.schedule.views import event_session, live_event
from showfloor.service.builder import Builder
from showfloor.service.slices import Deadlines, Slice, Started

SLICE: Final = Slice(
    contracts=(event_service_pb2,),
    deciders=(SCHEDULE,),
    views=(live_event.VIEW, event_session.VIEW),
    tells=TELLS,
    deadlines=lambda _policy: (Deadlines(passing.HANDLES, passing.changes),),
)


def start(base: Builder, policy: Policy) -> Started:
    """Start what runs: sessions of events are followed."""
    base.follow("session", following_sessions(base.store, policy))
    store, database, clock = base.store, base.database, base.clock
    names = (passing.SOON, passing.READY, passing.CLOSE)
    fires = {name: lambda event_id: passing.pass_by(store, database, event_id, clock) for name in names}
    return Started((EventCalls(base, policy),), fires)
