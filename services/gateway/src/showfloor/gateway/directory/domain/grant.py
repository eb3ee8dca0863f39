"""A grant: somebody who does not belong to an account may look into it, or moderate it, for a time.

It is given to a user, or to a partner that is bound to the shop or creator whose account it is. It ends when it is
revoked, when its time is over, and with the partner's binding.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.kernel.command import Aside
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event

Scope = Literal["read", "moderate"]
SCOPES: tuple[Scope, ...] = ("read", "moderate")
MAX_DAYS = 90


class GrantGiven(Event, frozen=True, kw_only=True):
    """A user or a partner may look into an account, or moderate it, until then."""

    TOPIC: ClassVar[str] = "grant.given"

    grant_id: UUID
    account_id: UUID
    user_id: UUID | None = None  # either a user
    partner_id: UUID | None = None  # or the people of a partner
    scope: Scope
    until: datetime
    given_by: UUID


class GrantRevoked(Event, frozen=True, kw_only=True):
    """A grant was taken back: it gives nothing any more."""

    TOPIC: ClassVar[str] = "grant.revoked"

    grant_id: UUID
    account_id: UUID


class GiveGrant(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be given. `bound`: a partner is bound to the shop or creator whose account it is."""

    grant_id: UUID
    account_id: UUID
    user_id: UUID | None = None
    partner_id: UUID | None = None
    scope: Scope
    until: datetime
    given_by: UUID
    bound: Aside[bool] = False
    now: Aside[datetime]


class Grant(msgspec.Struct, frozen=True):
    """The state of a grant; no `grant_id`: there is none."""

    grant_id: UUID | None = None
    account_id: UUID | None = None
    revoked: bool = False


def evolve(state: Grant, event: Event) -> Grant:
    """Return the grant after the event."""
    if isinstance(event, GrantGiven):
        return Grant(event.grant_id, event.account_id)
    assert isinstance(event, GrantRevoked)
    return msgspec.structs.replace(state, revoked=True)


def give_grant(state: Grant, asked: GiveGrant) -> list[Event]:
    """Give a grant once. Raises GRANT_PERIOD, PARTNER_NOT_BOUND."""
    if state.grant_id is not None:
        return []
    if not asked.now < asked.until <= asked.now + timedelta(days=MAX_DAYS):
        raise refusals.grant_period(MAX_DAYS)
    if asked.partner_id is not None and not asked.bound:
        raise refusals.partner_not_bound(asked.partner_id)
    given = GrantGiven(
        at=asked.now,
        grant_id=asked.grant_id,
        account_id=asked.account_id,
        user_id=asked.user_id,
        partner_id=asked.partner_id,
        scope=asked.scope,
        until=asked.until,
        given_by=asked.given_by,
    )
    return [given]


def revoke_grant(state: Grant, asked: GrantRevoked) -> list[Event]:
    """Take a grant back, at once. Raises GRANT_NOT_FOUND."""
    if state.grant_id is None:
        raise refusals.not_found("grant")
    return [] if state.revoked else [asked]


GRANT: Decider[Grant] = Decider(
    name="grant", state_type=Grant, initial=Grant, evolve=evolve, events=(GrantGiven, GrantRevoked)
)
