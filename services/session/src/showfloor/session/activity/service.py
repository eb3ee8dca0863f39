"""What the slice brings to the service."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from showfloor.api.session.v1 import (
    activity_service_pb2,
    comment_service_pb2,
    erasure_service_pb2,
    order_service_pb2,
)
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.erasure import ERASURE
from showfloor.service.builder import Builder
from showfloor.service.slices import Deadlines, Fire, Slice, Started
from showfloor.session.activity.domain.comment import COMMENT
from showfloor.session.activity.domain.follow import FOLLOW
from showfloor.session.activity.domain.gift import GIFT
from showfloor.session.activity.domain.order import ORDER
from showfloor.session.activity.edges.activity_ticks import ActivityTicks
from showfloor.session.activity.edges.publish import TELLS
from showfloor.session.activity.edges.rpc_activity import ActivityCalls
from showfloor.session.activity.edges.rpc_comments import CommentCalls
from showfloor.session.activity.edges.rpc_erasure import ErasureCalls
from showfloor.session.activity.edges.rpc_orders import OrderCalls
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.activity.processes import reservations
from showfloor.session.activity.views import activity_feed, buyers, comments, orders
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.processes.expiry import Forget

SLICE: Final = Slice(
    contracts=(activity_service_pb2, comment_service_pb2, order_service_pb2, erasure_service_pb2),
    deciders=(COMMENT, ORDER, FOLLOW, GIFT, ERASURE),
    views=(buyers.VIEW, orders.VIEW, comments.VIEW, activity_feed.VIEW),
    tells=TELLS,
    deadlines=lambda _policy: [Deadlines(reservations.HANDLES, reservations.changes)],
)


def names_of(base: Builder) -> ViewerNames:
    """Return the names of viewers."""
    return ViewerNames(base.database, base.runtime.sealing)


async def start(base: Builder, policy: Policy, names: ViewerNames) -> Started:
    """Start what runs: whoever watches is told what happens."""
    ticks = ActivityTicks(base.bus, base.runtime, names)
    await ticks.start()
    base.closing(ticks.close)
    runtime, clock = base.runtime, base.clock
    parts = (
        CommentCalls(runtime, names, policy, clock),
        OrderCalls(runtime, names, policy, clock),
        ActivityCalls(runtime, names, policy, clock),
        ErasureCalls(base.store, names, clock),
    )
    return Started(parts, fires(base.store, clock))


def fires(store: Store, clock: Clock) -> dict[str, Fire]:
    """Return what the slice's deadlines do."""
    return {reservations.RUN_OUT: lambda order_id: reservations.run_out(store, order_id, clock)}


def forgetting(base: Builder, names: ViewerNames, policy: Policy) -> Forget:
    """Return what forgets the words of an expired session: their keys, and viewers' names not seen since."""

    async def forget(session_id: UUID) -> None:
        await base.runtime.sealing.destroy(scope=str(session_id))
        await names.forget(base.clock() - timedelta(days=policy.detail_days))

    return forget
