"""A grant: a user or a partner outside an account may look into it, or moderate it, for a time.

A partner must be bound to the shop or creator that the account belongs to. A grant ends when it is revoked, when its
time is over, and with the partner's binding.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event

Scope = Literal["read", "moderate"]
SCOPES: tuple[Scope, ...] = ("read", "moderate")


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


GRANT: Decider[Grant] = Decider(
    name="grant", state_type=Grant, initial=Grant, evolve=evolve, events=(GrantGiven, GrantRevoked)
)
