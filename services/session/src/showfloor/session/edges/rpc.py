"""Every gRPC service of the session service, and the parts that answer their methods."""

from datetime import timedelta
from functools import partial
from typing import Final

from showfloor.api.session.v1 import (
    activity_service_pb2,
    board_service_pb2,
    catalogue_service_pb2,
    import_service_pb2,
    session_service_pb2,
    signal_service_pb2,
)
from showfloor.messaging.signals import SignalStream
from showfloor.rpc.server import Limits
from showfloor.service.builder import Builder
from showfloor.session.config import Config
from showfloor.session.edges.imports.jobs import Jobs
from showfloor.session.edges.imports.model import MAX_FILE
from showfloor.session.edges.imports.runner import Imports
from showfloor.session.edges.offers import CurrentOffers
from showfloor.session.edges.reads import Reads
from showfloor.session.edges.rpc_activity import ActivityWrites
from showfloor.session.edges.rpc_activity_lists import ActivityLists
from showfloor.session.edges.rpc_board import BoardReads
from showfloor.session.edges.rpc_catalogue import CatalogueWrites
from showfloor.session.edges.rpc_catalogue_lists import CatalogueLists
from showfloor.session.edges.rpc_imports import ImportCalls
from showfloor.session.edges.rpc_session_lists import SessionLists
from showfloor.session.edges.rpc_sessions import SessionServicer
from showfloor.session.edges.rpc_signals import SignalCalls
from showfloor.session.edges.rpc_suggestions import SuggestionReads
from showfloor.session.signals.ingest import Ingest, times_from
from showfloor.session.views.session_list import holding
from showfloor.session.views.signs import SignsOf

CONTRACTS: Final = (
    session_service_pb2, catalogue_service_pb2, activity_service_pb2, board_service_pb2, import_service_pb2,
    signal_service_pb2,
)  # fmt: skip
LIMITS: Final = Limits(drain_s=1.5, message_bytes=MAX_FILE + 2**20)  # a file of an import and what comes with it


def answering(
    base: Builder, config: Config, reads: Reads, signal_stream: SignalStream, signs_of: SignsOf
) -> tuple[object, ...]:
    """Return the parts. Imports are carried out until the service closes."""
    store, clock, policy = base.store, base.clock, config.policy()
    holders = partial(holding, base.database)
    imports = Imports(store, Jobs(base.database, timedelta(seconds=config.import_lease_s)), holders, clock)
    imports.start()
    base.closing(imports.close)
    return (
        SessionServicer(base.runtime, reads.names, CurrentOffers(base.runtime), signs_of, policy, clock),
        ActivityWrites(base.runtime, reads.names, policy, clock),
        CatalogueWrites(store, holders, clock),
        ImportCalls(imports),
        SessionLists(reads), ActivityLists(reads), CatalogueLists(reads), BoardReads(reads, policy),
        SuggestionReads(reads, policy),
        SignalCalls(Ingest(signal_stream, times_from(store), clock)),
    )  # fmt: skip
