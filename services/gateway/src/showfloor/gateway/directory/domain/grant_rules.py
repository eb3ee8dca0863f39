"""Which grants may be given, for how long, and when one is revoked."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.grant import Grant, GrantGiven, GrantRevoked, Scope
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.kernel.refusal import invalid

MAX_DAYS = 90


class GiveGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Let a user or a partner look into an account, or moderate it, until then.

    `bound`: the partner is bound to the shop or creator whose account it is.
    """

    grant_id: UUID
    account_id: UUID
    user_id: UUID | None = None
    partner_id: UUID | None = None
    scope: Scope
    until: datetime
    given_by: UUID
    bound: Aside[bool] = False
    now: Aside[datetime]


class RevokeGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Take a grant back."""

    grant_id: UUID
    account_id: UUID
    now: Aside[datetime]


def give_grant(state: Grant, command: GiveGrant) -> list[Event]:
    """Give a grant once, to somebody else: it outlasts the role of who gives it. Raises INVALID_FIELD, GRANT_PERIOD,
    PARTNER_NOT_BOUND."""
    if state.grant_id is not None:
        return []
    if command.user_id == command.given_by:
        raise invalid("user_id", "must be another user's: what you may do here you may do without a grant")
    if not command.now < command.until <= command.now + timedelta(days=MAX_DAYS):
        raise refusals.grant_period(MAX_DAYS)
    if command.partner_id is not None and not command.bound:
        raise refusals.partner_not_bound(command.partner_id)
    given = GrantGiven(
        at=command.now,
        grant_id=command.grant_id,
        account_id=command.account_id,
        user_id=command.user_id,
        partner_id=command.partner_id,
        scope=command.scope,
        until=command.until,
        given_by=command.given_by,
    )
    return [given]


def revoke_grant(state: Grant, command: RevokeGrant) -> list[Event]:
    """Take a grant back, at once. Raises GRANT_NOT_FOUND."""
    if state.grant_id is None:
        raise refusals.not_found("grant")
    if state.revoked:
        return []
    return [GrantRevoked(at=command.now, grant_id=command.grant_id, account_id=command.account_id)]
