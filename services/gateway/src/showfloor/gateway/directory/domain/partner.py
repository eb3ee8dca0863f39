"""A partner: an agency that works for shops and creators, and has people with roles."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain.people import People, joined, left
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event

ROLES = ("owner", "staff")


class PartnerCreated(Event, frozen=True, kw_only=True):
    """An agency was created in the directory."""

    TOPIC: ClassVar[str] = "partner.created"

    partner_id: UUID
    name: str


class PartnerRoleAssigned(Event, frozen=True, kw_only=True):
    """A user is from now on owner or staff of the partner, and nothing else there."""

    TOPIC: ClassVar[str] = "partner.role_assigned"

    partner_id: UUID
    user_id: UUID
    role: str


class PartnerRoleRevoked(Event, frozen=True, kw_only=True):
    """A user does not work for the partner any more."""

    TOPIC: ClassVar[str] = "partner.role_revoked"

    partner_id: UUID
    user_id: UUID


class Partner(msgspec.Struct, frozen=True):
    """The state of a partner; no `partner_id`: there is none."""

    partner_id: UUID | None = None
    name: str = ""
    people: People = {}


def evolve(state: Partner, event: Event) -> Partner:
    """Return the partner after the event."""
    if isinstance(event, PartnerCreated):
        return Partner(event.partner_id, event.name)
    if isinstance(event, PartnerRoleAssigned):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, PartnerRoleRevoked)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


PARTNER: Decider[Partner] = Decider(
    name="partner",
    state_type=Partner,
    initial=Partner,
    evolve=evolve,
    events=(PartnerCreated, PartnerRoleAssigned, PartnerRoleRevoked),
)
