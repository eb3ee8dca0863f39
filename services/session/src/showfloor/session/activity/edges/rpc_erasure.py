"""ErasureService: what viewers wrote, and their names, is made unreadable by destroying its keys."""

from typing import Any
from uuid import UUID

from showfloor.access.actor import ActorKind
from showfloor.access.resources import Account
from showfloor.api.session.v1 import erasure_service_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.erasure import ERASURE, Erase, erase
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import account_for, may
from showfloor.session.activity.edges.viewer_names import ViewerNames


class ErasureCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, names: ViewerNames, clock: Clock) -> None:
        self._store, self._names, self._clock = store, names, clock

    async def EraseViewer(self, request: pb.EraseViewerRequest, _: Any) -> pb.EraseViewerResponse:
        account_id = await _account(request.account_id)
        request_id = checks.request_id(request.request_id)
        ref = checks.request_id(request.viewer_ref, "viewer_ref")
        if not ref:
            raise invalid("viewer_ref", "is needed")
        command = Erase(kind="viewer", erased=f"{account_id}/{ref}", now=self._clock())
        meta = current().meta(request_id)
        # Recorded before it is done: one that stops half-way is known, and said again.
        await self._store.execute(ERASURE, command.erasure_id, erase, command, meta)
        return pb.EraseViewerResponse(keys=await self._names.erase(account_id, ref))


async def _account(account_id: str) -> UUID:
    """Return an account whose viewers the caller may erase: operators those of any, who knows of it or not."""
    if current().actor.kind is not ActorKind.OPERATOR:
        return (await account_for(account_id)).account_id
    key = checks.uuid("account_id", account_id)
    await may(Account(id=str(key)))
    return key
