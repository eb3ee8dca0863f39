"""What the slice brings to the service."""

from functools import partial
from typing import Final

from showfloor.api.session.v1 import signal_service_pb2
from showfloor.messaging.signals import SignalStream
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started
from showfloor.session.show.processes.expiry import Forget, IsReported
from showfloor.session.signals.edges.fold import OnFolded
from showfloor.session.signals.edges.folding import Settle, folding
from showfloor.session.signals.edges.ingest import Ingest, times_from
from showfloor.session.signals.edges.rpc_signals import SignalCalls
from showfloor.session.signals.views import rollups

SLICE: Final = Slice(contracts=(signal_service_pb2,))


async def fold(base: Builder, on_folded: OnFolded) -> tuple[SignalStream, Settle]:
    """Fold signals until the service closes."""
    return await folding(base, on_folded)


def start(base: Builder, signal_stream: SignalStream, is_reported: IsReported) -> Started:
    """Start what runs."""
    return Started((SignalCalls(Ingest(signal_stream, times_from(base.store, is_reported), base.clock)),))


def forgetting(base: Builder) -> Forget:
    """Return what forgets the counts of an expired session."""
    return partial(rollups.forget_session, base.database)
