"""Every gRPC service of the session service, and the parts that answer their methods."""

from datetime import timedelta
from functools import partial
from typing import Final

from showfloor.api.session.v1 import (
    activity_service_pb2,
    analytics_service_pb2,
    bag_service_pb2,
    board_service_pb2,
    catalogue_service_pb2,
    comment_service_pb2,
    import_service_pb2,
    order_service_pb2,
    session_service_pb2,
    signal_service_pb2,
)
from showfloor.messaging.signals import SignalStream
from showfloor.rpc.server import Limits
from showfloor.service.builder import Builder
from showfloor.session.activity.edges.pinned_comment import pinned_comment_from
from showfloor.session.activity.edges.rpc_activity import ActivityWrites
from showfloor.session.activity.edges.rpc_activity_lists import ActivityLists
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.analytics.edges.rpc_board import BoardReads
from showfloor.session.analytics.edges.rpc_session_lists import SessionLists
from showfloor.session.analytics.edges.rpc_suggestions import SuggestionReads
from showfloor.session.analytics.processes.report import reports_in
from showfloor.session.analytics.views.facts import has_simulated_payments
from showfloor.session.analytics.views.session_list import holding
from showfloor.session.catalogue.edges.offers import CurrentOffers
from showfloor.session.catalogue.edges.rpc_catalogue import CatalogueWrites
from showfloor.session.catalogue.edges.rpc_catalogue_lists import CatalogueLists
from showfloor.session.config import Config
from showfloor.session.imports.edges.jobs import Jobs
from showfloor.session.imports.edges.model import MAX_FILE
from showfloor.session.imports.edges.rpc_imports import ImportCalls
from showfloor.session.imports.edges.rpc_past_sessions import PastSessionWrites
from showfloor.session.imports.edges.runner import Imports
from showfloor.session.show.domain.session_rules import SignsOf
from showfloor.session.show.edges.lookups import Lookups
from showfloor.session.show.edges.rpc_sessions import SessionServicer
from showfloor.session.signals.edges.ingest import Ingest, times_from
from showfloor.session.signals.edges.rpc_signals import SignalCalls

CONTRACTS: Final = (
    session_service_pb2, bag_service_pb2, catalogue_service_pb2, activity_service_pb2, comment_service_pb2,
    order_service_pb2, board_service_pb2, analytics_service_pb2, import_service_pb2, signal_service_pb2,
)  # fmt: skip
LIMITS: Final = Limits(drain_s=1.5, message_bytes=MAX_FILE + 2**20)  # a file of an import and what comes with it


def answering(
    base: Builder, config: Config, reads: Reads, signal_stream: SignalStream, signs_of: SignsOf
) -> tuple[object, ...]:
    """Return the parts. Imports are carried out until the service closes."""
    store, clock, policy = base.store, base.clock, config.policy()
    simulated = partial(has_simulated_payments, base.database)
    others = Lookups(signs_of, pinned_comment_from(store, reads.names), simulated)
    holders = partial(holding, base.database)
    imports = Imports(store, Jobs(base.database, timedelta(seconds=config.import_lease_s)), holders, clock)
    imports.start()
    base.closing(imports.close)
    return (
        SessionServicer(store, CurrentOffers(base.runtime), others, policy, clock),
        ActivityWrites(base.runtime, reads.names, policy, clock),
        CatalogueWrites(store, clock), PastSessionWrites(store, holders, clock),
        ImportCalls(imports),
        SessionLists(reads), ActivityLists(base.runtime, reads.names), CatalogueLists(base.runtime),
        BoardReads(reads, policy), SuggestionReads(reads, policy),
        SignalCalls(Ingest(signal_stream, times_from(store, reports_in(store)), clock)),
    )  # fmt: skip
