"""SignalService: viewer signals in columnar batches."""

from typing import Any, Final

from showfloor.api.session.v1 import signal_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.service.allowing import allow
from showfloor.session.show.domain.refusals import session_not_found
from showfloor.session.show.edges.authorizing import is_viewer, resource_of
from showfloor.session.signals.edges.batch import MAX_BYTES, read, without
from showfloor.session.signals.edges.ingest import Ingest

_EVIDENCE: Final = PresenceSource.PRESENCE_SOURCE_EVIDENCE
_TOLD: Final = PresenceSource.PRESENCE_SOURCE_ENTERS_AND_LEAVES


class SignalCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def IngestSignals(self, request: pb.IngestSignalsRequest, _: Any) -> pb.IngestSignalsResponse:
        batch = request.batch
        if batch.ByteSize() > MAX_BYTES:
            details = {"field": "batch", "limit": str(MAX_BYTES)}
            raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", f"batch: the limit is {MAX_BYTES} bytes", details)
        batch.presence_source = _source(batch.presence_source)
        columns = read(batch)
        times = await self._ingest.times(columns.session_id)
        await allow(resource_of(times), session_not_found(times.session_id))
        out = await self._ingest.sift(columns, times)
        batch.recorded = times.source == "replay"
        if len(out) == columns.rows:
            return pb.IngestSignalsResponse(not_in_bag=out.tolist())
        stored = without(batch, columns, out) if len(out) else batch
        duplicate = await self._ingest.store(columns, stored.SerializeToString())
        return pb.IngestSignalsResponse(accepted=columns.rows - len(out), duplicate=duplicate, not_in_bag=out.tolist())


def _source(given: "PresenceSource.ValueType") -> "PresenceSource.ValueType":
    """Return how a batch tells presence. What viewers send is evidence, whatever it says: they vouch for nobody."""
    if is_viewer():
        return _EVIDENCE
    if given not in (PresenceSource.PRESENCE_SOURCE_UNSPECIFIED, _EVIDENCE, _TOLD):
        raise invalid("presence_source", "must be PRESENCE_SOURCE_EVIDENCE or PRESENCE_SOURCE_ENTERS_AND_LEAVES")
    return given or _TOLD
