"""CatalogueService, what brings in past sessions."""

from typing import Any

from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import account_for
from showfloor.session.catalogue.commands import first_refusal
from showfloor.session.catalogue.edges import import_rows
from showfloor.session.imports.commands import Holders, import_sessions
from showfloor.session.imports.edges.past_sessions import past


class PastSessionWrites:
    """Past sessions, as rows of one call. The protos' comments say what it does and refuses."""

    def __init__(self, store: Store, holders: Holders, clock: Clock) -> None:
        self._store, self._holders, self._clock = store, holders, clock

    async def ImportSessions(self, request: pb.ImportSessionsRequest, _: Any) -> pb.ImportSessionsResponse:
        request_id = checks.request_id(request.request_id)
        home = await account_for(request.account_id)
        import_rows.count("sessions", request.sessions)
        now = self._clock()
        rows = [past(f"sessions[{number}]", row, home, now) for number, row in enumerate(request.sessions)]
        import_rows.once("sessions", [row.event.reference for row in rows])
        try:
            done = await import_sessions(self._store, self._holders, rows, current().meta(request_id))
        except GroupRefused as refused:
            raise first_refusal(refused, "sessions") from None
        created = sum(1 for one in done if one.events)
        return pb.ImportSessionsResponse(
            created=created,
            unchanged=len(done) - created,
            session_ids=[str(one.state.session_id) for one in done],
            position=max(one.position for one in done),
        )
