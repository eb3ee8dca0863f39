"""Native routes of connectors: programs that act on accounts of a shop or of a creator."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.gateway.access.connectors import new_credential
from showfloor.gateway.access.secrets import digest
from showfloor.gateway.directory.domain import connector_rules as rules
from showfloor.gateway.directory.domain.account import ACCOUNT
from showfloor.gateway.directory.domain.connector import CONNECTOR
from showfloor.gateway.directory.edges import connectors
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.directory.edges.names import open_names
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import connector_shapes as shapes
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.fields import line, path_id, query_id
from showfloor.gateway.http.native.lists import caught_up
from showfloor.gateway.http.native.pages import Page
from showfloor.kernel.ids import derive_id, new_name
from showfloor.kernel.refusal import invalid


class After(msgspec.Struct, frozen=True):
    """The last connector of a page."""

    added_time: datetime
    connector_id: UUID


async def create_connector(gateway: Gateway, request: NativeRequest) -> shapes.Connector:
    """Enter a connector of a shop or of a creator. Give it accounts, then a credential."""
    body: shapes.NewConnector = request.body
    principal = await _principal(gateway, request, body.shop_id, body.creator_id, "CreateConnector")
    command = rules.CreateConnector(
        connector_id=derive_id(principal, "connector", request.key),
        shop_id=body.shop_id,
        creator_id=body.creator_id,
        name=line(body.name),
        scopes=tuple(sorted(set(body.scopes))),
        now=gateway.clock(),
    )
    position = await _changed(gateway, request, rules.create_connector, command)
    whose = body.shop_id, body.creator_id
    return shapes.Connector(command.connector_id, command.name, [*command.scopes], *whose, position=position)


async def list_connectors(gateway: Gateway, request: NativeRequest) -> shapes.Connectors:
    """The connectors of the shop or the creator that is named, those that were added first before the others."""
    shop_id, creator_id = query_id(request, "shop_id"), query_id(request, "creator_id")
    principal = await _principal(gateway, request, shop_id, creator_id, "ListConnectors")
    page = Page(request, After, f"connectors:{principal}")
    await caught_up(gateway.access)
    rows = await connectors.connectors_of(gateway.runtime.database, shop_id, creator_id, page.values)
    await open_names(gateway.runtime.store, rows)
    return msgspec.convert(page.answer("connectors", rows), shapes.Connectors)


async def assign_connector_role(gateway: Gateway, request: NativeRequest) -> shapes.ConnectorRole:
    """Let a connector act on an account of the shop, or the creator, that it is of."""
    connector_id, account_id = path_id(request, "connector_id"), path_id(request, "account_id")
    found = await rights.connector_for(gateway.runtime, request.caller, connector_id, "AssignConnectorRole")
    account = (await gateway.runtime.store.load(ACCOUNT, account_id)).state
    belongs = account.account_id is not None and (
        account.shop_id == found.shop_id if account.shop_id else account.creator_id == found.creator_id
    )
    about = {"connector_id": connector_id, "account_id": account_id}
    command = rules.AssignConnectorRole(belongs=belongs, now=gateway.clock(), **about)
    position = await _changed(gateway, request, rules.assign_connector_role, command)
    return shapes.ConnectorRole(connector_id, account_id, True, position)


async def revoke_connector_role(gateway: Gateway, request: NativeRequest) -> shapes.ConnectorRole:
    """Let a connector act on an account no more: at once."""
    connector_id, account_id = path_id(request, "connector_id"), path_id(request, "account_id")
    await rights.connector_for(gateway.runtime, request.caller, connector_id, "RevokeConnectorRole")
    command = rules.RevokeConnectorRole(connector_id=connector_id, account_id=account_id, now=gateway.clock())
    position = await _changed(gateway, request, rules.revoke_connector_role, command)
    return shapes.ConnectorRole(connector_id, account_id, False, position)


async def rotate_connector_credential(gateway: Gateway, request: NativeRequest) -> shapes.ConnectorCredential:
    """Make a credential for a connector, its first one or another in place of the one before, which is refused from now
    on. It is shown this once; Showfloor keeps its digest. An answer that was lost is made up for by asking again."""
    connector_id = path_id(request, "connector_id")
    await rights.connector_for(gateway.runtime, request.caller, connector_id, "RotateConnectorCredential")
    credential = new_credential()
    command = rules.RotateConnectorCredential(
        connector_id=connector_id, digest=digest(credential).hex(), now=gateway.clock()
    )
    meta = msgspec.structs.replace(request.meta, request_id=new_name())  # no request is this one again
    rule, runtime = rules.rotate_connector_credential, gateway.runtime
    position = await change(runtime, CONNECTOR, connector_id, rule, command, meta)
    return shapes.ConnectorCredential(connector_id, credential, position)


async def delete_connector(gateway: Gateway, request: NativeRequest) -> shapes.ConnectorDeleted:
    """Remove a connector: its credential is refused from now on. What it reported stays."""
    connector_id = path_id(request, "connector_id")
    await rights.connector_for(gateway.runtime, request.caller, connector_id, "DeleteConnector")
    command = rules.DeleteConnector(connector_id=connector_id, now=gateway.clock())
    position = await _changed(gateway, request, rules.delete_connector, command)
    await gateway.runtime.sealing.destroy(scope=str(connector_id))
    return shapes.ConnectorDeleted(connector_id, position)


async def _principal(
    gateway: Gateway, request: NativeRequest, shop_id: UUID | None, creator_id: UUID | None, action: str
) -> UUID:
    """Return the shop or the creator that is named if the caller may do this to it."""
    if shop_id is not None and creator_id is None:
        await rights.shop_for(gateway.runtime, request.caller, shop_id, action)
        return shop_id
    if creator_id is not None and shop_id is None:
        await rights.creator_for(gateway.runtime, request.caller, creator_id, action)
        return creator_id
    raise invalid("shop_id", "or creator_id must be given, one of the two")


async def _changed(gateway: Gateway, request: NativeRequest, rule: Any, command: Any) -> int:
    return await change(gateway.runtime, CONNECTOR, command.connector_id, rule, command, request.meta)
