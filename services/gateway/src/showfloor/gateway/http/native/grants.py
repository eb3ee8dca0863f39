"""Native routes of grants."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.access.actor import follower
from showfloor.api.common.v1 import grant_service_pb2 as pb
from showfloor.gateway.directory.domain import grant, grant_rules
from showfloor.gateway.directory.domain.account import Account
from showfloor.gateway.directory.domain.binding import BINDING, id_of
from showfloor.gateway.directory.edges import grants
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import grant_shapes as shapes
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.fields import path_id
from showfloor.gateway.http.native.lists import caught_up
from showfloor.gateway.http.native.pages import Page
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks


class After(msgspec.Struct, frozen=True):
    """The last grant of a page."""

    given_time: datetime
    grant_id: UUID


class AfterUse(msgspec.Struct, frozen=True):
    """The last use of a page."""

    first_time: datetime
    use_id: UUID


async def give_grant(gateway: Gateway, request: NativeRequest) -> shapes.Grant:
    """Let a user, or the people of a partner that is bound to the account's shop or creator, look into an account
    (read), or also moderate its comments (moderate), for at most 90 days. Whether there is such a user is not told."""
    account_id, body = path_id(request, "account_id"), request.body
    found = await rights.account_for(gateway.runtime, request.caller, account_id, "GiveGrant")
    if (body.user_id is None) == (body.partner_id is None):
        raise invalid("user_id", "or partner_id must be given, one of the two")
    by = request.caller.user_id
    assert by is not None, "the policy permits users alone"
    now, until = gateway.clock(), checks.moment("until_time", body.until_time)
    command = grant_rules.GiveGrant(
        grant_id=derive_id(account_id, "grant", request.key),
        account_id=account_id,
        user_id=body.user_id,
        partner_id=body.partner_id,
        scope=body.scope,
        until=until,
        given_by=by,
        bound=body.partner_id is not None and await _bound(gateway, body.partner_id, found),
        now=now,
    )
    position = await change(
        gateway.runtime, grant.GRANT, command.grant_id, grant_rules.give_grant, command, request.meta
    )
    about = command.grant_id, account_id, command.scope, "active", until, now, by
    return shapes.Grant(*about, user_id=body.user_id, partner_id=body.partner_id, position=position)


async def list_grants(gateway: Gateway, request: NativeRequest) -> shapes.Grants:
    """The grants of an account, the newest first, also those that have ended."""
    account_id = path_id(request, "account_id")
    await rights.account_for(gateway.runtime, request.caller, account_id, "ListGrants")
    page = Page(request, After, f"grants:{account_id}")
    await caught_up(gateway.access)
    rows = await grants.grants_of(gateway.runtime.database, account_id, page.values)
    now = gateway.clock()
    return msgspec.convert(page.answer("grants", rows, lambda row: _shown(row, now)), shapes.Grants)


async def revoke_grant(gateway: Gateway, request: NativeRequest) -> shapes.GrantRevoked:
    """Take a grant back: it gives nothing any more, at once."""
    grant_id = path_id(request, "grant_id")
    found = await rights.grant_for(gateway.runtime, request.caller, grant_id, "RevokeGrant")
    assert found.account_id is not None
    command = grant_rules.RevokeGrant(grant_id=grant_id, account_id=found.account_id, now=gateway.clock())
    position = await change(gateway.runtime, grant.GRANT, grant_id, grant_rules.revoke_grant, command, request.meta)
    return shapes.GrantRevoked(grant_id, "revoked", position)


async def list_grant_uses(gateway: Gateway, request: NativeRequest) -> shapes.GrantUses:
    """What was done by a grant, the newest first: calls that only the grant allowed. Those of one minute that are alike
    are one row. A change is logged before it is done, what only reads within a second."""
    grant_id = path_id(request, "grant_id")
    await rights.grant_for(gateway.runtime, request.caller, grant_id, "ListGrantUses")
    page = Page(request, AfterUse, f"uses:{grant_id}")
    before = (page.after.first_time, page.after.use_id) if page.after else (None, None)
    here = await gateway.uses.page(grant_id, page.size + 1, *before)
    rows = [{**row, "service": "gateway", "first_time": row["first_at"], "last_time": row["last_at"]} for row in here]
    rows += await _elsewhere(gateway, grant_id, page)
    rows.sort(key=lambda row: (row["first_time"], row["use_id"]), reverse=True)
    return msgspec.convert(page.answer("uses", rows, _use_shown), shapes.GrantUses)


async def _elsewhere(gateway: Gateway, grant_id: UUID, page: Page[AfterUse]) -> list[dict[str, Any]]:
    """Return what the other services have logged, each so many rows."""
    ask = pb.ReadGrantUsesRequest(grant_id=str(grant_id), page_size=page.size + 1)
    if page.after is not None:
        ask.before_time.FromDatetime(page.after.first_time)
        ask.before_use_id = str(page.after.use_id)
    service, token = pb.DESCRIPTOR.services_by_name["GrantService"], gateway.callers.internal_token(follower("gateway"))
    answers = await gateway.clients.ask_each(service, "ReadGrantUses", ask, token)
    return [
        {
            "service": name,
            "use_id": UUID(use.use_id),
            "subject": use.subject,
            "action": use.action,
            "thing": use.thing,
            "first_time": use.first_time.ToDatetime(UTC),
            "last_time": use.last_time.ToDatetime(UTC),
            "calls": use.calls,
        }
        for name, answer in answers.items()
        for use in answer.uses
    ]


def _use_shown(row: dict[str, Any]) -> dict[str, Any]:
    times = {name: row[name].astimezone(UTC) for name in ("first_time", "last_time")}
    return {**row, **times, "user_id": row["subject"].removeprefix("user:")}


async def _bound(gateway: Gateway, partner_id: UUID, account: Account) -> bool:
    """Tell whether a partner is bound to the side that an account belongs to."""
    side = {"shop_id": account.shop_id} if account.shop_id else {"creator_id": account.creator_id}
    found = await gateway.runtime.store.load(BINDING, id_of(partner_id=partner_id, **side))
    return found.state.status == "active"


def _shown(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    ended = {"revoked": "revoked", "binding": "unbound"}.get(row["ended_by"] or "")
    times = {name: row[name].astimezone(UTC) for name in ("until_time", "given_time", "end_time") if row[name]}
    return {**row, "end_time": None, **times, "state": ended or ("active" if now < row["until_time"] else "over")}
