"""What the slice brings to the service."""

from functools import partial
from typing import Final

from showfloor.api.session.v1 import bag_service_pb2, session_service_pb2
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.rpc.channel import connect
from showfloor.service.builder import Builder
from showfloor.service.slices import Deadlines, Fire, Slice, Started
from showfloor.session.catalogue.edges.offers import CurrentOffers
from showfloor.session.show.domain.live_slot import LIVE_SLOT
from showfloor.session.show.domain.liveness import LIVENESS
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.edges.others import Others
from showfloor.session.show.edges.publish import TELLS
from showfloor.session.show.edges.rpc_bag import BagCalls
from showfloor.session.show.edges.rpc_sessions import SessionCalls, watching
from showfloor.session.show.edges.subscribe import following_events
from showfloor.session.show.edges.watch_ticks import WatchTicks
from showfloor.session.show.processes import expiry, going_live, silence
from showfloor.session.show.views import pins


def _deadlines(policy: Policy) -> list[Deadlines]:
    """Return what sets and clears the slice's deadlines."""
    return [
        Deadlines(going_live.HANDLES, partial(going_live.changes, policy=policy), (policy.finish_after,)),
        Deadlines(expiry.HANDLES, partial(expiry.changes, policy=policy), (policy.detail_days,)),
        Deadlines(silence.HANDLES, partial(silence.changes, policy=policy), (policy.end_quiet_after,)),
    ]


SLICE: Final = Slice(
    contracts=(session_service_pb2, bag_service_pb2),
    deciders=(SESSION, LIVE_SLOT, LIVENESS),
    views=(pins.VIEW,),
    tells=TELLS,
    deadlines=_deadlines,
)


async def start(base: Builder, policy: Policy, others: Others, events_address: str | None) -> Started:
    """Start what runs: whoever watches is told what viewers see; an events service, if one answers, is followed."""
    store, clock = base.store, base.clock
    ticks = WatchTicks(base.bus, base.runtime, watching(store, others.pinned_comment_of, policy))
    await ticks.start()
    base.closing(ticks.close)
    if events_address:
        _follow_events(base, events_address)
    bag = BagCalls(store, CurrentOffers(base.runtime), policy, clock)
    return Started((SessionCalls(store, others, policy, clock), bag), fires(store, clock, policy, others))


def _follow_events(base: Builder, address: str) -> None:
    """Follow the events service, which answers at `address`: it says which sessions to prepare."""
    channel = connect(address)
    base.closing(channel.close)
    base.follow("events", following_events(base.store, base.members), channel=channel)


def fires(store: Store, clock: Clock, policy: Policy, others: Others) -> dict[str, Fire]:
    """Return what the slice's deadlines do."""
    return {
        going_live.FINISH: lambda session_id: going_live.finish(store, session_id, clock),
        going_live.RELEASE: lambda session_id: going_live.release(store, session_id, clock),
        expiry.EXPIRE: lambda session_id: expiry.expire(store, others.is_reported, session_id, clock, policy),
        expiry.FORGET: lambda session_id: expiry.forget(store, others.forgets, session_id, clock),
        silence.SILENCE: lambda session_id: silence.end_if_quiet(store, others.signs_of, session_id, clock, policy),
    }
