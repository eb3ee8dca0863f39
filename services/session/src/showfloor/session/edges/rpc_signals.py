"""SignalService: viewer signals in columnar batches."""

# ruff: noqa: N802 - methods are named by the protos

from typing import Any

from showfloor.api.session.v1 import signal_service_pb2 as pb
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.domain import refusals
from showfloor.session.edges.gate import allow, resource_of
from showfloor.session.signals.batch import MAX_BYTES, read
from showfloor.session.signals.ingest import Ingest


class SignalCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def IngestSignals(self, request: pb.IngestSignalsRequest, _: Any) -> pb.IngestSignalsResponse:
        if request.batch.ByteSize() > MAX_BYTES:
            details = {"field": "batch", "limit": str(MAX_BYTES)}
            raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", f"batch: the limit is {MAX_BYTES} bytes", details)
        columns = read(request.batch)
        times = await self._ingest.times(columns.session_id)
        allow(resource_of(times), refusals.session_not_found(times.session_id))
        duplicate = await self._ingest.store(columns, request.batch.SerializeToString(), times)
        return pb.IngestSignalsResponse(accepted=columns.rows, duplicate=duplicate)
