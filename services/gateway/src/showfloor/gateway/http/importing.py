"""What the gateway adds to imports: it names the accounts of a shop, and makes accounts for new hosts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.directory import commands
from showfloor.gateway.directory.domain.account_rules import CreateAccount
from showfloor.gateway.directory.edges import lists
from showfloor.gateway.directory.edges.change import seen
from showfloor.gateway.directory.edges.names import open_names
from showfloor.gateway.http.calls import Before
from showfloor.gateway.http.gateway import Gateway
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.lists import caught_up
from showfloor.kernel.event import Meta
from showfloor.kernel.personal import ERASED
from showfloor.observability.tracing import current_traceparent
from showfloor.rpc import checks


def before(gateway: Gateway) -> Mapping[str, Before]:
    """Return what happens before an import's calls go to the session service."""

    async def create(_caller: Caller, request: Any, _token: str) -> None:
        """Name the accounts of the shop. The service checks the caller's right to the shop."""
        request.hosts.extend(await _hosts(gateway, request.shop_id))

    async def apply(caller: Caller, request: Any, token: str) -> None:
        """Make accounts for new hosts, once the whole file is good and its changes are meant."""
        checks.uuid("import_id", request.import_id)
        answer: Any = await gateway.clients.ask("GetImport", pb.GetImportRequest(import_id=request.import_id), token)
        job = getattr(answer, "import")
        ready = job.state == pb.IMPORT_STATE_READY and (request.correct or not job.changed)
        if job.kind == pb.IMPORT_KIND_HISTORY and job.new_hosts and ready:
            await _make(gateway, caller, job, request.request_id)
        hosts = await _hosts(gateway, job.shop_id)
        named = {host.name for host in hosts}
        # A host whose name was erased is new to the file by name, and is the account that it was.
        request.hosts.extend([*hosts, *(host for host in job.new_hosts if host.name not in named)])

    return {"CreateImport": create, "ApplyImport": apply}


async def _hosts(gateway: Gateway, shop_id: str) -> list[pb.ImportHost]:
    key = checks.uuid("shop_id", shop_id)
    await caught_up(gateway.access)
    rows = await lists.accounts_in(gateway.runtime.database, key)
    await open_names(gateway.runtime.store, rows)
    named = sorted((row["name"], str(row["account_id"])) for row in rows if row["name"] != ERASED)
    return [pb.ImportHost(name=name, account_id=account_id) for name, account_id in named]


async def _make(gateway: Gateway, caller: Caller, job: Any, request_id: str) -> None:
    """Make all accounts or none. The service derives their ids from shop and name, so a resend finds them made."""
    shop_id = UUID(job.shop_id)
    await rights.shop_for(gateway.runtime, caller, shop_id, "CreateAccount")
    now = gateway.clock()
    added = [
        CreateAccount(account_id=UUID(host.account_id), shop_id=shop_id, name=host.name, kind="creator", now=now)
        for host in job.new_hosts
    ]
    meta = Meta(actor=caller.actor.subject, request_id=request_id, traceparent=current_traceparent())
    await seen(gateway.runtime, await commands.create_accounts(gateway.runtime.store, added, meta))
