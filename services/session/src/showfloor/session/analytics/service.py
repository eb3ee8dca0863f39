"""What the slice brings to the service."""

from functools import partial
from typing import Final

from showfloor.api.session.v1 import analytics_service_pb2, board_service_pb2
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.service.builder import Builder
from showfloor.service.slices import Deadlines, Fire, Slice, Started
from showfloor.session.activity import service as activity
from showfloor.session.activity.edges.pinned_comment import pinned_comment_from
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.analytics.domain.report import REPORT
from showfloor.session.analytics.edges.board_ticks import BoardTicks
from showfloor.session.analytics.edges.payment_queries import has_simulated_payments
from showfloor.session.analytics.edges.publish import TELLS
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.analytics.edges.report_numbers import ReportNumbers
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.analytics.edges.rpc_board import BoardCalls
from showfloor.session.analytics.edges.rpc_products import ProductLists
from showfloor.session.analytics.edges.signs import signs_from
from showfloor.session.analytics.processes import report, restating
from showfloor.session.analytics.processes.report import SessionNumbers
from showfloor.session.analytics.views import daily, facts, product_sales, session_list
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.edges.others import Others
from showfloor.session.signals import service as signals
from showfloor.session.signals.edges.fold import OnFolded
from showfloor.session.signals.edges.folding import Settle


def _deadlines(policy: Policy) -> list[Deadlines]:
    """Return what sets and clears the slice's deadlines."""
    waits = (policy.report_after, policy.minutes_open)
    return [
        Deadlines(report.HANDLES, partial(report.changes, policy=policy), waits),
        Deadlines(restating.HANDLES, partial(restating.changes, policy=policy), (policy.restate_every,)),
    ]


SLICE: Final = Slice(
    contracts=(board_service_pb2, analytics_service_pb2),
    deciders=(REPORT,),
    views=(session_list.VIEW, facts.VIEW, daily.VIEW, product_sales.VIEW),
    tells=TELLS,
    deadlines=_deadlines,
)


def others(base: Builder, policy: Policy, names: ViewerNames, settle: Settle) -> Others:
    """Return what a show asks of the slices above it."""
    return Others(
        pinned_comment_of=pinned_comment_from(base.store, names),
        has_simulated_payments=partial(has_simulated_payments, base.database),
        is_reported=report.reports_in(base.store),
        signs_of=signs_from(base.database, base.store, base.views, settle),
        forgets=(signals.forgetting(base), activity.forgetting(base, names, policy)),
    )


async def tell_boards(base: Builder, policy: Policy) -> OnFolded:
    """Tell whoever watches a board, until the service closes; return what wants to know of folded signals."""
    ticks = BoardTicks(base.bus, Reads.of(base, policy))
    await ticks.start()
    base.closing(ticks.close)
    return ticks.on_folded


def start(base: Builder, policy: Policy, settle: Settle) -> Started:
    """Start what runs."""
    reads = Reads.of(base, policy)
    numbers = ReportNumbers(base.database, base.store, base.views, base.clock, settle)
    parts = BoardCalls(reads, policy), AnalyticsCalls(reads, policy), ProductLists(reads)
    return Started(parts, fires(base.store, base.clock, policy, numbers))


def fires(store: Store, clock: Clock, policy: Policy, numbers: SessionNumbers) -> dict[str, Fire]:
    """Return what the slice's deadlines do."""
    return {
        report.MINUTES: lambda session_id: report.tell_minutes(store, numbers, session_id, clock, policy),
        report.FINAL: lambda session_id: report.tell_final(store, numbers, session_id, clock),
        restating.RESTATE: lambda session_id: restating.restate(store, numbers, session_id, clock),
    }
