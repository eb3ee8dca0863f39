"""SignalService: viewer signals in columnar batches."""

# ruff: noqa: N802 - methods are named by the protos

from typing import Any

from showfloor.access import resources
from showfloor.access.policy import authorize
from showfloor.access.resources import Mode
from showfloor.api.session.v1 import signal_service_pb2 as pb
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc.caller import current
from showfloor.session.signals.batch import MAX_BYTES, read
from showfloor.session.signals.ingest import Ingest, SessionTimes


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
        call = current()
        authorize(call.actor, call.method, _resource(times))
        duplicate = await self._ingest.store(columns, request.batch.SerializeToString(), times)
        return pb.IngestSignalsResponse(accepted=columns.rows, duplicate=duplicate)


def _resource(times: SessionTimes) -> resources.Session:
    seen = times.status in ("live", "ended") and times.source != "import"
    return resources.Session(
        id=str(times.session_id),
        account=str(times.account_id),
        shop=str(times.shop_id),
        mode=Mode.LIVE if seen else Mode.PRACTICE,
    )
